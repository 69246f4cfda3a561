/**
 * Proposals as the client's people see them: read by all, answered by a representative. Agreeing only leads to the text
 * that is signed (agreement-signing.ts); whether it still may be answered is decided where its line is written.
 */
import { longestMonths } from '../core/grant-limits.ts';
import { writeGrantText } from '../core/grant-text.ts';
import type { Client, Grant } from '../core/model.ts';
import { beyondProposal, isOpen, type Proposal, proposalStatusAt } from '../core/proposals.ts';
import { termOf } from '../core/pseudonyms.ts';
import {
  type AgreementForm,
  type AgreementOffer,
  type AgreementScope,
  blankAgreement,
  checkAgreement,
  offerOf,
  peopleFields,
  readAgreement,
  wordsOf,
} from './agreement-form.ts';
import { accountsIn, peopleMeant, textWords } from './agreements.tsx';
import { budgetFields } from './budget-form.ts';
import { contractOver } from './contract-over.ts';
import { type Seated, seatedOf } from './controller.ts';
import { foresight } from './foresight.ts';
import { firstDay } from './formats.ts';
import { sayErrors } from './language.ts';
import { memoryOf, plainNotice } from './memory.ts';
import { ProposalPage } from './pages/proposals.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { may } from './roles.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.proposals;

/** GET `/proposals/:id`. */
export async function showProposal(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const proposal = await proposalOf(visit, seated);
  await sendProposal(visit, frame, seated, proposal, {
    form: filled(seated.client, proposal, visit.now),
    errors: new Map(),
  });
}

/** The proposal named in the address, if it was made to this client; any other does not exist here. */
async function proposalOf(visit: Visit, { client }: Seated): Promise<Proposal> {
  const found = (await visit.deps.archive.proposals(client.id)).find(({ id }) => id === visit.req.params.id);
  if (found === undefined) throw refusedProposal('proposal_unknown');
  return found;
}

export function refusedProposal(why: 'proposal_unknown' | 'proposal_ended' | 'not_seated'): Refusal {
  const title = why === 'not_seated' ? texts.agreements.errors.not_seated : words.errors[why];
  const next = why === 'proposal_unknown' ? texts.errors.notFoundNext : words.errors.lookAgain;
  return new Refusal(why === 'proposal_unknown' ? 404 : 409, why, title, next);
}

/** Every line as it was proposed. */
function filled(client: Client, proposal: Proposal, now: number): AgreementForm {
  const blank = blankAgreement(client, now);
  return {
    ...blank,
    systems: proposal.systems,
    purposes: proposal.purposes,
    operations: proposal.operations,
    ...peopleFields(peopleOf(client, proposal)),
    until: lastDayOf(Temporal.PlainDate.from(blank.from), proposal.days).toString(),
    onceMinutes: proposal.onceMinutes === undefined ? '' : String(proposal.onceMinutes),
    ...budgetFields(proposal.budget),
  };
}

/** As the client means them. */
function peopleOf(client: Client, proposal: Proposal): readonly string[] {
  return proposal.people.map((who) => termOf(client, who));
}

/** The last day that is proposed, within what any agreement may last. */
function lastDayOf(today: Temporal.PlainDate, days: number): Temporal.PlainDate {
  const [wanted, latest] = [today.add({ days }), today.add({ months: longestMonths }).subtract({ days: 1 })];
  return Temporal.PlainDate.compare(wanted, latest) < 0 ? wanted : latest;
}

/** Only lines that were proposed, and that the client still has. */
function linesOf(visit: Visit, client: Client, proposal: Proposal): AgreementOffer {
  const offer = offerOf(client, visit.snapshot, visit.say, visit.now);
  const among = <T extends { readonly id: string }>(all: readonly T[], ids: readonly string[]) =>
    all.filter(({ id }) => ids.includes(id));
  return {
    systems: among(offer.systems, proposal.systems),
    purposes: among(offer.purposes, proposal.purposes),
    operations: among(offer.operations, proposal.operations),
    people: among(offer.people, peopleOf(client, proposal)),
    robots: among(offer.robots, proposal.people),
  };
}

async function sendProposal(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  proposal: Proposal,
  { form, errors }: { readonly form: AgreementForm; readonly errors: ReadonlyMap<string, string> },
): Promise<void> {
  const { client } = seated;
  const { snapshot, say, now } = visit;
  const over = await contractOver(visit, client);
  const open = over === undefined && isOpen(proposal, now);
  const offer = linesOf(visit, client, proposal);
  const scope = checkAgreement(filled(client, proposal, now), offer, client.zone, now);
  const template = snapshot.templates.get(proposal.template);
  sendPage(
    visit.res,
    <ProposalPage
      frame={frame(visit)}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      label={labelOf(visit, proposal)}
      about={template === undefined ? '' : say(template.about)}
      by={snapshot.users.get(proposal.by)?.name ?? snapshot.organisation}
      proposal={proposal}
      status={proposalStatusAt(proposal, now)}
      leftMs={proposal.until - now}
      offer={offer}
      form={form}
      errors={errors}
      over={over}
      may={open && may(visit.role, 'proposalAgree')}
      foresight={
        open && 'people' in scope
          ? foresight(snapshot, client, grantOf(client, proposal, scope, now), now)
          : undefined
      }
    />,
    errors.size > 0 ? 422 : 200,
  );
}

export function labelOf({ snapshot }: Pick<Visit, 'snapshot'>, { template }: Proposal) {
  return snapshot.templates.get(template)?.label ?? { en: template, fr: template };
}

/** What would be given if all lines were signed now. */
function grantOf(client: Client, proposal: Proposal, scope: AgreementScope, now: number): Grant {
  return {
    ...scope,
    people: peopleMeant(client, scope.people),
    id: proposal.id,
    client: client.id,
    version: 1,
    status: 'active',
    upstreamAccount: undefined,
    textHash: '',
    grantedBy: '',
    grantedAt: now,
  };
}

/** POST `/proposals/:id/agree`: fields as those of an agreement; leads to the text that is signed. */
export async function agreeToProposal(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const { language, say, now } = visit;
  const proposal = await proposalOf(visit, seated);
  if (!isOpen(proposal, now)) throw refusedProposal('proposal_ended');
  const proposed = filled(client, proposal, now);
  const sent = readAgreement(visit.req.body);
  const form = { ...sent, from: proposed.from, budgetPer: proposed.budgetPer };
  const named = form.who === 'assigned' || form.people.length === 0 ? form : { ...form, who: 'named' };
  const offer = linesOf(visit, client, proposal);
  const scope = checkAgreement(named, offer, client.zone, now);
  if (!('people' in scope))
    return sendProposal(visit, frame, seated, proposal, { form: named, errors: said(visit, scope) });
  const wrong = beyond(client, proposal, scope, now);
  if (wrong !== undefined)
    return sendProposal(visit, frame, seated, proposal, { form: named, errors: said(visit, wrong) });
  const id = visit.deps.random(16).toString('base64url');
  const { accounts, upstreamAccount } = accountsIn(visit, scope.systems, client);
  const { text, textHash } = writeGrantText({
    ...{ id, version: 1, language, client: client.id, ...scope, proposal: proposal.id },
    words: {
      ...textWords(visit, seated),
      ...wordsOf(scope, offer, client.zone, language, say),
      ...accounts,
      proposed: firstDay(proposal.proposedAt, client.zone, language),
    },
  });
  const draft = { id, client: client.id, ...scope, language, text, textHash, upstreamAccount };
  memoryOf(visit.req).draft = { ...draft, proposal: proposal.id };
  visit.res.redirect(303, '/agreements/review');
}

function said({ say }: Visit, errors: ReadonlyMap<string, { readonly en: string; readonly fr: string }>) {
  return sayErrors(errors, say);
}

/** What goes beyond the proposal, at the field where it does. */
function beyond(client: Client, proposal: Proposal, scope: AgreementScope, now: number) {
  const others = scope.people.some((who) => !peopleOf(client, proposal).includes(who));
  const what = others ? 'people' : beyondProposal(proposal, { ...scope, until: scope.until }, now);
  switch (what) {
    case undefined:
      return undefined;
    case 'days':
      return new Map([['until', words.errors.days(proposal.days)]]);
    case 'minutes':
      return new Map([['onceMinutes', words.errors.limit]]);
    case 'budget':
      return new Map([['budgetPer', words.errors.limit]]);
    default:
      return new Map([[what === 'people' ? 'who' : what, words.errors.limit]]);
  }
}

/** POST `/proposals/:id/decline`. */
export async function declineProposal(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  const by = { seat: seat.id, role: seat.role };
  const proposal = String(visit.req.params.id);
  const answer = await visit.deps.authority.run({ do: 'decline', client: client.id, proposal, by });
  if ('refused' in answer) throw refusedProposal(answer.refused);
  memoryOf(visit.req).notice = plainNotice('declined');
  visit.res.redirect(303, '/activity');
}
