/** What the lines of a log say should stand beside it, gathered line by line. */
import type { BudgetMeter } from '../core/budget-meter.ts';
import type { LeafFields } from '../core/entries.ts';
import { type CopyTold, noteCopy } from './ledger-copy-told.ts';
import { type EndingsTold, noteEnding } from './ledger-ending-rows.ts';

/** What the lines say should stand in the projections. */
export interface Told {
  readonly grants: Map<string, string>;
  readonly requests: Map<string, string>;
  readonly proposals: Map<string, string>;
  readonly delegations: Map<string, string>;
  /** `<consent> <seat>` */
  readonly signatures: Set<string>;
  readonly openings: Map<string, boolean>;
  /** When each opening ends and under which consent, as `<RFC 3339> <consent>`. */
  readonly lasting: Map<string, string>;
  /** Openings whose real reference is owed, and until when, RFC 3339. */
  readonly owed: Map<string, string>;
  /** When what was done outside was said, RFC 3339; `owed`: it was not. */
  readonly outside: Map<string, string>;
  /** Whether each seat is held. */
  readonly seats: Map<string, boolean>;
  readonly copies: Map<string, CopyTold>;
  readonly contractEnds: EndingsTold;
  /** From when on seats may sign that could not at once, and that nobody confirmed. */
  readonly waiting: Map<string, number>;
  /** Whether each invitation was used. */
  readonly invitations: Map<string, boolean>;
  /** The hash of each version of the client's own instructions. */
  readonly instructions: Map<number, string>;
  /** `live`, `used` or `revoked`, by connection. */
  readonly connections: Map<string, string>;
  /** The clause for emergencies of each consent that has one, and the hash of its text. */
  readonly clauses: Map<string, string>;
  /** Consent, mark, time and end of the review of each emergency, and what the review said. */
  readonly emergencies: Map<string, string>;
  /** What each matter is, as `<status> <due, RFC 3339 or -> <how much was said>`, and of a contest ` <consent> <instruction or -> <outcome>`. */
  readonly matters: Map<string, string>;
  /** Whether each webhook is there. */
  readonly hooks: Map<string, boolean>;
  readonly credentials: Set<string>;
  readonly exchanges: Set<string>;
  readonly budgets: BudgetMeter;
  /** When each consent was first used, epoch milliseconds, and the minutes that the rules then left it. */
  readonly firstUses: Map<string, { readonly at: number; readonly clock: number | undefined }>;
  /** The end that each consent names, epoch milliseconds. */
  readonly ends: Map<string, number>;
}

const statusAfter: Readonly<Record<string, string>> = {
  'consent.suspended': 'suspended',
  'consent.resumed': 'active',
  'consent.revoked': 'revoked',
  'consent.expired': 'expired',
};

const connectionAfter: Readonly<Record<string, string>> = {
  'connection.created': 'live',
  'connection.used': 'used',
  'connection.revoked': 'revoked',
};

const requestAfter: Readonly<Record<string, string>> = {
  'consent.asked': 'more_info',
  'consent.answered': 'raised',
  'consent.reminded': 'raised',
  'consent.refused': 'refused',
  'consent.lapsed': 'lapsed',
};

function proposalAfter(kind: string, id: string): string {
  if (kind === 'consent.granted') return `accepted ${id}`;
  return kind === 'consent.refused' ? 'declined' : 'lapsed';
}

function noteMatter(told: Map<string, string>, kind: string, fields: LeafFields): void {
  if (kind === 'matter.opened') {
    const contest = fields.what === 'contest' ? ` ${fields.grants} ${fields.instruction ?? '-'}` : '';
    told.set(String(fields.id), `open ${fields.due ?? '-'} 1${contest}`);
    return;
  }
  const [, due = '-', said, ...contest] = told.get(String(fields.matter))?.split(' ') ?? [];
  const waits = fields.by === 'provider' ? '-' : String(fields.due ?? due);
  const state = kind === 'matter.closed' ? `closed ${due}` : `open ${waits}`;
  const outcome = fields.outcome === undefined ? [] : [String(fields.outcome)];
  told.set(String(fields.matter), [state, Number(said) + 1, ...contest, ...outcome].join(' '));
}

export function note(told: Told, origin: string, index: number, fields: LeafFields): void {
  const kind = String(fields.t);
  told.budgets.line(fields);
  noteCopy(told.copies, fields);
  noteEnding(told.contractEnds, fields);
  const id = String(fields.id);
  if (kind === 'consent.granted') {
    told.grants.set(id, fields.second === 'needed' ? 'waiting' : 'active');
    told.signatures.add(`${id} ${String(fields.seat)}`);
    told.ends.set(id, Date.parse(String(fields.until)));
  }
  if (kind === 'consent.signed') {
    told.signatures.add(`${String(fields.grant)} ${String(fields.seat)}`);
    if (fields.as === 'second' && fields.complete === true) told.grants.set(String(fields.grant), 'active');
  }
  if (kind === 'consent.lapsed' && fields.grant !== undefined) told.grants.set(String(fields.grant), 'void');
  const status = statusAfter[kind];
  if (status !== undefined) told.grants.set(String(fields.grant), status);
  if (kind === 'consent.requested') told.requests.set(id, 'raised');
  if (kind === 'consent.granted' && fields.request !== undefined)
    told.requests.set(String(fields.request), `approved ${id}`);
  const answered = requestAfter[kind];
  if (answered !== undefined && fields.request !== undefined)
    told.requests.set(String(fields.request), answered);
  if (kind === 'delegation.granted') told.delegations.set(id, 'active');
  if (kind === 'delegation.revoked') told.delegations.set(String(fields.delegation), 'revoked');
  if (kind === 'consent.proposed') told.proposals.set(id, 'waiting');
  if (fields.proposal !== undefined) told.proposals.set(String(fields.proposal), proposalAfter(kind, id));
  if (kind === 'instructions.set') told.instructions.set(Number(fields.version), String(fields.text));
  if (kind === 'session.extended') told.lasting.set(String(fields.session), `${fields.ends} ${fields.grant}`);
  if (kind === 'session.opened') {
    told.openings.set(id, true);
    told.lasting.set(id, `${fields.ends} ${fields.grant}`);
    if (fields.reference_due !== undefined) told.owed.set(id, String(fields.reference_due));
    const consent = String(fields.grant);
    const clock = fields.clock === undefined ? undefined : Number(fields.clock);
    if (!told.firstUses.has(consent))
      told.firstUses.set(consent, { at: Date.parse(String(fields.at)), clock });
  }
  if (kind === 'consent.granted' && fields.emergency !== undefined)
    told.clauses.set(id, `${fields.emergency} ${fields.text}`);
  if (kind === 'session.opened' && fields.emergency === true)
    told.emergencies.set(id, `${fields.grant} ${fields.mark} ${fields.at} ${fields.review_by}`);
  if (kind === 'emergency.reviewed') {
    const session = String(fields.session);
    const before = told.emergencies.get(session) ?? '';
    told.emergencies.set(session, `${before} ${fields.outcome} ${fields.seat}`);
  }
  if (kind === 'session.corrected' && String(fields.what).startsWith('reference'))
    told.owed.delete(String(fields.session));
  if (kind === 'session.opened' && fields.said !== undefined) told.outside.set(id, 'owed');
  if (kind === 'session.declared') told.outside.set(String(fields.session), String(fields.at));
  if (kind === 'session.closed') told.openings.set(String(fields.session), false);
  const connected = connectionAfter[kind];
  if (connected !== undefined) told.connections.set(String(fields.connection), connected);
  if (kind === 'hook.added' || kind === 'hook.removed')
    told.hooks.set(String(fields.hook), kind === 'hook.added');
  if (kind === 'credential.recorded') told.credentials.add(String(fields.credential));
  if (kind === 'credential.returned') told.credentials.delete(String(fields.credential));
  if (kind.startsWith('matter.')) noteMatter(told.matters, kind, fields);
  if (kind === 'controller.nominated') told.invitations.set(id, false);
  if (kind === 'controller.seated') {
    told.seats.set(String(fields.seat), true);
    if (fields.invitation !== undefined) told.invitations.set(String(fields.invitation), true);
  }
  if (kind === 'controller.seated' && fields.grants_from !== undefined)
    told.waiting.set(String(fields.seat), Date.parse(String(fields.grants_from)));
  if (kind === 'controller.confirmed') told.waiting.delete(String(fields.seat));
  if (kind === 'controller.removed') told.seats.set(String(fields.seat), false);
  if (kind === 'access.intent' || kind === 'access.static') told.exchanges.add(`${origin} ${index}`);
  if (kind === 'access.result') told.exchanges.delete(`${String(fields.shard)} ${String(fields.intent)}`);
}
