/**
 * Agreements: seen by every user of the client, given and changed by a representative only. Giving takes two steps:
 * a form, then the full text, which is what gets signed. Nothing is agreed before the signed line is durable.
 */
import type { Evidence, Seat } from '../core/commands.ts';
import { sentencesOf, writeGrantText } from '../core/grant-text.ts';
import type { Grant } from '../core/model.ts';
import {
  type AgreementErrors,
  type AgreementForm,
  blankAgreement,
  checkAgreement,
  offerOf,
  readAgreement,
  wordsOf,
} from './agreement-form.ts';
import { type Seated, seatedOf, seatsOf, stopperOf } from './controller.ts';
import type { Signature } from './deps.ts';
import { type AgreementDraft, memoryOf, type StopNotice, takeNotice } from './memory.ts';
import {
  type AgreementCard,
  AgreementFormPage,
  AgreementPage,
  AgreementsPage,
  ConfirmPage,
  ReviewPage,
} from './pages/agreements.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { operationTexts } from './texts/common.ts';
import { field, type Visit } from './visit.ts';

const words = texts.agreements;

/** GET `/agreements`. */
export async function showAgreements(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const grants = await visit.deps.archive.grants(seated.client.id);
  const cards = [...grants]
    .sort((a, b) => b.grantedAt - a.grantedAt)
    .map((grant) => cardOf(visit, seated, grant));
  const page = (
    <AgreementsPage
      frame={frame(visit)}
      cards={cards}
      mayGive={visit.role === 'representative'}
      notice={takeNotice(memoryOf(visit.req))}
    />
  );
  sendPage(visit.res, page);
}

/** GET `/agreements/:id`: the full text as it was signed. */
export async function showAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { grant, text } = await grantOf(visit, seated);
  sendPage(
    visit.res,
    <AgreementPage
      frame={frame(visit)}
      card={cardOf(visit, seated, grant)}
      sentences={sentencesOf(text) ?? []}
      text={text}
      textHash={grant.textHash}
      mayChange={visit.role === 'representative'}
    />,
  );
}

async function grantOf(
  visit: Visit,
  { client }: Seated,
): Promise<{ readonly grant: Grant; readonly text: string }> {
  const id = visit.req.params.id;
  const found = (await visit.deps.archive.grants(client.id)).find((one) => one.id === id);
  if (found === undefined) throw unknownGrant();
  return { grant: found, text: found.text };
}

function unknownGrant(): Refusal {
  return new Refusal(404, 'grant_unknown', words.errors.grant_unknown, texts.errors.notFoundNext);
}

function cardOf(visit: Visit, { client, inForce }: Seated, grant: Grant): AgreementCard {
  const { say, now } = visit;
  const over = grant.status === 'active' && grant.until <= now;
  const author = inForce.seats.find(
    (seat) => seat.id === grant.grantedBy || seat.controller === grant.grantedBy,
  );
  const people = grant.people.map((who) => {
    if (who === 'assigned') return say(words.assigned);
    return who.startsWith('team:')
      ? say(words.team(who.slice(5)))
      : (visit.snapshot.people.get(who)?.name ?? who);
  });
  return {
    id: grant.id,
    status: over ? 'expired' : grant.status,
    started: grant.from <= now,
    systems: systemNames(visit, client, grant.systems),
    purposes: grant.purposes.map((code) => purposeLabel(visit, code)).join(', '),
    operations: grant.operations.map((operation) => say(operationTexts[operation])).join(', '),
    people: people.join(', '),
    from: grant.from,
    until: grant.until,
    left: grant.until - now,
    author: author?.name ?? grant.grantedBy,
    grantedAt: grant.grantedAt,
    zone: client.zone,
  };
}

/** GET `/agreements/new`. */
export async function showAgreementForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = memoryOf(visit.req).draft;
  const again = field(visit.req.query, 'again') !== '' && draft?.client === seated.client.id;
  const form = again ? formOf(draft) : blankAgreement(seated.client, visit.now);
  sendForm(visit, frame, seated, form, new Map(), 200);
}

/** A draft as a form again; its dates are chosen anew. */
function formOf(draft: AgreementDraft): AgreementForm {
  const named = !draft.people.includes('assigned');
  return {
    systems: draft.systems,
    purposes: draft.purposes,
    operations: draft.operations,
    who: named ? 'named' : 'assigned',
    people: named ? draft.people : [],
    from: '',
    until: '',
  };
}

/** POST `/agreements/new`: checks the form, writes the text, leads to its review. */
export async function draftAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, controller } = seated;
  const { snapshot, language, say, now } = visit;
  const form = readAgreement(visit.req.body);
  const offer = offerOf(client, snapshot, say, now);
  const scope = checkAgreement(form, offer, client.zone, now);
  if (!('people' in scope)) return sendForm(visit, frame, seated, form, scope, 422);
  const id = visit.deps.random(16).toString('base64url');
  const { text, textHash } = writeGrantText({
    id,
    version: 1,
    language,
    client: client.id,
    ...scope,
    words: {
      client: client.name,
      provider: snapshot.organisation,
      contact: `${client.contact.name}, ${client.contact.mail}`,
      ...wordsOf(scope, offer, client.zone, language, say),
      author: controller.name,
      function: controller.function,
      authority: controller.authority,
    },
  });
  memoryOf(visit.req).draft = { id, client: client.id, ...scope, language, text, textHash };
  visit.res.redirect(303, '/agreements/review');
}

function sendForm(
  visit: Visit,
  frame: Framer,
  { client }: Seated,
  form: AgreementForm,
  errors: AgreementErrors,
  status: number,
): void {
  const page = (
    <AgreementFormPage
      frame={frame(visit, { self: '/agreements/new' })}
      csrf={visit.deps.csrf.token(visit.req)}
      offer={offerOf(client, visit.snapshot, visit.say, visit.now)}
      form={form}
      errors={new Map([...errors].map(([name, text]) => [name as string, visit.say(text)]))}
    />
  );
  sendPage(visit.res, page, status);
}

/** GET `/agreements/review`: the whole text, and how to sign it. */
export async function reviewAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = draftOf(visit, seated);
  const seats = seatsOf(seated.inForce, seated.controller);
  sendPage(
    visit.res,
    <ReviewPage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      sentences={sentencesOf(draft.text) ?? []}
      text={draft.text}
      textHash={draft.textHash}
      passkey={seats.some((seat) => seat.method === 'passkey')}
      evaluation={evaluationSeat(visit, seats) !== undefined}
    />,
  );
}

function evaluationSeat(visit: Visit, seats: readonly Seat[]): Seat | undefined {
  if (!visit.deps.evaluation || visit.deps.evaluationSign === undefined) return undefined;
  return seats.find((seat) => seat.method === 'evaluation-key');
}

/** The draft of this session; when a text is named, it must be the one that was read. */
function draftOf(visit: Visit, { client }: Seated): AgreementDraft {
  const draft = memoryOf(visit.req).draft;
  if (draft === undefined || draft.client !== client.id) {
    throw new Refusal(409, 'no_draft', words.errors.noDraft, words.formIntro);
  }
  return draft;
}

function readDraftOf(visit: Visit, seated: Seated): AgreementDraft {
  const draft = draftOf(visit, seated);
  if (field(visit.req.body, 'textHash') !== draft.textHash) {
    throw new Refusal(409, 'text_changed', words.errors.changed, words.reviewIntro);
  }
  if (draft.until <= visit.now) throw new Refusal(409, 'no_draft', words.errors.noDraft, words.formIntro);
  return draft;
}

/** POST `/agreements/sign/options` (JSON `textHash`): what the browser needs to sign with a passkey. */
export async function signingOptions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = readDraftOf(visit, seated);
  const seats = seatsOf(seated.inForce, seated.controller).filter((seat) => seat.method === 'passkey');
  if (seats.length === 0) {
    throw new Refusal(409, 'no_passkey', words.errors.noPasskey, words.errors.noPasskey);
  }
  visit.res.json(await visit.deps.passkeys.assertionOptions(draft.textHash, seats));
}

/** POST `/agreements/sign`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signAgreement(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = readDraftOf(visit, seated);
  const signed = visit.req.is('json')
    ? await signedByPasskey(visit, seated, draft)
    : signedForEvaluation(visit, seated, draft);
  if (signed === undefined) {
    throw new Refusal(422, 'signature_invalid', words.errors.signature, words.reviewIntro);
  }
  await give(visit, seated, draft, signed.seat, signed.signature);
  memoryOf(visit.req).notice = notice('granted');
  if (visit.req.is('json')) visit.res.json({ next: '/agreements' });
  else visit.res.redirect(303, '/agreements');
}

interface Signed {
  readonly seat: Seat;
  readonly signature: Signature;
}

async function signedByPasskey(
  visit: Visit,
  seated: Seated,
  draft: AgreementDraft,
): Promise<Signed | undefined> {
  const credential: unknown = visit.req.body?.credential;
  for (const seat of seatsOf(seated.inForce, seated.controller)) {
    if (seat.method !== 'passkey') continue;
    const signature = await visit.deps.passkeys.verifyAssertion(credential, draft.textHash, seat);
    if (signature !== undefined) return { seat, signature };
  }
  return undefined;
}

function signedForEvaluation(visit: Visit, seated: Seated, draft: AgreementDraft): Signed | undefined {
  const seat = evaluationSeat(visit, seatsOf(seated.inForce, seated.controller));
  const signature = visit.deps.evaluationSign?.(draft.textHash);
  if (seat === undefined || signature === undefined || field(visit.req.body, 'evaluation') !== '1')
    return undefined;
  return { seat, signature };
}

async function give(
  visit: Visit,
  seated: Seated,
  draft: AgreementDraft,
  seat: Seat,
  signature: Signature,
): Promise<void> {
  const evidence: Evidence = { seat: seat.id, role: seat.role, language: draft.language, ...signature };
  const grant: Grant = {
    id: draft.id,
    client: seated.client.id,
    version: 1,
    status: 'active',
    systems: draft.systems,
    purposes: draft.purposes,
    operations: draft.operations,
    people: draft.people,
    from: draft.from,
    until: draft.until,
    upstreamAccount: undefined,
    textHash: draft.textHash,
    grantedBy: seat.id,
    grantedAt: visit.now,
  };
  const answer = await visit.deps.authority.run({ do: 'grant', grant, text: draft.text, evidence });
  if ('refused' in answer) {
    throw new Refusal(409, answer.refused, words.errors[answer.refused], words.intro);
  }
  delete memoryOf(visit.req).draft;
}

const changes = {
  revoke: { title: words.revokeTitle, text: words.revokeText, act: words.revoke },
  suspend: { title: words.suspendTitle, text: words.suspendText, act: words.suspend },
  resume: { title: words.resumeTitle, text: words.resumeText, act: words.resume },
} as const;

type Change = keyof typeof changes;

function changeOf(visit: Visit): Change {
  const change = visit.req.params.change;
  if (change === 'revoke' || change === 'suspend' || change === 'resume') return change;
  throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
}

/** GET `/agreements/:id/:change`: asks once more; nothing happens on a GET. */
export async function confirmChange(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const change = changeOf(visit);
  const { grant } = await grantOf(visit, seated);
  sendPage(
    visit.res,
    <ConfirmPage
      frame={frame(visit)}
      csrf={visit.deps.csrf.token(visit.req)}
      card={cardOf(visit, seated, grant)}
      change={change}
      title={visit.say(changes[change].title)}
      text={visit.say(changes[change].text)}
      act={visit.say(changes[change].act)}
    />,
  );
}

/** POST `/agreements/:id/:change`: withdraws or suspends (blocks and cuts first, then records), or resumes. */
export async function changeAgreement(visit: Visit): Promise<void> {
  const change = changeOf(visit);
  const { client, by } = await stopperOf(visit);
  const id = String(visit.req.params.id);
  if (change === 'resume') {
    const answer = await visit.deps.authority.run({
      do: 'grant-status',
      client: client.id,
      grant: id,
      to: 'active',
      by,
    });
    if ('refused' in answer) throw refusedChange(answer.refused);
    memoryOf(visit.req).notice = notice('resumed');
  } else {
    await mustBeLive(visit, client.id, id);
    const ended = await visit.deps.authority.withdraw(
      client.id,
      id,
      change === 'revoke' ? 'revoked' : 'suspended',
      by,
    );
    memoryOf(visit.req).notice = {
      kind: 'withdrawn',
      openings: ended.openings.length,
      exchanges: ended.exchanges,
      cutMs: ended.cutMs,
      recorded: ended.recorded,
    };
  }
  visit.res.redirect(303, '/agreements');
}

/** An agreement of this client that can still be taken back; another client's does not exist here. */
async function mustBeLive(visit: Visit, client: string, id: string): Promise<void> {
  const inForce = await visit.deps.authority.client(client);
  const grant = inForce.grants.get(id);
  if (grant !== undefined && (grant.status === 'active' || grant.status === 'suspended')) return;
  const known = (await visit.deps.archive.grants(client)).some((one) => one.id === id);
  throw refusedChange(known ? 'grant_ended' : 'grant_unknown');
}

function refusedChange(why: 'grant_unknown' | 'grant_ended'): Refusal {
  return new Refusal(why === 'grant_unknown' ? 404 : 409, why, words.errors[why], texts.errors.notFoundNext);
}

function notice(kind: StopNotice['kind']): StopNotice {
  return { kind, openings: 0, exchanges: 0, cutMs: 0, recorded: true };
}
