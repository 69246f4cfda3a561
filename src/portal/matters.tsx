/**
 * Matters: the client's people ask about an access or dispute it, the provider's contact or data protection officer answers,
 * the client closes. A dispute suspends the agreement of the access before anything else, the same way as suspending it does.
 */
import type { Answers } from '../core/answers.ts';
import { type AnsweringRole, answerDue, isContestOf, type Matter, type Speaker } from '../core/matters.ts';
import type { Client, Opening, ProviderUser } from '../core/model.ts';
import type { Ended } from '../core/ports.ts';
import { nameTold } from '../core/pseudonyms.ts';
import { leastContent } from '../core/requests.ts';
import { contestFacts, decisionOf, staffName } from './contests.tsx';
import { type Seated, seatedOf } from './controller.ts';
import { keyOf, newKey } from './matter-keys.ts';
import { matterCard } from './matter-tasks.ts';
import { memoryOf, takeNotice } from './memory.ts';
import { type AccessFacts, MatterFormPage, MatterPage } from './pages/matter.tsx';
import { MattersPage } from './pages/matters.tsx';
import { nameBeside } from './person-name.ts';
import { noteLook } from './provider-look.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { isSentence, readText } from './request-form.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.matters;

/** GET `/matters`: the client's own; for the provider what is open at all clients, for a technician what they contested. */
export async function showMatters(visit: Visit, frame: Framer): Promise<void> {
  const cards = (await mattersFor(visit)).map((matter) => matterCard(visit, matter));
  sendPage(visit.res, <MattersPage frame={frame(visit)} kind={visit.signedIn.who.kind} cards={cards} />);
}

async function mattersFor(visit: Visit): Promise<readonly Matter[]> {
  const { archive } = visit.deps;
  switch (visit.signedIn.who.kind) {
    case 'controller':
      return archive.matters((await seatedOf(visit)).client.id);
    case 'technician':
      return archive.contestsOf(technicianOf(visit).id);
    default:
      return archive.mattersOpen();
  }
}

/** GET `/matters/new?opening=…`. */
export async function showMatterForm(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  await sendForm(visit, frame, client, await openingOf(visit, client, field(visit.req.query, 'opening')), {});
}

async function sendForm(
  visit: Visit,
  frame: Framer,
  client: Client,
  opening: Opening,
  wrong: Partial<Record<'question' | 'ground', string>>,
): Promise<void> {
  const { say } = visit;
  const matters = await visit.deps.archive.matters(client.id);
  const disputed = matters.find(
    (one) => one.opening === opening.id && one.what === 'dispute' && one.status === 'open',
  );
  sendPage(
    visit.res,
    <MatterFormPage
      frame={frame(visit, { self: `/matters/new?opening=${opening.id}` })}
      csrf={visit.deps.csrf.token(visit.req)}
      ids={[newKey(visit), newKey(visit)]}
      opening={opening.id}
      facts={factsOf(visit, client, opening)}
      mayDispute={visit.role === 'representative'}
      disputed={disputed?.id}
      texts={wrong}
      errors={new Map(Object.keys(wrong).map((name) => [name, say(words.errors.content(leastContent))]))}
    />,
    Object.keys(wrong).length === 0 ? 200 : 422,
  );
}

/** POST `/matters/ask`: fields `id opening question`. */
export async function ask(visit: Visit, frame: Framer): Promise<void> {
  await open(visit, frame, 'question', 'question');
}

/** POST `/matters/dispute`: fields `id opening ground`. Suspends the agreement of the access, then opens the matter. */
export async function dispute(visit: Visit, frame: Framer): Promise<void> {
  await open(visit, frame, 'dispute', 'ground');
}

async function open(
  visit: Visit,
  frame: Framer,
  what: 'question' | 'dispute',
  name: 'question' | 'ground',
): Promise<void> {
  const { archive, authority } = visit.deps;
  const seated = await seatedOf(visit);
  const { client, seat, controller } = seated;
  const id = keyOf(visit, 'id');
  const opening = await openingOf(visit, client, field(visit.req.body, 'opening'));
  const text = readText(visit.req.body, name);
  if (!isSentence(text)) return sendForm(visit, frame, client, opening, { [name]: text });
  const known = await archive.matterAt(id);
  // The same form again: what it did is done, and an agreement that was resumed since stays so.
  if (known?.client === client.id) return visit.res.redirect(303, `/matters/${id}`);
  const command = {
    do: 'matter-open',
    client: client.id,
    matter: { id, opening: opening.id, what },
    by: { seat: seat.id, controller: controller.id },
    text,
    due: dueNow(visit, client),
  } as const;
  if (what === 'dispute') await suspend(visit, seated, [opening.grant]);
  let answer = await authority.run(command);
  if ('active' in answer) {
    // It was lengthened: the agreement under which it began is another one.
    await suspend(visit, seated, answer.active);
    answer = await authority.run(command);
  }
  if ('active' in answer) throw new Refusal(409, 'resumed', words.errors.resumed, words.errors.resumedNext);
  if ('refused' in answer) throw refused(answer.refused);
  visit.res.redirect(303, `/matters/${'already' in answer ? answer.already : id}`);
}

/** Takes back what is in force of these agreements: cut first, then recorded. */
async function suspend(visit: Visit, { client, seat }: Seated, grants: readonly string[]): Promise<void> {
  for (const grant of grants) {
    const inForce = await visit.deps.authority.client(client.id);
    if (inForce.grants.get(grant)?.status !== 'active' && !inForce.withdrawn.has(grant)) continue;
    const by = { seat: seat.id, role: seat.role };
    const ended = await visit.deps.authority.withdraw(client.id, grant, 'suspended', by);
    memoryOf(visit.req).notice = noticeOf(ended);
  }
}

function noticeOf({ openings, exchanges, cutMs, recorded }: Ended) {
  return { kind: 'suspended', openings: openings.length, exchanges, cutMs, recorded } as const;
}

/** An access of this client; another client's does not exist here. */
async function openingOf(visit: Visit, client: Client, id: string): Promise<Opening> {
  const opening = id === '' ? undefined : await visit.deps.archive.openingAt(client.id, id);
  if (opening === undefined) throw refused('opening_unknown');
  return opening;
}

/** GET `/matters/:id`. Whoever of the provider reads it looks at an access of the client: that is recorded first. */
export async function showMatter(visit: Visit, frame: Framer): Promise<void> {
  await sendMatter(visit, frame, await matterOf(visit), {});
}

interface Found {
  readonly matter: Matter;
  readonly client: Client;
  /** Undefined: somebody of the provider looks. */
  readonly seated: Seated | undefined;
}

/** The matter of the address, if it is the visitor's to see; any other does not exist here. */
async function matterOf(visit: Visit): Promise<Found> {
  const seated = visit.signedIn.who.kind === 'controller' ? await seatedOf(visit) : undefined;
  const matter = await visit.deps.archive.matterAt(String(visit.req.params.id));
  const client = matter && visit.snapshot.clients.get(matter.client);
  if (matter === undefined || client === undefined || (seated && seated.client.id !== client.id))
    throw refused('matter_unknown');
  if (visit.role === 'technician' && !isContestOf(matter, technicianOf(visit).id))
    throw refused('matter_unknown');
  return { matter, client, seated };
}

async function sendMatter(
  visit: Visit,
  frame: Framer,
  { matter, client, seated }: Found,
  wrong: Partial<Record<'text' | 'outcome', string>>,
  unchosen = false,
): Promise<void> {
  const { say } = visit;
  // Whoever reads what they wrote themselves looks at nothing else of the client.
  if (seated === undefined && visit.role !== 'technician') await noteLook(visit, client, 'matter', matter.id);
  const contest = matter.what === 'contest';
  const opening = contest ? undefined : await visit.deps.archive.openingAt(client.id, matter.opening);
  const { seats } = seated?.inForce ?? (await visit.deps.authority.client(client.id));
  const names = new Map(seats.map((seat) => [seat.id, seat.name]));
  const notice = takeNotice(memoryOf(visit.req));
  sendPage(
    visit.res,
    <MatterPage
      frame={frame(visit, { self: `/matters/${matter.id}` })}
      csrf={visit.deps.csrf.token(visit.req)}
      keys={[newKey(visit), newKey(visit)]}
      notice={notice?.kind === 'suspended' ? notice : undefined}
      card={matterCard(visit, matter)}
      ours={seated !== undefined}
      opening={seated === undefined || contest ? undefined : matter.opening}
      contested={contest ? await contestFacts(visit, client, matter) : undefined}
      facts={opening && factsOf(visit, client, opening)}
      said={matter.said.map(({ id, by, who, at, text }) => ({
        ...{ id, by, at, text },
        name: by === 'client' ? (names.get(who) ?? say(texts.controller.unnamed)) : staffName(visit, who),
      }))}
      closed={matter.status === 'closed'}
      mayClose={
        seated !== undefined &&
        ((!contest && matter.controller === seated.controller.id) || visit.role === 'representative')
      }
      texts={wrong}
      decision={field(visit.req.body, 'decision')}
      errors={errorsOf(visit, wrong, unchosen)}
    />,
    Object.keys(wrong).length === 0 ? 200 : 422,
  );
}

/** What is wrong with the forms of a matter: words that say nothing, or no decision. */
function errorsOf(
  { say }: Visit,
  wrong: Partial<Record<'text' | 'outcome', string>>,
  unchosen: boolean,
): ReadonlyMap<string, string> {
  const errors = new Map<string, string>();
  if (unchosen) errors.set('decision', say(texts.contests.errors.decision));
  for (const [name, text] of Object.entries(wrong))
    if (!isSentence(text)) errors.set(name, say(words.errors.content(leastContent)));
  return errors;
}

/** POST `/matters/:id/say`: fields `key text`, by either side. */
export async function sayMatter(visit: Visit, frame: Framer): Promise<void> {
  const found = await matterOf(visit);
  const id = keyOf(visit, 'key');
  const text = readText(visit.req.body, 'text');
  if (!isSentence(text)) return sendMatter(visit, frame, found, { text });
  const { matter, client, seated } = found;
  const answer = await visit.deps.authority.run({
    do: 'matter-say',
    client: client.id,
    matter: matter.id,
    id,
    by: speakerOf(visit, client, seated),
    text,
    due: dueNow(visit, client),
  });
  if ('refused' in answer) throw refused(answer.refused);
  visit.res.redirect(303, `/matters/${matter.id}`);
}

function speakerOf(visit: Visit, client: Client, seated: Seated | undefined): Speaker {
  if (seated !== undefined) return { seat: seated.seat.id, controller: seated.controller.id };
  if (visit.role === 'technician') {
    const person = technicianOf(visit);
    return { provider: person.id, name: nameTold(client, person), role: 'technician' };
  }
  const { id, name, role } = answererOf(visit);
  return { provider: id, name, role };
}

/** Somebody of the provider who answers. The table of acts lets nobody else reach this; this makes it a type. */
function answererOf({ signedIn }: Visit): ProviderUser & { readonly role: AnsweringRole } {
  const user = signedIn.who.kind === 'provider-user' ? signedIn.who.user : undefined;
  if (user?.role !== 'contact' && user?.role !== 'dpo')
    throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
  return { ...user, role: user.role };
}

/** POST `/matters/:id/close`: fields `key outcome`, in a contest also `decision`, which may withdraw the agreement first. */
export async function closeMatter(visit: Visit, frame: Framer): Promise<void> {
  const found = await matterOf(visit);
  const { matter, client } = found;
  const seated = await seatedOf(visit);
  const { seat, controller } = seated;
  const id = keyOf(visit, 'key');
  const text = readText(visit.req.body, 'outcome');
  const outcome = matter.contested && decisionOf(visit);
  const unchosen = matter.contested !== undefined && outcome === undefined;
  if (!isSentence(text) || unchosen) return sendMatter(visit, frame, found, { outcome: text }, unchosen);
  const grant = matter.contested?.grant;
  if (grant !== undefined && outcome === 'withdrawn' && matter.status === 'open')
    await withdraw(visit, seated, grant);
  const by = { seat: seat.id, controller: controller.id };
  const answer = await visit.deps.authority.run({
    ...{ do: 'matter-close', client: client.id, matter: matter.id, id, by, text },
    ...(outcome === undefined ? {} : { outcome }),
  });
  if ('refused' in answer) throw refused(answer.refused);
  const resumes = outcome === 'upheld' && (await isSuspended(visit, client, grant));
  visit.res.redirect(303, resumes ? `/agreements/${grant}/resume` : `/matters/${matter.id}`);
}

/** Takes back the agreement that is contested, before that is said; only by somebody who may say it. */
async function withdraw(visit: Visit, { client, seat, inForce }: Seated, grant: string): Promise<void> {
  if (seat.role !== 'representative' || (seat.grantsFrom ?? 0) > visit.now) throw refused('not_yours');
  const { status } = inForce.grants.get(grant) ?? {};
  if (status !== 'active' && status !== 'suspended') return;
  const by = { seat: seat.id, role: seat.role };
  await visit.deps.authority.withdraw(client.id, grant, 'revoked', by);
}

async function isSuspended(visit: Visit, { id }: Client, grant = ''): Promise<boolean> {
  const { grants } = await visit.deps.authority.client(id);
  const found = grants.get(grant);
  return found?.status === 'suspended' && found.until > visit.now;
}

function dueNow({ now }: Visit, { zone, calendar }: Client): number {
  return answerDue(now, zone, calendar);
}

function factsOf(visit: Visit, client: Client, opening: Opening): AccessFacts {
  return {
    who: nameBeside(visit, client, opening.person),
    systems: systemNames(visit, client, opening.systems),
    purpose: purposeLabel(visit, opening.purpose),
    reference: opening.reference,
    openedAt: opening.openedAt,
    zone: client.zone,
  };
}

type Why = Extract<
  Answers['matter-open' | 'matter-say' | 'matter-close'],
  { readonly refused: string }
>['refused'];

function refused(why: Why): Refusal {
  const { errors } = words;
  switch (why) {
    case 'not_seated':
      return new Refusal(409, why, texts.agreements.errors.not_seated, texts.signing.errors.next);
    case 'opening_unknown':
    case 'matter_unknown':
      return new Refusal(404, why, errors[why], texts.errors.notFoundNext);
    case 'too_many_matters':
      return new Refusal(409, why, errors[why], errors.tooManyNext);
    case 'matter_closed':
      return new Refusal(409, why, errors[why], errors.closedNext);
    case 'matter_full':
      return new Refusal(409, why, errors[why], errors.fullNext);
    case 'grant_live':
      return new Refusal(409, why, texts.contests.errors[why], texts.contests.errors.liveNext);
    case 'not_yours':
      return new Refusal(403, why, errors[why], errors.notYoursNext);
  }
}
