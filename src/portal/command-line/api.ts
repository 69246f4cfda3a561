/**
 * `/api/command-line`: for `consentry login`, `open`, `close` and `curl`. A token in `Authorization: Bearer` and nothing else says who
 * calls; cookies are not looked at, so no other site can make a browser call. Each call is judged anew: the session, its
 * sign-in, the person, and what they must be free to do on the pages.
 */
import express, { type Request, type Response, Router } from 'express';
import {
  type CommandLine,
  commandLineLife,
  commandLineToken,
  isCommandLineOver,
  isMachineName,
  printUserCode,
  readCommandLineToken,
  secretHash,
} from '../../core/command-line.ts';
import { network } from '../../core/networks.ts';
import type { PortalDeps } from '../deps.ts';
import { rfc3339 } from '../formats.ts';
import type { PortalMemory } from '../memory.ts';
import { Rates } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { may, roleOf } from '../roles.ts';
import { waitsForNotice } from '../staff-notice-gate.ts';
import { texts } from '../texts.ts';
import { field, languageOf } from '../visit.ts';
import { type CommandLineAct, type CommandLineActName, commandLineActs } from './acts.ts';
import type { CommandLineCall } from './call.ts';
import { type DeviceCodes, type PollRefusal, pollInterval } from './device-codes.ts';
import { closeAccess, extendAccess, listAccesses, openAccess } from './openings.ts';

const words = texts.commandLine;
const usedPause = 60_000;
const mostRemembered = 1_000;

type Signed = Exclude<CommandLineActName, 'device' | 'token'>;

const calls: { readonly [N in Signed]: (call: CommandLineCall) => Promise<object> } = {
  session: async (call) => sessionJson(call),
  async end({ deps, session }) {
    const { ended, openings } = await deps.authority.endCommandLine(session.hash);
    return { ended, closed: openings.length };
  },
  openings: listAccesses,
  open: openAccess,
  extend: extendAccess,
  close: closeAccess,
};

/** The routes below `/api/command-line`. */
export function createCommandLineApi(deps: PortalDeps, codes: DeviceCodes): Router {
  const routes = Router();
  const json = express.json({ limit: '16kb', strict: true, type: 'application/json' });
  const strangers = new Rates({ burst: 60, perSecond: 1 });
  const perSession = new Rates({ burst: 60, perSecond: 2 });
  const memories = new Map<string, PortalMemory>();
  const takeStranger = (req: Request, res: Response): void => {
    if (!strangers.take(network(deps.address?.(req) ?? ''), deps.clock.monotonic())) throw tooFast(res);
  };
  routes.post(commandLineActs.device.path, json, (req, res) => {
    takeStranger(req, res);
    send(res, beginDevice(deps, codes, req, res));
  });
  routes.post(commandLineActs.token.path, json, async (req, res) => {
    send(res, await fetchToken(deps, codes, req, () => takeStranger(req, res)));
  });
  for (const name of Object.keys(calls) as Signed[]) {
    const act: CommandLineAct = commandLineActs[name];
    routes[act.method](act.path, json, async (req, res) => {
      const session = await sessionOf(deps, req, res, () => takeStranger(req, res));
      if (!perSession.take(session.hash, deps.clock.monotonic())) throw tooFast(res);
      const memory = memories.get(session.hash) ?? {};
      memories.delete(session.hash);
      memories.set(session.hash, memory);
      const [oldest = ''] = memories.keys();
      if (memories.size > mostRemembered) memories.delete(oldest);
      send(res, await calls[name](await callOf(deps, req, res, act, session, memory)));
    });
  }
  routes.use(() => {
    throw new Refusal(404, 'not_found', texts.api.missing, texts.api.missingNext);
  });
  return routes;
}

function send(res: Response, answer: object): void {
  res.set('cache-control', 'no-store').json(answer);
}

function tooFast(res: Response): Refusal {
  res.set('retry-after', '5');
  return new Refusal(429, 'too_many_requests', texts.api.tooFast, texts.api.tooFastNext);
}

/** POST `/device`: `{ name }`, what the machine calls itself. */
function beginDevice(deps: PortalDeps, codes: DeviceCodes, req: Request, res: Response): object {
  const name = field(req.body, 'name').trim();
  if (!isMachineName(name)) throw new Refusal(422, 'bad_request', texts.api.badBody, texts.api.badBodyNext);
  const asking = { name, address: deps.address?.(req) ?? '', askedAt: deps.clock.now() };
  const begun = codes.begin(asking, deps.random, deps.clock.monotonic());
  if (begun === undefined) throw tooFast(res);
  return {
    device_code: begun.deviceCode,
    user_code: printUserCode(begun.userCode),
    verification_uri: new URL('/device', deps.portalUrl).href,
    expires_in: commandLineLife.code / 1_000,
    interval: pollInterval,
  };
}

/** POST `/token`: `{ device_code }`. The secret of the session is on this answer and nowhere else. */
async function fetchToken(
  deps: PortalDeps,
  codes: DeviceCodes,
  req: Request,
  takeStranger: () => void,
): Promise<object> {
  const found = codes.poll(field(req.body, 'device_code'), deps.clock.monotonic());
  if (found === 'expired_token') takeStranger();
  if (typeof found === 'string') throw notYet(found);
  const { login, name, address } = found;
  const token = commandLineToken(deps.random(32));
  const session = { hash: secretHash(token), login, name, address };
  const signedIn = await deps.signIn.behind(login);
  if (signedIn === undefined || signedIn.who.kind !== 'technician') throw notYet('access_denied');
  const answer = await deps.authority.run({ do: 'command-line', session });
  if ('refused' in answer) throw notYet('access_denied');
  deps.log.info('command_line_signed_in', { login });
  return { access_token: token, token_type: 'Bearer', person: signedIn.who.person.name };
}

/** RFC 8628, section 3.5, said as everything else here. */
function notYet(code: PollRefusal): Refusal {
  return new Refusal(400, code, words.polls[code], words.pollsNext[code]);
}

/** The session of the token that the call carries; 401 for everything else. */
async function sessionOf(
  deps: PortalDeps,
  req: Request,
  res: Response,
  takeStranger: () => void,
): Promise<CommandLine> {
  const token = readCommandLineToken(req.headers.authorization);
  const found = token === undefined ? undefined : await deps.archive.commandLine(secretHash(token));
  if (found !== undefined) return found;
  takeStranger();
  throw signedOut(res);
}

function signedOut(res: Response): Refusal {
  res.set('www-authenticate', 'Bearer realm="command line"');
  return new Refusal(401, 'signed_out', words.signedOut, words.signedOutNext);
}

async function callOf(
  deps: PortalDeps,
  req: Request,
  res: Response,
  act: CommandLineAct,
  session: CommandLine,
  memory: PortalMemory,
): Promise<CommandLineCall> {
  const { as } = act;
  const now = deps.clock.now();
  const signedIn = await deps.signIn.behind(session.login);
  // One whose time is over may still be ended: what it opened may be open.
  const isOver = signedIn !== undefined && isCommandLineOver(session, signedIn.login, now);
  if (signedIn === undefined || (isOver && act !== commandLineActs.end)) throw signedOut(res);
  const snapshot = deps.policies.current();
  const { who } = signedIn;
  if (who.kind !== 'technician' || as === undefined || !may(roleOf(who), as))
    throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
  if (waitsForNotice(deps, snapshot, who.person, as)) {
    const page = new URL('/staff-notice', deps.portalUrl).href;
    throw new Refusal(403, 'notice_unread', words.noticeUnread, words.noticeUnreadNext, { page });
  }
  if (Math.abs(now - session.usedAt) >= usedPause)
    await deps.authority.run({ do: 'command-line-used', hash: session.hash });
  return {
    ...{ deps, snapshot, now, signedIn, session, memory },
    language: languageOf(res),
    id: typeof req.params.id === 'string' ? req.params.id : '',
    body: req.body,
    origin: { address: deps.address?.(req), agent: req.headers['user-agent'] },
  };
}

function sessionJson({ session, signedIn }: CommandLineCall): object {
  const { idle, absolute } = commandLineLife;
  const { who, login } = signedIn;
  return {
    person: who.kind === 'technician' ? who.person.name : '',
    name: session.name,
    ends: rfc3339(Math.min(session.madeAt, login.startedAt) + absolute),
    idle_minutes: idle / 60_000,
  };
}
