/**
 * Proposals: made by the provider, and ended once: by a consent, by declining or by silence. Which of two acts comes
 * first is decided here, in the transaction of its line; the other one is told that it came too late.
 */

import type { Answers } from '../core/answers.ts';
import { printBudget } from '../core/budget.ts';
import type { Command } from '../core/commands.ts';
import type { Grant } from '../core/model.ts';
import { beyondProposal, isOpen, mostProposals, type Proposal, robotsNamed } from '../core/proposals.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, actorLine, conflict, rfc3339, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { type ProposalBox, places, proposalFrom } from './ledger-rows.ts';
import { liveSeat, nextKey } from './ledger-seated.ts';
import { int, text } from './rows.ts';

/** `consent.proposed` and the row. */
export function propose(acts: Acts, command: Extract<Command, { do: 'propose' }>): Answers['propose'] {
  const { proposal } = command;
  const log = acts.heads.touch(proposal.client, acts.now);
  const { sql } = acts.pen;
  if (sql.proposalById.get(proposal.id) !== undefined) return { refused: 'proposal_exists' };
  if (proposal.until <= log.at) throw conflict('the proposal lapses before it is made');
  if (Number(sql.waitingProposals.get(log.id, log.at)?.count) >= mostProposals)
    return { refused: 'too_many_proposals' };
  const { budget, onceMinutes } = proposal;
  const robots = robotsNamed(proposal.people);
  const box: ProposalBox = { by: proposal.by, people: proposal.people };
  sql.insertProposal.run(
    proposal.id,
    log.id,
    'waiting',
    proposal.template,
    proposal.systems.join(' '),
    proposal.purposes.join(' '),
    proposal.operations.join(' '),
    proposal.days,
    onceMinutes ?? null,
    budget === undefined ? null : printBudget(budget),
    log.at,
    proposal.until,
    log.at,
    nextKey(log),
    sealBox(log.key, places.proposal(proposal.id), JSON.stringify(box)),
  );
  const { fields, owner } = actorLine(acts, log, { provider: proposal.by });
  const receipt = write(acts, log, {
    t: 'consent.proposed',
    id: proposal.id,
    fields: {
      ...fields,
      template: proposal.template,
      systems: proposal.systems.join(' '),
      purposes: proposal.purposes.join(' '),
      operations: proposal.operations.join(' '),
      days: proposal.days,
      until: rfc3339(proposal.until),
      ...(robots.length === 0 ? {} : { robots: robots.join(' ') }),
      ...(onceMinutes === undefined ? {} : { once: onceMinutes }),
      ...(budget === undefined ? {} : { budget: printBudget(budget) }),
    },
    groups: { person: { subject: proposal.by, name: command.name } },
    owner,
  });
  return { receipt };
}

/** `consent.refused` about a proposal; only by a seated representative. */
export function decline(acts: Acts, command: Extract<Command, { do: 'decline' }>): Answers['decline'] {
  const log = acts.heads.touch(command.client, acts.now);
  const found = openProposal(acts, log, command.proposal);
  if (typeof found === 'string') return { refused: found };
  const { by } = command;
  const seat = 'seat' in by ? liveSeat(acts, log, by.seat) : undefined;
  if (seat?.role !== 'representative') return { refused: 'not_seated' };
  const receipt = write(acts, log, {
    t: 'consent.refused',
    id: newId(),
    fields: { proposal: found.id, seat: seat.id, role: seat.role },
  });
  acts.pen.sql.endProposal.run('declined', log.at, null, found.id);
  return { receipt };
}

/** The proposal that this consent answers, if it may; `answered` is called once its line is written. */
export function accepting(
  acts: Acts,
  log: LogState,
  given: Grant,
): { readonly answered: () => void } | 'proposal_ended' {
  const found = openProposal(acts, log, given.proposal ?? '');
  if (found === 'proposal_unknown') throw conflict('there is no such proposal');
  if (found === 'proposal_ended') return found;
  const beyond = beyondProposal(found, given, log.at);
  if (beyond !== undefined) throw conflict(`the consent goes beyond its proposal in ${beyond}`);
  if (!given.people.every((who) => found.people.includes(who)))
    throw conflict('the consent is for other people than its proposal');
  return { answered: () => acts.pen.sql.endProposal.run('accepted', log.at, given.id, found.id) };
}

/** `consent.lapsed` for all whose time is over, in every log that is sound. Answers how many. */
export function lapseProposals(acts: Acts): number {
  let lapsed = 0;
  for (const row of acts.pen.sql.overdueProposals.all(acts.now)) {
    const log = acts.heads.touchIfSound(text(row, 'client'), acts.now);
    if (log === undefined) continue;
    const id = text(row, 'id');
    write(acts, log, { t: 'consent.lapsed', id: newId(), fields: { proposal: id } });
    acts.pen.sql.endProposal.run('lapsed', log.at, null, id);
    lapsed += 1;
  }
  return lapsed;
}

function openProposal(
  acts: Acts,
  log: LogState,
  id: string,
): Proposal | 'proposal_unknown' | 'proposal_ended' {
  const row = acts.pen.sql.proposalById.get(id);
  if (row === undefined || int(row, 'log') !== log.id) return 'proposal_unknown';
  const proposal = proposalFrom(row, log.client, log.key);
  return isOpen(proposal, log.at) ? proposal : 'proposal_ended';
}
