/**
 * `/api/v1/robots`: a robot opens an access by a token of its identity provider, gets the one credential with which it works,
 * and closes it with a line on what came of it. Judged and recorded as any declaration; what is refused to a robot that
 * proved itself stands in the client's log.
 */
import express, { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import type { RunOutcome } from '../core/commands.ts';
import type { Client, Snapshot, Text } from '../core/model.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import { isProvisional } from '../core/references.ts';
import { printRuns } from '../core/robot-runs.ts';
import { type RobotPerson, robotName, runsAt } from '../core/robots.ts';
import { toolHash, toolSecret } from '../core/tool.ts';
import { type Arrival, systemsOf } from './arrival.ts';
import { checkDeclared, isPlain, longest, type Wish } from './declaration.ts';
import type { PortalDeps, RobotsPort } from './deps.ts';
import { rfc3339 } from './formats.ts';
import { refusedDeclaration } from './lines.ts';
import { Rates } from './rate.ts';
import { recordOpening } from './record-opening.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

const words = texts.robots;

const openBody = z.strictObject({
  systems: z.array(z.string().max(130)).min(1).max(50),
  purpose: z.string().max(63),
  reference: z.string().max(longest.reference).default(''),
  note: z.string().max(longest.note).default(''),
  minutes: z.int().min(1).max(longest.minutes),
});
type Wanted = z.infer<typeof openBody>;

const closeBody = z.strictObject({
  result: z.enum(['done', 'failed']),
  said: z.string().max(200).default(''),
});

/** The routes below `/api/v1/robots`. */
export function createRobots(deps: PortalDeps, robots: RobotsPort): Router {
  const routes = Router();
  const json = express.json({ limit: '16kb', strict: true, type: 'application/json' });
  const strangers = new Rates({ burst: 60, perSecond: 1 });
  const perRobot = new Rates({ burst: 30, perSecond: 0.5 });
  const slow = (res: Response): Refusal => {
    res.set('retry-after', '10');
    return new Refusal(429, 'too_many_requests', texts.api.tooFast, texts.api.tooFastNext);
  };
  routes.post('/open', json, async (req, res) => {
    const wanted = bodyOf(openBody, req);
    if (!strangers.take(deps.address?.(req) ?? '', deps.clock.monotonic())) throw slow(res);
    const proved = await robots.prove(bearerIn(req));
    if ('refused' in proved) {
      deps.log.warn('robot_refused', { code: proved.refused });
      res.set('www-authenticate', 'Bearer realm="robots", error="invalid_token"');
      throw new Refusal(401, proved.refused, ...words.token[proved.refused]);
    }
    const { person, login } = proved;
    if (!perRobot.take(person.id, deps.clock.monotonic())) throw slow(res);
    const run = {
      ...{ deps, req, snapshot: deps.policies.current(), now: deps.clock.now() },
      ...{ person, login: login.id, at: login.authTime },
    };
    res
      .status(201)
      .set('cache-control', 'no-store')
      .json(await open(run, wanted));
  });
  routes.post('/close', json, async (req, res) => {
    const outcome = bodyOf(closeBody, req);
    if (!isPlain(outcome.said, false)) throw new Refusal(422, 'bad_request', words.body, words.bodyNext);
    if (!strangers.take(deps.address?.(req) ?? '', deps.clock.monotonic())) throw slow(res);
    res.set('cache-control', 'no-store').json(await close(deps, req, outcome));
  });
  return routes;
}

interface Run {
  readonly deps: PortalDeps;
  readonly req: Request;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly person: RobotPerson;
  readonly login: string;
  /** When its token was made, epoch milliseconds. */
  readonly at: number;
}

function bodyOf<S extends z.ZodType>(schema: S, req: Request): z.infer<S> {
  if (!req.is('application/json')) throw new Refusal(415, 'not_json', words.body, words.bodyNext);
  const read = schema.safeParse(req.body);
  if (!read.success) throw new Refusal(422, 'bad_request', words.body, words.bodyNext);
  return read.data;
}

function bearerIn(req: Request): string {
  return /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
}

async function open(run: Run, wanted: Wanted): Promise<object> {
  const { deps, req, person, now } = run;
  const arrival = await arrivalOf(run, wanted.systems);
  const wish = wishOf(run, arrival, wanted);
  const secret = toolSecret(deps.random(32));
  const runs = printRuns(runsAt(person.robot, now));
  const outcome = await recordOpening(
    {
      ...{ deps, snapshot: run.snapshot, now, arrival, wish },
      declarer: {
        ...{ person, login: run.login },
        authentication: { acr: undefined, amr: [person.robot.proof], at: run.at },
      },
      origin: { address: deps.address?.(req), agent: req.headers['user-agent'] },
      // What its own agreements say comes before what those of others do.
      serving: (grants) => {
        const naming = grants.filter(({ people }) => people.includes(robotName(person.id)));
        return naming.length > 0 ? naming : grants;
      },
      // What instructions ask holds for it all the same; it confirms nothing. Its reference is that of its run, and no ticket.
      acknowledged: () => true,
      check: async () => ({ check: undefined }),
      beside: () => ({
        fields: { robot: person.id, ...(runs === '' ? {} : { runs }) },
        tool: toolHash(secret),
      }),
    },
    await deps.authority.client(arrival.client.id),
  );
  if ('opened' in outcome) return told(deps, arrival.client, outcome.opened, secret);
  if ('unchosen' in outcome) {
    const { unchosen } = outcome;
    if ('split' in unchosen) throw new Refusal(422, 'declaration_incomplete', words.wrong, words.split);
    const { system, criteria } = unchosen;
    throw await refused(run, { ...arrival, system }, unchosen.refused, criteria);
  }
  if ('spent' in outcome) throw await refused(run, arrival, 'budget_spent', ['limits']);
  if ('refused' in outcome) throw await refused(run, arrival, outcome.refused, ['references']);
  throw new Refusal(409, 'rights_moved', words.wrong, words.moved);
}

function told(
  { portalUrl }: PortalDeps,
  client: Client,
  opening: { readonly id: string; readonly systems: readonly string[]; readonly endsAt: number },
  secret: string,
): object {
  const systems = opening.systems.flatMap((id) => {
    const system = client.systems.get(id);
    return system === undefined ? [] : [{ id: `${client.id}/${id}`, url: system.publicOrigin }];
  });
  return {
    opening: opening.id,
    systems,
    ends: rfc3339(opening.endsAt),
    credential: secret,
    links: { close: new URL('/api/v1/robots/close', portalUrl).href },
  };
}

/** Systems of one client, all of them served here and assigned to the robot. */
async function arrivalOf(run: Run, names: readonly string[]): Promise<Arrival> {
  const { snapshot, person } = run;
  const parts = names.map((name) => name.split('/'));
  const [[clientId = ''] = []] = parts;
  if (parts.some(([client, system, ...more]) => client !== clientId || !system || more.length > 0))
    throw new Refusal(422, 'bad_request', words.oneClient, words.oneClientNext);
  const client = snapshot.clients.get(clientId);
  const systems = parts.map(([, id = '']) => client?.systems.get(id));
  const [system] = systems;
  if (client === undefined || system === undefined || systems.includes(undefined))
    throw new Refusal(
      404,
      'unknown_system',
      texts.technician.unknownSystemTitle,
      texts.technician.unknownSystemNext,
    );
  const mine = systemsOf(client, person, run.now);
  const arrival = { client, system, mine, back: undefined, place: undefined };
  const other = systems.find((one) => one !== undefined && !mine.includes(one));
  if (other !== undefined)
    throw await refused(run, { ...arrival, system: other }, 'not_assigned', ['assignment']);
  return arrival;
}

function wishOf({ snapshot }: Run, arrival: Arrival, wanted: Wanted): Wish {
  const { purpose, reference, note } = wanted;
  const systems = wanted.systems.map((name) => name.slice(arrival.client.id.length + 1));
  const declared = { systems, purpose, reference: reference.trim(), note: note.trim() };
  if (isProvisional(declared.reference))
    throw new Refusal(422, 'declaration_incomplete', words.wrong, words.provisional);
  const more = { minutes: String(wanted.minutes), call: false, emergency: false };
  const wish = checkDeclared({ ...declared, ...more }, arrival, snapshot);
  if ('purpose' in wish) return wish;
  const [first] = wish.values();
  throw new Refusal(422, 'declaration_incomplete', words.wrong, first ?? words.bodyNext);
}

/** What a robot is refused is recorded first: one line each, because each took a token of its own. */
async function refused(
  { deps, snapshot, person }: Run,
  { client, system }: Pick<Arrival, 'client' | 'system'>,
  reason: Reason,
  criteria: readonly string[],
): Promise<Refusal> {
  const id = deps.random(16).toString('base64url');
  const draft = refusedDeclaration({
    ...{ id, client, system, person, employer: snapshot.organisation, reason, criteria },
  });
  await deps.authority.run({ do: 'append', draft });
  const { status, title, next }: { status: number; title: Text; next: Text } = reasonAnswers[reason];
  return new Refusal(status, reason, title, next);
}

/** Ends the access of the credential that is shown, if it is a robot's. Said twice it is done once. */
async function close(deps: PortalDeps, req: Request, outcome: RunOutcome): Promise<object> {
  const found = await deps.authority.tool(toolHash(bearerIn(req)));
  const person = found && deps.policies.current().people.get(found.opening.person);
  if (found === undefined || person?.robot === undefined)
    throw new Refusal(401, 'tool_unknown', words.credential, words.credentialNext);
  const { client, id: opening } = found.opening;
  if (!found.live) return { opening, closed: false };
  const ended = await deps.authority.end({ client, opening }, 'robot', undefined, outcome);
  return { opening, closed: true, recorded: ended.recorded };
}
