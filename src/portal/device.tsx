/**
 * The page on which a technician signs a machine in by the code that it shows, refuses it, or signs it out again. A code is typed, never
 * taken from an address, and nothing happens by opening a link: whoever sends somebody a code has to make them do all of it.
 */
import { isCommandLineOver, readUserCode } from '../core/command-line.ts';
import type { Text } from '../core/model.ts';
import type { Asking, DeviceCodes, Guesser } from './command-line/device-codes.ts';
import { DeviceDonePage, DevicePage, MachinePage } from './pages/device.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.commandLine;

/** GET `/device`. */
export function showDevice(visit: Visit, frame: Framer): Promise<void> {
  return sendDevice(visit, frame);
}

/** POST `/device`: field `code`; shows which machine it is of. */
export async function checkDevice(visit: Visit, frame: Framer, codes: DeviceCodes): Promise<void> {
  const code = readUserCode(field(visit.req.body, 'code'));
  const found = codes.look(code, guesserOf(visit), visit.deps.clock.monotonic());
  if (found === 'too_many') throw tooMany();
  if (found === 'unknown') return sendWrong(visit, frame);
  sendMachine(visit, frame, found);
}

/** POST `/device/confirm`: fields `code answer own`. The first answer counts, from whichever tab or person. */
export async function confirmDevice(visit: Visit, frame: Framer, codes: DeviceCodes): Promise<void> {
  const { req, deps } = visit;
  const code = readUserCode(field(req.body, 'code'));
  const yes = field(req.body, 'answer') === 'yes';
  const now = deps.clock.monotonic();
  if (yes && field(req.body, 'own') === '') {
    const found = codes.look(code, guesserOf(visit), now);
    if (found === 'too_many') throw tooMany();
    if (found === 'unknown') return sendWrong(visit, frame);
    return sendMachine(visit, frame, found, words.ownMissing);
  }
  const login = visit.signedIn.login.id;
  const found = codes.settle(code, yes ? login : undefined, guesserOf(visit), now);
  if (found === 'too_many') throw tooMany();
  if (found === 'unknown') return sendWrong(visit, frame);
  deps.log.info('command_line_answered', { login, outcome: yes ? 'confirmed' : 'refused' });
  const page = { frame: frame(visit, { self: '/device' }), name: found.name, yes };
  sendPage(visit.res, <DeviceDonePage {...page} />);
}

/** POST `/device/end`: field `session`; one of this sign-in's. */
export async function endDevice(visit: Visit): Promise<void> {
  const mine = await visit.deps.archive.commandLines(visit.signedIn.login.id);
  const found = mine.find(({ hash }) => hash === field(visit.req.body, 'session'));
  if (found !== undefined) await visit.deps.authority.endCommandLine(found.hash);
  visit.res.redirect(303, '/device');
}

async function sendDevice(visit: Visit, frame: Framer, wrong?: Text): Promise<void> {
  const { login } = visit.signedIn;
  const all = await visit.deps.archive.commandLines(login.id);
  const page = {
    frame: frame(visit, { self: '/device' }),
    csrf: visit.deps.csrf.token(visit.req),
    code: wrong === undefined ? '' : field(visit.req.body, 'code').slice(0, 20),
    errors: new Map(wrong === undefined ? [] : [['code', visit.say(wrong)] as const]),
    machines: all.filter((one) => !isCommandLineOver(one, login, visit.now)),
  };
  sendPage(visit.res, <DevicePage {...page} />, wrong === undefined ? 200 : 422);
}

/** Few lines for the operator: whoever types many wrong codes is not asked for more. */
function sendWrong(visit: Visit, frame: Framer): Promise<void> {
  visit.deps.log.info('command_line_code_wrong', { login: visit.signedIn.login.id });
  return sendDevice(visit, frame, words.unknown);
}

function sendMachine(visit: Visit, frame: Framer, machine: Asking, wrong?: Text): void {
  const page = {
    frame: frame(visit, { self: '/device' }),
    csrf: visit.deps.csrf.token(visit.req),
    machine,
    here: guesserOf(visit).address,
    errors: new Map(wrong === undefined ? [] : [['own', visit.say(wrong)] as const]),
  };
  sendPage(visit.res, <MachinePage {...page} />, wrong === undefined ? 200 : 422);
}

function guesserOf(visit: Visit): Guesser {
  return { person: technicianOf(visit).id, address: visit.deps.address?.(visit.req) ?? '' };
}

function tooMany(): Refusal {
  return new Refusal(429, 'too_many_guesses', words.tooMany, words.tooManyNext);
}
