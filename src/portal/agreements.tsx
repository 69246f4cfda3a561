/**
 * Agreements: seen by every user of the client, given by a representative only. Giving takes two steps: a form, then
 * the full text, which is what gets signed (agreement-signing.ts).
 */
import type { Seat } from '../core/commands.ts';
import type { Emergency } from '../core/emergency.ts';
import { sentencesOf, writeGrantText } from '../core/grant-text.ts';
import type { Client, Grant } from '../core/model.ts';
import type { Signing, UsedBudget } from '../core/ports.ts';
import { meantBy } from '../core/pseudonyms.ts';
import { namedRobot, robotInWords } from '../core/robots.ts';
import {
  type AgreementErrors,
  type AgreementForm,
  blankAgreement,
  checkAgreement,
  offerOf,
  peopleFields,
  readAgreement,
  wordsOf,
} from './agreement-form.ts';
import { budgetFields } from './budget-form.ts';
import { budgetLeft, clockOf } from './budget-left.ts';
import { contestNotes } from './contests.tsx';
import { contractOver, mustGoOn } from './contract-over.ts';
import { type Seated, seatedOf } from './controller.ts';
import { ownDraft } from './drafts.ts';
import { declaredUnder, emergencyFact } from './emergency-fact.ts';
import { emergencyFields } from './emergency-form.ts';
import { foresight } from './foresight.ts';
import { sayErrors } from './language.ts';
import { type AgreementDraft, memoryOf, takeNotice } from './memory.ts';
import { seatsOf } from './own-seats.ts';
import { AgreementFormPage, ReviewPage } from './pages/agreement-form.tsx';
import { type AgreementCard, AgreementPage, AgreementsPage } from './pages/agreements.tsx';
import { personName } from './person-name.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { endsSoon, renewalOf } from './renewal.ts';
import { readyToSign, waysToSign } from './signatures.ts';
import { hasSigned, waitsForSignature } from './signing.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import { operationTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.agreements;

/** GET `/agreements`. */
export async function showAgreements(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const grants = await visit.deps.archive.grants(seated.client.id);
  const used = await usedBy(visit, grants);
  const signing = await visit.deps.archive.signing(seated.client.id);
  const emergencies = await declaredUnder(visit, grants);
  const over = await contractOver(visit, seated.client);
  const cards = [...grants]
    .sort((a, b) => b.grantedAt - a.grantedAt)
    .map((grant) => ({
      ...cardOf(visit, seated, grant, used, signing, emergencies),
      renewable: over === undefined && endsSoon(grant, grants, visit.now),
    }));
  const page = (
    <AgreementsPage
      frame={frame(visit)}
      cards={cards}
      over={over}
      may={visit.role === 'representative'}
      two={signing.two}
      notice={takeNotice(memoryOf(visit.req))}
    />
  );
  sendPage(visit.res, page);
}

/** GET `/agreements/:id`: the full text as it was signed. */
export async function showAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { grant, text } = await grantOf(visit, seated);
  const used = await usedBy(visit, [grant]);
  const signing = await visit.deps.archive.signing(seated.client.id);
  const over = await contractOver(visit, seated.client);
  const waits = over === undefined && waitsForSignature(grant, visit.now) && visit.role === 'representative';
  sendPage(
    visit.res,
    <AgreementPage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      card={cardOf(visit, seated, grant, used, signing, await declaredUnder(visit, [grant]))}
      sign={
        waits
          ? {
              mine: hasSigned(seated, signing, grant.id),
              ways: waysToSign(visit, seated),
              foresight: foresight(visit.snapshot, seated.client, { ...grant, status: 'active' }, visit.now),
            }
          : undefined
      }
      contests={await contestNotes(visit, grant)}
      sentences={sentencesOf(text) ?? []}
      text={text}
      textHash={grant.textHash}
      over={over}
      mayChange={visit.role === 'representative'}
    />,
  );
}

export async function grantOf(
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

/** What agreements with a budget used; asked for only when there is one. */
async function usedBy(visit: Visit, grants: readonly Grant[]): Promise<readonly UsedBudget[]> {
  const limited = grants.find(({ budget }) => budget !== undefined);
  return limited === undefined ? [] : visit.deps.archive.budgets(limited.client);
}

export function cardOf(
  visit: Visit,
  { client, inForce }: Seated,
  grant: Grant,
  used: readonly UsedBudget[] = [],
  signing?: Signing,
  emergencies: readonly Emergency[] = [],
): AgreementCard {
  const { say, now } = visit;
  const over = (grant.status === 'active' || grant.status === 'waiting') && grant.until <= now;
  const author = inForce.seats.find(
    (seat) => seat.id === grant.grantedBy || seat.controller === grant.grantedBy,
  );
  const people = grant.people.map((who) => {
    if (who === 'assigned') return say(words.assigned);
    const robot = namedRobot(who);
    if (robot !== undefined) return say(robotInWords(visit.snapshot, robot));
    return who.startsWith('team:') ? say(words.team(who.slice(5))) : personName(visit, client, who);
  });
  return {
    id: grant.id,
    status: inForce.withdrawn.get(grant.id) ?? (over ? 'expired' : grant.status),
    unrecorded: inForce.withdrawn.has(grant.id),
    started: grant.from <= now,
    systems: systemNames(visit, client, grant.systems),
    purposes: grant.purposes.map((code) => purposeLabel(visit, code)).join(', '),
    operations: grant.operations.map((operation) => say(operationTexts[operation])).join(', '),
    people: people.length === 0 ? say(texts.emergencies.only) : people.join(', '),
    from: grant.from,
    until: grant.until,
    left: grant.until - now,
    // It stays in force; whoever reads it is told that its signer was removed.
    author: `${author?.name ?? say(texts.people.signedByGone)}${grant.delegation === undefined ? '' : ` (${say(texts.frames.byDelegate)})`}`,
    signers: (signing?.signers.get(grant.id) ?? []).map(({ name, removed }) =>
      removed ? say(texts.signing.gone(name)) : name,
    ),
    unsigned: (signing?.signers.get(grant.id) ?? []).some(({ unsigned }) => unsigned === true),
    confirmBy: waitsForSignature(grant, now) ? grant.confirmBy : undefined,
    renewable: false,
    grantedAt: grant.grantedAt,
    zone: client.zone,
    budget: budgetLeft(grant, used, now),
    emergency: emergencyFact(visit, grant, emergencies),
    clock: clockOf(grant, client.zone),
  };
}

/** GET `/agreements/new`. */
export async function showAgreementForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  await mustGoOn(visit, seated.client);
  const draft = memoryOf(visit.req).draft;
  const again = field(visit.req.query, 'again') !== '' && draft?.client === seated.client.id;
  const old = field(visit.req.query, 'renew');
  const form = again
    ? formOf(draft)
    : ((old === '' ? undefined : await renewalOf(visit, seated, old)) ??
      blankAgreement(seated.client, visit.now));
  sendForm(visit, frame, seated, form, new Map(), 200);
}

/** A draft as a form again; its dates are chosen anew. */
function formOf(draft: AgreementDraft): AgreementForm {
  return {
    systems: draft.systems,
    purposes: draft.purposes,
    operations: draft.operations,
    ...peopleFields(draft.people),
    from: '',
    until: '',
    onceMinutes: draft.firstUse === undefined ? '' : String(draft.firstUse.minutes),
    ...budgetFields(draft.budget),
    ...emergencyFields(draft.emergency),
  };
}

/** POST `/agreements/new`: checks the form, writes the text, leads to its review. */
export async function draftAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const { snapshot, language, say, now } = visit;
  const form = readAgreement(visit.req.body);
  const offer = offerOf(client, snapshot, say, now);
  const scope = checkAgreement(form, offer, client.zone, now);
  if (!('people' in scope)) return sendForm(visit, frame, seated, form, scope, 422);
  const id = visit.deps.random(16).toString('base64url');
  const { accounts, upstreamAccount } = accountsIn(visit, scope.systems, client);
  const { text, textHash } = writeGrantText({
    id,
    version: 1,
    language,
    client: client.id,
    ...scope,
    words: {
      ...textWords(visit, seated),
      ...wordsOf(scope, offer, client.zone, language, say),
      ...accounts,
    },
  });
  const draft = { id, client: client.id, ...scope, language, text, textHash };
  memoryOf(visit.req).draft = { ...draft, upstreamAccount };
  visit.res.redirect(303, '/agreements/review');
}

/** The parties of an agreement, as its text names them. */
export function textWords({ snapshot }: Visit, { client, controller }: Seated) {
  return {
    client: client.name,
    provider: snapshot.organisation,
    contact: `${client.contact.name}, ${client.contact.mail}`,
    author: controller.name,
    function: controller.function,
    authority: controller.authority,
  };
}

/** The accounts that the client handed over for these systems: for the text, and as they stand on the agreement. */
export function accountsIn({ say }: Visit, systems: readonly string[], client: Client) {
  const handedOver = systems.flatMap((id) => {
    const system = client.systems.get(id);
    return system?.credential === undefined
      ? []
      : [{ id, name: system.name, account: system.credential.account }];
  });
  return {
    accounts:
      handedOver.length === 0
        ? {}
        : { accounts: handedOver.map(({ name, account }) => `${say(name)} (${account})`) },
    // `erp: provider-erp, crm: provider-crm`
    upstreamAccount: handedOver.map(({ id, account }) => `${id}: ${account}`).join(', ') || undefined,
  };
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
      errors={sayErrors(errors, visit.say)}
    />
  );
  sendPage(visit.res, page, status);
}

/** GET `/agreements/review`: the whole text, and how to sign it. */
export async function reviewAgreement(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = draftOf(visit, seated);
  const seats = seatsOf(seated.inForce, seated.controller);
  const { instructions } = seated.inForce;
  const given = grantFrom(draft, seated.client, seats[0], visit.now);
  const asNarrowed = instructions === undefined ? given : { ...given, instructions };
  sendPage(
    visit.res,
    <ReviewPage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      foresight={foresight(visit.snapshot, seated.client, asNarrowed, visit.now)}
      change={backTo(draft)}
      ready={readyToSign(visit, seated, draft)}
    />,
  );
}

function backTo({ answers, proposal }: AgreementDraft): string {
  if (answers !== undefined) return `/requests/${answers.request}`;
  return proposal === undefined ? '/agreements/new?again=1' : `/proposals/${proposal}`;
}

/** The grant that signing a draft gives: in it people have their ids. */
export function grantFrom(draft: AgreementDraft, client: Client, seat: Seat | undefined, now: number): Grant {
  const { language: _language, text: _text, answers, people, emergency, ...scope } = draft;
  const kind = draft.firstUse === undefined ? {} : { kind: 'one-off' as const };
  // NOTE: what is undefined does not survive being kept in a session.
  const { upstreamAccount } = draft;
  return {
    ...scope,
    ...kind,
    people: peopleMeant(client, people),
    ...(emergency === undefined
      ? {}
      : { emergency: { ...emergency, people: peopleMeant(client, emergency.people) } }),
    upstreamAccount,
    version: 1,
    status: 'active',
    grantedBy: seat?.id ?? '',
    grantedAt: now,
    ...(answers === undefined ? {} : { kind: 'one-off' as const, ...answers }),
  };
}

/** Whom the terms mean. Throws the Refusal that says so when one means nobody: the client was to read names when it was written. */
export function peopleMeant(client: Client, terms: readonly string[]): readonly string[] {
  return terms.map((term) => {
    const id = meantBy(client, term);
    if (id === undefined) throw new Refusal(409, 'no_draft', words.errors.noDraft, words.formIntro);
    return id;
  });
}

/** The draft of this session. */
export function draftOf(visit: Visit, seated: Seated): AgreementDraft {
  return ownDraft(memoryOf(visit.req).draft, seated, words.formIntro);
}
