/**
 * Contesting: somebody of the provider says that an agreement of a client, or an instruction under it, would break the law.
 * That suspends it; the thread that follows is a matter like others (matters.tsx), and only the client's representative ends it.
 */
import { type ContestAnswer, type ContestingRole, isContestOutcome, ownVersion } from '../core/contests.ts';
import type { Matter } from '../core/matters.ts';
import type { Client, Grant } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { nameTold } from '../core/pseudonyms.ts';
import { leastContent } from '../core/requests.ts';
import { systemsOf } from './arrival.ts';
import { agreementLine } from './declare-view.ts';
import { sentencesOf } from './instruction-form.ts';
import { keyOf, newKey } from './matter-keys.ts';
import { contestState } from './matter-tasks.ts';
import { type Choice, type ContestFacts, ContestFormPage, type ContestNote } from './pages/contests.tsx';
import { noteLook } from './provider-look.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { isSentence, readText } from './request-form.ts';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.contests;
/** What the form says for the agreement itself. */
const itself = 'agreement';

interface Form {
  readonly grant: string;
  readonly instruction: string;
  readonly ground: string;
  readonly errors: ReadonlyMap<string, string>;
}

/** GET `/contests/new?client=…&grant=…`. */
export async function showContestForm(visit: Visit, frame: Framer): Promise<void> {
  const { query } = visit.req;
  const chosen = field(query, 'client');
  const clients = clientsOf(visit);
  const client = chosen === '' && clients.length === 1 ? clients[0] : clients.find(({ id }) => id === chosen);
  if (chosen !== '' && client === undefined) throw unknownClient();
  const form = { grant: field(query, 'grant'), instruction: itself, ground: '', errors: new Map() };
  await sendForm(visit, frame, client, form);
}

async function sendForm(visit: Visit, frame: Framer, client: Client | undefined, form: Form): Promise<void> {
  const { say } = visit;
  // Whoever of the provider is assigned to nobody looks into a client here: that is recorded first.
  if (client !== undefined && visit.role !== 'technician') await noteLook(visit, client, 'matter');
  const inForce = client && (await visit.deps.authority.client(client.id));
  const grants = client && inForce ? contestable(visit, client, inForce) : [];
  const query = client === undefined ? '' : `?client=${client.id}`;
  sendPage(
    visit.res,
    <ContestFormPage
      frame={frame(visit, { self: `/contests/new${query}` })}
      csrf={visit.deps.csrf.token(visit.req)}
      own={visit.role === 'technician'}
      id={newKey(visit)}
      clients={clientsOf(visit).map(({ id, name }) => ({ id, label: name }))}
      client={client && { id: client.id, label: client.name }}
      grants={
        client === undefined
          ? []
          : grants.map((grant) => ({
              id: grant.id,
              label: `${agreementLine(visit, client, grant)}${grant.status === 'suspended' ? ` (${say(words.resting)})` : ''}`,
            }))
      }
      instructions={client && inForce ? instructionsOf(visit, client, inForce) : []}
      values={form}
      errors={form.errors}
    />,
    form.errors.size === 0 ? 200 : 422,
  );
}

/** POST `/contests`: fields `id client grant instruction ground`. Suspends the agreement and says why, in one. */
export async function contest(visit: Visit, frame: Framer): Promise<void> {
  const { req, deps, say } = visit;
  const id = keyOf(visit, 'id');
  const client = clientsOf(visit).find((one) => one.id === field(req.body, 'client'));
  if (client === undefined) throw unknownClient();
  const by = contesterOf(visit, client);
  const ground = readText(req.body, 'ground');
  const [grant, named] = [field(req.body, 'grant'), field(req.body, 'instruction')];
  const errors = new Map<string, string>();
  if (grant === '') errors.set('grant', say(words.errors.agreement));
  if (named === '') errors.set('instruction', say(words.errors.instruction));
  if (!isSentence(ground)) errors.set('ground', say(texts.matters.errors.content(leastContent)));
  if (errors.size > 0) return sendForm(visit, frame, client, { grant, instruction: named, ground, errors });
  const inForce = await deps.authority.client(client.id);
  const known = await deps.archive.matterAt(id);
  // The same form again: what it did is done, and an agreement that was resumed since stays so.
  if (known?.client === client.id) return visit.res.redirect(303, `/matters/${id}`);
  await mustBeContestable(visit, client, inForce, grant);
  if (named !== itself && !instructionsOf(visit, client, inForce).some((one) => one.id === named))
    throw refusedContest('instruction_unknown');
  const contested = { grant, instruction: named === itself ? '' : named };
  const answer = await deps.authority.run({
    do: 'contest',
    client: client.id,
    id,
    contested,
    by,
    text: ground,
  });
  if ('refused' in answer) throw refusedContest(answer.refused);
  // Nothing is permitted under it any more; the accesses are ended in words too.
  if ('receipt' in answer && answer.epoch !== undefined)
    await deps.authority.end({ client: client.id, grant }, 'suspended', { provider: by.provider });
  visit.res.redirect(303, `/matters/${'already' in answer ? answer.already : id}`);
}

/** The clients about whom somebody may contest: a technician those that they are assigned to. */
function clientsOf(visit: Visit): readonly Client[] {
  const { snapshot, now } = visit;
  const served = [...snapshot.clients.values()].filter(({ status }) => status !== 'ended');
  if (visit.role !== 'technician') return served;
  const person = technicianOf(visit);
  return served.filter((client) => systemsOf(client, person, now).length > 0);
}

/** Agreements that permit something, or would if they were resumed; for a technician those about their systems. */
function contestable(visit: Visit, client: Client, inForce: InForce): readonly Grant[] {
  return [...inForce.grants.values()].filter(
    (grant) =>
      (grant.status === 'active' || grant.status === 'suspended') &&
      grant.until > visit.now &&
      isTheirs(visit, client, grant),
  );
}

function isTheirs(visit: Visit, client: Client, { systems }: Grant): boolean {
  if (visit.role !== 'technician') return true;
  const mine = systemsOf(client, technicianOf(visit), visit.now);
  return mine.some(({ id }) => systems.includes(id));
}

/** One that ended meanwhile is told apart from one that is not theirs to know, which does not exist here. */
async function mustBeContestable(visit: Visit, client: Client, inForce: InForce, id: string): Promise<void> {
  if (contestable(visit, client, inForce).some((one) => one.id === id)) return;
  const found = (await visit.deps.archive.grants(client.id)).find((one) => one.id === id);
  if (found === undefined || !isTheirs(visit, client, found)) throw refusedContest('grant_unknown');
  throw refusedContest(found.status === 'waiting' ? 'grant_waits' : 'grant_ended');
}

function instructionsOf(visit: Visit, client: Client, { instructions: own }: InForce): readonly Choice[] {
  const { say, snapshot } = visit;
  const said = own === undefined ? [] : sentencesOf(own, snapshot, client).map(say);
  return [
    ...(own === undefined
      ? []
      : [{ id: `own:${own.version}`, label: `${say(words.own(own.version))}: ${said.join(' ')}` }]),
    ...client.instructions.map(({ id, text }) => ({ id: `rule:${id}`, label: say(text) })),
  ];
}

function contesterOf(
  visit: Visit,
  client: Client,
): {
  readonly provider: string;
  readonly role: ContestingRole;
  readonly name: string;
} {
  const { who } = visit.signedIn;
  if (who.kind === 'technician')
    return { provider: who.person.id, role: 'technician', name: nameTold(client, who.person) };
  if (who.kind === 'provider-user')
    return { provider: who.user.id, role: who.user.role, name: who.user.name };
  throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
}

/** What a contest is about, in words. */
export async function contestFacts(visit: Visit, client: Client, matter: Matter): Promise<ContestFacts> {
  const { say } = visit;
  const { grant = '', instruction = '' } = matter.contested ?? {};
  const found = (await visit.deps.archive.grants(client.id)).find(({ id }) => id === grant);
  const ours = visit.signedIn.who.kind === 'controller';
  const version = ownVersion(instruction);
  const rule = client.instructions.find(({ id }) => `rule:${id}` === instruction);
  const what =
    instruction === ''
      ? words.itself
      : version === undefined
        ? (rule?.text ?? words.goneRule)
        : words.own(version);
  return {
    agreement: found === undefined ? say(words.gone) : agreementLine(visit, client, found),
    href: ours && found !== undefined ? `/agreements/${grant}` : undefined,
    what: say(what),
  };
}

/** What was contested about one agreement, newest first, whether it is answered or not. */
export async function contestNotes(visit: Visit, grant: Grant): Promise<readonly ContestNote[]> {
  const matters = await visit.deps.archive.matters(grant.client);
  return matters
    .filter(({ contested }) => contested?.grant === grant.id)
    .map((matter) => ({
      id: matter.id,
      who: staffName(visit, matter.said[0]?.who ?? ''),
      text: matter.said[0]?.text ?? '',
      state: contestState(matter),
      open: matter.status === 'open',
    }));
}

/** Somebody of the provider by name, whichever file they stand in. */
export function staffName({ snapshot }: Visit, id: string): string {
  return snapshot.users.get(id)?.name ?? snapshot.people.get(id)?.name ?? snapshot.organisation;
}

/** What the representative chose; undefined: nothing. */
export function decisionOf(visit: Visit) {
  const decision = field(visit.req.body, 'decision');
  return isContestOutcome(decision) ? decision : undefined;
}

function unknownClient(): Refusal {
  return new Refusal(404, 'not_found', texts.provider.open.unknown, texts.errors.notFoundNext);
}

type Why = Extract<ContestAnswer, { readonly refused: string }>['refused'];

function refusedContest(why: Why): Refusal {
  const { errors } = words;
  switch (why) {
    case 'grant_unknown':
      return new Refusal(404, why, errors[why], texts.errors.notFoundNext);
    case 'grant_ended':
      return new Refusal(409, why, errors[why], errors.endedNext);
    case 'grant_waits':
      return new Refusal(409, why, errors[why], errors.waitsNext);
    case 'instruction_unknown':
      return new Refusal(409, why, errors[why], errors.instructionNext);
    case 'too_many_contests':
      return new Refusal(409, why, errors[why], errors.tooManyNext);
  }
}
