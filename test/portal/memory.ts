/**
 * The ports of the portal in memory. They keep their contract: what is declared under a moved epoch is not written, codes are
 * single-use by hash, ended openings leave.
 */
import type { Answers } from '../../src/core/answers.ts';
import type { CommandLine } from '../../src/core/command-line.ts';
import type { Actor, Command, EntryCode, Seat } from '../../src/core/commands.ts';
import type { Connection } from '../../src/core/connections.ts';
import { type ContestAnswer, type ContestCommand, mostContests } from '../../src/core/contests.ts';
import type { Copy } from '../../src/core/copies.ts';
import type { RegisteredCredential } from '../../src/core/credential.ts';
import { type Delegation, outsideFrame } from '../../src/core/delegations.ts';
import { beginningFault, drillLimits, drillsOf, stoppingFault } from '../../src/core/drills.ts';
import {
  clauseRefused,
  type Emergency,
  markOf,
  permitsOrdinarily,
  reviewBy,
} from '../../src/core/emergency.ts';
import type { Draft } from '../../src/core/entries.ts';
import { Fault } from '../../src/core/faults.ts';
import type { Hook } from '../../src/core/hooks.ts';
import {
  dueAfter,
  isContestOf,
  type Matter,
  type MatterCommand,
  mostQuestions,
} from '../../src/core/matters.ts';
import type { ControllerUser, EndCause, Grant, Opening } from '../../src/core/model.ts';
import { countsAsUnsaid, endOf, isLate, mostUnsaid, sayingFault } from '../../src/core/outside.ts';
import { readInstructions } from '../../src/core/own-instructions.ts';
import type {
  Archive,
  Authority,
  Cutters,
  Ended,
  Ending,
  InForce,
  InstructionVersion,
  Line,
  LineQuery,
  RunningExchange,
  Signer,
  Signing,
  UsedBudget,
} from '../../src/core/ports.ts';
import { isOpen, type Proposal } from '../../src/core/proposals.ts';
import { judgeCorrection, mostOwed, owedUntil } from '../../src/core/references.ts';
import { afterSaying, type ConsentRequest, isWaiting, reminderFault } from '../../src/core/requests.ts';
import type { NoticeRead } from '../../src/core/staff-notice.ts';
import type { CodeLock } from '../../src/core/totp.ts';
import type { SavedView } from '../../src/core/views.ts';
import { EndingMemory } from './ending-memory.ts';
import { day, start } from './world-rules.ts';
import { contestOf } from './world-things.ts';

interface Room {
  epoch: number;
  readonly grants: Map<string, Grant & { readonly text: string }>;
  readonly budgets: UsedBudget[];
  readonly openings: Map<string, Opening>;
  readonly seats: Seat[];
  readonly credentials: RegisteredCredential[];
  readonly requests: Map<string, ConsentRequest>;
  readonly delegations: Map<string, Delegation & { readonly text: string }>;
  readonly proposals: Map<string, Proposal>;
  readonly matters: Map<string, Matter>;
  readonly instructions: InstructionVersion[];
  signing: Signing;
  readonly blocked: Map<string, Opening>;
  readonly withdrawn: Map<string, 'revoked' | 'suspended'>;
  readonly lines: Line[];
  readonly emergencies: Emergency[];
}

function signedBy(seat: string, at: number) {
  return { seat, name: seat, at, removed: false };
}

/** Authority, archive and cutters over the same memory. */
export class Memory {
  now = start;
  /** `writes`: nothing can be recorded, what is known stays known. `all`: nothing can be looked up either. */
  failing: 'no' | 'writes' | 'all' = 'no';
  /** How many of the next declarations find that the epoch has moved. */
  moves = 0;
  /** Agreements whose budget does not reach for another declaration. */
  readonly missing = new Map<string, Extract<Answers['declare'], { spent: unknown }>>();
  readonly rooms = new Map<string, Room>();
  readonly codes = new Map<string, EntryCode>();
  readonly commands: Command[] = [];
  readonly noticesRead: NoticeRead[] = [];
  readonly ends: { readonly what: Ending; readonly cause: EndCause; readonly by: Actor | undefined }[] = [];
  /** By the hash of the link. */
  readonly invites = new Map<
    string,
    { readonly code: string; readonly nominee: ControllerUser; readonly byClient: boolean }
  >();
  /** Whom a recovery code lets in, by its hash. */
  readonly recoveries = new Map<string, ControllerUser>();
  readonly running: RunningExchange[] = [];
  /** By the hash of the token. */
  readonly connections = new Map<string, Connection>();
  /** By the hash of the token. */
  readonly commandLines = new Map<string, CommandLine>();
  /** Sign-ins that ended. */
  readonly signedOut = new Set<string>();
  readonly codeLocks: CodeLock[] = [];
  readonly copies: Copy[] = [];
  readonly endings = new EndingMemory((client) => ({
    openings: [...this.room(client).openings.values()].filter(({ endedAt }) => endedAt === undefined).length,
    copies: this.copies.filter((copy) => copy.client === client && copy.gone === undefined).length,
    credentials: this.room(client).credentials.filter(({ returnedAt }) => returnedAt === undefined).length,
  }));
  readonly hooks: Hook[] = [];
  /** Of hooks, by id. */
  readonly secrets = new Map<string, string>();
  /** Kept views; `of` is client and person. */
  readonly views: (SavedView & { readonly of: string })[] = [];

  room(id: string): Room {
    const known = this.rooms.get(id);
    if (known !== undefined) return known;
    const fresh: Room = {
      epoch: 1,
      grants: new Map(),
      budgets: [],
      openings: new Map(),
      seats: [],
      credentials: [],
      requests: new Map(),
      delegations: new Map(),
      proposals: new Map(),
      matters: new Map(),
      instructions: [],
      signing: { two: false, pending: undefined, signers: new Map() },
      blocked: new Map(),
      withdrawn: new Map(),
      lines: [],
      emergencies: [],
    };
    this.rooms.set(id, fresh);
    return fresh;
  }

  write(draft: Draft): void {
    const room = this.room(draft.client);
    const at = new Date(this.now).toISOString();
    const leaf = { ...draft.fields, t: draft.t, id: draft.id, at };
    room.lines.push({
      origin: `log/${draft.client}`,
      index: room.lines.length,
      leaf,
      groups: draft.groups ?? {},
    });
  }

  readonly authority: Authority = {
    inTouch: () => true,
    client: async (id) => this.inForce(id),
    refresh: async (id) => this.inForce(id),
    door: () => Promise.resolve(undefined),
    tool: () => Promise.resolve(undefined),
    run: async (command) => {
      this.commands.push(command);
      if (this.failing !== 'no') throw new Fault('ledger_unavailable', 'test');
      return this.perform(command) as never;
    },
    end: async (what, cause, by) => this.end(what, cause, by),
    endCommandLine: async (hash) => {
      if (this.failing !== 'no') throw new Fault('ledger_unavailable', 'test');
      const ends = [...this.rooms.keys()].map((client) =>
        this.end({ client, commandLine: hash }, 'signed-out', undefined),
      );
      const openings = ends.flatMap((one) => one.openings);
      const ended = this.commandLines.delete(hash);
      return { openings, exchanges: 0, cutMs: 0, recorded: true, ended };
    },
    withdraw: async (id, grantId, to, by) => {
      const room = this.room(id);
      const found = room.grants.get(grantId);
      if (found !== undefined && this.failing === 'no') room.grants.set(grantId, { ...found, status: to });
      else room.withdrawn.set(grantId, to);
      return this.end({ client: id, grant: grantId }, to, by);
    },
  };

  /** As the writer judges it; what is one is kept. */
  private emergency(room: Room, { opening, emergency, fields }: Extract<Command, { do: 'declare' }>) {
    const clause = room.grants.get(opening.grant)?.emergency;
    if (emergency === undefined) return undefined;
    if (clause === undefined) throw new Fault('ledger_conflict', 'no clause');
    const { systems, purpose, id, grant: used, reference } = opening;
    const need = { systems, purpose, operations: String(fields.operations).split(' '), as: emergency.as };
    if ([...room.grants.values()].some((one) => permitsOrdinarily(one, need, this.now)))
      return 'emergency_needless' as const;
    const mark = markOf((_, value) => value, reference);
    const refused = clauseRefused(used, clause, room.emergencies, mark, this.now);
    if (refused !== undefined) return refused;
    const until = reviewBy(clause, this.now);
    room.emergencies.unshift({ opening: id, grant: used, at: this.now, mark, reviewBy: until });
    return undefined;
  }

  private lengthen(opening: Opening, endsAt: number, grant: string): Opening {
    const extended = { ...opening, endsAt, grant };
    this.room(opening.client).openings.set(opening.id, extended);
    return extended;
  }

  private inForce(id: string): InForce {
    if (this.failing === 'all') throw new Fault('ledger_unavailable', 'test');
    const { epoch, grants, openings, seats, blocked, withdrawn } = this.room(id);
    const live = new Map([...openings].filter(([, opening]) => opening.endedAt === undefined));
    const [own] = this.room(id).instructions;
    const noticed = this.endings.book(id).statements[0]?.said.endsAt;
    const found = { epoch, openings: live, seats, blocked, withdrawn, ...(noticed && { noticed }) };
    if (own === undefined) return { ...found, grants };
    const instructions = own.said;
    const narrowed = new Map([...grants].map(([key, grant]) => [key, { ...grant, instructions }]));
    return { ...found, grants: narrowed, instructions };
  }

  private perform(command: Command): Answers[keyof Answers] {
    const receipt = { origin: 'log', index: 0, at: this.now };
    switch (command.do) {
      case 'tool': {
        const found = this.room(command.client).openings.get(command.opening);
        return found === undefined || found.endsAt <= this.now ? { refused: 'opening_ended' } : { ok: true };
      }
      case 'command-line': {
        const { session } = command;
        if (this.signedOut.has(session.login)) return { refused: 'signed_out' };
        this.commandLines.set(session.hash, { ...session, madeAt: this.now, usedAt: this.now });
        return { ok: true, closedWith: [] };
      }
      case 'command-line-used': {
        const found = this.commandLines.get(command.hash);
        if (found !== undefined) this.commandLines.set(command.hash, { ...found, usedAt: this.now });
        return { ok: found !== undefined };
      }
      case 'command-line-end':
        return { ended: this.commandLines.delete(command.hash), closedWith: [] };
      case 'declare': {
        const room = this.room(command.opening.client);
        if (this.moves > 0) {
          this.moves -= 1;
          room.epoch += 1;
        }
        if (command.epoch !== room.epoch) return { moved: room.epoch };
        const missing = this.missing.get(command.opening.grant);
        if (missing !== undefined) return missing;
        const owed = [...this.rooms.values()]
          .flatMap(({ openings }) => [...openings.values()])
          .filter((one) => one.person === command.opening.person && one.referenceDue !== undefined);
        if (owed.length > mostOwed) return { owed: owed.length };
        const refused = this.emergency(room, command);
        if (refused !== undefined) return { refused };
        const { declared } = command.fields;
        const unsaid = [...this.rooms.values()]
          .flatMap(({ openings }) => [...openings.values()])
          .filter(
            (one) =>
              one.person === command.opening.person &&
              one.said === 'owed' &&
              countsAsUnsaid(endOf(one), this.now),
          );
        if (declared !== undefined && unsaid.length > mostUnsaid) return { unsaid: unsaid.length };
        const referenceDue = owedUntil(command.opening.reference, this.now);
        room.openings.set(command.opening.id, {
          ...command.opening,
          ...(referenceDue === undefined ? {} : { referenceDue }),
          ...(declared === undefined ? {} : { said: 'owed' as const }),
        });
        if (command.code !== undefined) this.codes.set(command.code.hash, command.code);
        this.write({
          client: command.opening.client,
          t: 'session.opened',
          id: command.opening.id,
          fields: command.fields,
          groups: command.groups,
          person: command.opening.person,
        });
        return { receipt };
      }
      case 'review-emergency': {
        const { emergencies, seats } = this.room(command.client);
        const { by, outcome, note } = command;
        const signer = seats.find(({ id }) => 'seat' in by && by.seat === id);
        if (signer === undefined || signer.role === 'reader') return { refused: 'not_seated' };
        if ((signer.grantsFrom ?? 0) > this.now) return { refused: 'not_yet' };
        const at = emergencies.findIndex(({ opening }) => opening === command.opening);
        const found = emergencies[at];
        if (found === undefined) return { refused: 'emergency_unknown' };
        if (found.review !== undefined) return { refused: 'reviewed_already' };
        emergencies[at] = { ...found, review: { at: this.now, outcome, note, seat: signer.id } };
        return { receipt };
      }
      case 'say-outside': {
        const { openings } = this.room(command.client);
        const found = openings.get(command.opening);
        if (found === undefined || found.person !== command.person) return { refused: 'opening_unknown' };
        const end = endOf(found);
        const refused = sayingFault({ end, said: found.said }, command.text, this.now);
        if (refused !== undefined) return { refused };
        const late = isLate(end, this.now);
        openings.set(found.id, { ...found, said: { at: this.now, text: command.text } });
        this.write({
          client: command.client,
          t: 'session.declared',
          id: `d${this.room(command.client).lines.length}`,
          fields: { session: found.id, ended: new Date(end).toISOString(), ...(late ? { late } : {}) },
          groups: { ...command.groups, work: { said: command.text } },
        });
        return { receipt, late };
      }
      case 'copy-keep': {
        const mine = this.copies.filter(
          ({ client, opening, person, kept, gone }) =>
            client === command.client &&
            opening === command.opening &&
            person === command.person &&
            kept === undefined &&
            gone === undefined,
        );
        if (mine.length === 0) return { refused: 'copies_none' };
        const { place, custodian } = command;
        for (const copy of mine)
          this.copies[this.copies.indexOf(copy)] = { ...copy, kept: { at: this.now, place, custodian } };
        return { receipt, copies: mine.length };
      }
      case 'copy-gone': {
        const { by, how, done, text } = command;
        for (const id of command.copies) {
          const at = this.copies.findIndex((copy) => copy.id === id && copy.client === command.client);
          const copy = this.copies[at];
          if (copy === undefined || (!by.contact && copy.person !== by.person))
            return { refused: 'copy_unknown' };
          if (copy.gone !== undefined) return { refused: 'copy_gone' };
          const said = by.contact ? ('contact' as const) : ('taker' as const);
          this.copies[at] = { ...copy, gone: { at: this.now, how, done, by: said, text } };
        }
        return { gone: command.copies.length };
      }
      case 'ending-set':
      case 'ending-look':
      case 'ending-notify':
      case 'ending-certify':
        return this.endings.run(command, this.now);
      case 'correct': {
        const { openings } = this.room(command.client);
        const found = openings.get(command.opening);
        if (found === undefined || found.person !== command.person) return { refused: 'opening_unknown' };
        const { reference, note } = command;
        const owed = found.referenceDue !== undefined;
        const state = { ...found, declaredAt: found.openedAt, owed, corrections: 0 };
        const judged = judgeCorrection(state, command, this.now);
        if ('refused' in judged) return judged;
        if (judged.changes.length === 0) return { already: true };
        const { referenceDue: _, ...rest } = found;
        openings.set(found.id, { ...rest, reference, note });
        this.write({
          client: command.client,
          t: 'session.corrected',
          id: `c${this.room(command.client).lines.length}`,
          fields: {
            session: found.id,
            what: judged.changes.join(' '),
            ...(command.check === undefined ? {} : { reference_check: command.check }),
          },
          groups: {
            ...command.groups,
            work: { reference, note, old_reference: found.reference, old_note: found.note },
          },
        });
        return { receipt };
      }
      case 'extend': {
        const room = this.room(command.client);
        const found = room.openings.get(command.opening);
        if (command.epoch !== room.epoch) return { moved: room.epoch };
        if (found === undefined || found.endedAt !== undefined) return { refused: 'opening_ended' };
        if (command.from !== found.endsAt) return { refused: 'extended_already' };
        const missing = this.missing.get(found.grant);
        if (missing !== undefined) return missing;
        return { receipt, epoch: ++room.epoch, extended: this.lengthen(found, command.endsAt, found.grant) };
      }
      case 'code':
        this.codes.set(command.code.hash, command.code);
        return { ok: true };
      case 'append':
        this.write(command.draft);
        return { receipt };
      case 'grant': {
        const room = this.room(command.grant.client);
        if (!room.seats.some((one) => one.id === command.evidence.seat)) return { refused: 'not_seated' };
        if (room.grants.has(command.grant.id)) return { refused: 'grant_exists' };
        const signer = room.seats.find((one) => one.id === command.evidence.seat);
        if (signer?.role === 'delegate') {
          const { systems, purposes, operations, minutes = 0, firstUse, delegation } = command.grant;
          const frame = room.delegations.get(delegation ?? '');
          const wanted = { systems, purposes, operations, minutes, request: true, clock: firstUse?.minutes };
          if (frame?.status !== 'active' || outsideFrame(frame, wanted, this.now) !== undefined)
            return { refused: 'outside_frame' };
        }
        const { request } = command.grant;
        if (request !== undefined) {
          const asked = room.requests.get(request);
          if (asked === undefined || !isWaiting(asked, this.now)) return { refused: 'request_ended' };
          room.requests.set(request, {
            ...asked,
            status: 'approved',
            changedAt: this.now,
            grant: command.grant.id,
          });
        }
        const { proposal } = command.grant;
        if (proposal !== undefined) {
          const proposed = room.proposals.get(proposal);
          if (proposed === undefined || !isOpen(proposed, this.now)) return { refused: 'proposal_ended' };
          room.proposals.set(proposal, { ...proposed, status: 'accepted', grant: command.grant.id });
        }
        room.grants.set(command.grant.id, { ...command.grant, text: command.text });
        room.signing = {
          ...room.signing,
          signers: new Map([
            ...room.signing.signers,
            [command.grant.id, [signedBy(command.evidence.seat, this.now)]],
          ]),
        };
        if (room.signing.two)
          room.grants.set(command.grant.id, { ...command.grant, status: 'waiting', text: command.text });
        const status = room.signing.two ? 'waiting' : 'active';
        const running = room.openings.get(command.grant.session ?? '');
        if (running === undefined || status === 'waiting') return { receipt, epoch: room.epoch, status };
        const extended = this.lengthen(running, command.grant.until, command.grant.id);
        return { receipt, epoch: ++room.epoch, status, extended };
      }
      case 'sign': {
        const room = this.room(command.client);
        const found = room.grants.get(command.grant);
        const before = room.signing.signers.get(command.grant) ?? [];
        if (found === undefined) return { refused: 'grant_unknown' };
        if (before.some((one) => one.seat === command.evidence.seat)) return { refused: 'same_person' };
        if (found.status !== 'waiting' && found.confirmBy === undefined) return { refused: 'grant_settled' };
        const { confirmBy: _, ...grant } = found;
        room.grants.set(found.id, { ...grant, status: 'active' });
        const all: readonly Signer[] = [...before, signedBy(command.evidence.seat, this.now)];
        const signers = new Map([...room.signing.signers, [found.id, all] as const]);
        room.signing = { ...room.signing, signers };
        return { receipt, epoch: room.epoch, complete: true };
      }
      case 'rule': {
        const room = this.room(command.client);
        const { rule, evidence } = command;
        const { pending } = room.signing;
        if (rule.wish === 'on') room.signing = { ...room.signing, two: true };
        else if (pending === undefined)
          room.signing = { ...room.signing, pending: { ...rule, seat: evidence.seat, at: this.now } };
        else if (pending.seat === evidence.seat) return { refused: 'same_person' };
        else room.signing = { ...room.signing, two: false, pending: undefined };
        return { receipt, complete: rule.wish === 'on' || pending !== undefined };
      }
      case 'propose': {
        const { proposals } = this.room(command.proposal.client);
        if (proposals.has(command.proposal.id)) return { refused: 'proposal_exists' };
        proposals.set(command.proposal.id, command.proposal);
        return { receipt };
      }
      case 'decline': {
        const { proposals } = this.room(command.client);
        const found = proposals.get(command.proposal);
        if (found === undefined) return { refused: 'proposal_unknown' };
        if (!isOpen(found, this.now)) return { refused: 'proposal_ended' };
        proposals.set(found.id, { ...found, status: 'declined' });
        return { receipt };
      }
      case 'instruct': {
        const room = this.room(command.client);
        const said = readInstructions(command.text);
        if (said === undefined) throw new Fault('ledger_conflict', 'test');
        if (said.version !== room.instructions.length + 1) return { refused: 'version_stale' };
        room.instructions.unshift({ said, at: this.now, text: command.text });
        room.epoch += 1;
        return { receipt, epoch: room.epoch, instructions: said };
      }
      case 'request':
        this.room(command.request.client).requests.set(command.request.id, command.request);
        return { receipt };
      case 'request-say': {
        const { requests } = this.room(command.client);
        const asked = requests.get(command.request);
        if (asked === undefined) return { refused: 'request_unknown' };
        if (!isWaiting(asked, this.now)) return { refused: 'request_ended' };
        const early = command.say === 'reminded' ? reminderFault(asked, this.now) : undefined;
        if (early !== undefined) return { refused: early };
        const { from, to } = afterSaying[command.say];
        if (!(from as readonly string[]).includes(asked.status)) return { refused: 'request_turn' };
        const by = 'seat' in command.by ? command.by.seat : command.by.provider;
        const said = [...asked.said, { say: command.say, by, at: this.now, text: command.text }];
        requests.set(asked.id, { ...asked, status: to, changedAt: this.now, said });
        return { receipt };
      }
      case 'delegate': {
        const room = this.room(command.delegation.client);
        if (!room.seats.some((one) => one.id === command.delegation.seat))
          return { refused: 'delegate_gone' };
        room.delegations.set(command.delegation.id, { ...command.delegation, text: command.text });
        return { receipt };
      }
      case 'undelegate': {
        const room = this.room(command.client);
        const found = room.delegations.get(command.delegation);
        if (found?.status !== 'active') return { refused: 'delegation_unknown' };
        room.delegations.set(found.id, { ...found, status: 'revoked' });
        const ended = [...room.grants.values()].filter(({ delegation }) => delegation === found.id);
        for (const grant of ended) room.grants.set(grant.id, { ...grant, status: 'revoked' });
        return { epoch: ++room.epoch, grants: ended.map(({ id }) => id) };
      }
      case 'grant-status': {
        const room = this.room(command.client);
        const found = room.grants.get(command.grant);
        if (found === undefined) return { refused: 'grant_unknown' };
        if (found.status === 'revoked' || found.status === 'expired') return { refused: 'grant_ended' };
        if (found.status === command.to) throw new Fault('ledger_conflict', 'in that state already');
        const contested = [...room.matters.values()].some(
          (one) => one.status === 'open' && one.contested?.grant === command.grant,
        );
        if (command.to === 'active' && contested) return { refused: 'grant_contested' };
        room.grants.set(command.grant, { ...found, status: command.to });
        return { receipt, epoch: room.epoch, grant: found };
      }
      case 'seat': {
        const by = command.authorisedBy;
        if ('recovery' in by && !this.recoveries.delete(by.recovery.code))
          return { refused: 'recovery_unknown' };
        if ('invitation' in by && !this.invites.delete(by.invitation.link)) return { refused: 'link_used' };
        this.room(command.seat.client).seats.push(command.seat);
        return { receipt, replaced: 0 };
      }
      case 'invite': {
        const { link, code } = command.proof;
        this.invites.set(link, { code, nominee: command.nominee, byClient: command.by !== undefined });
        return { receipt };
      }
      case 'unseat': {
        const { seats, epoch } = this.room(command.client);
        const mine = seats.filter((one) => one.controller === command.controller);
        for (const one of mine) seats.splice(seats.indexOf(one), 1);
        return { epoch, accounts: mine };
      }
      case 'matter-open':
      case 'matter-say':
      case 'matter-close':
      case 'contest':
        return this.performMatter(command);
      case 'recovery-codes':
        return { receipt };
      case 'try-recovery': {
        const holder = this.recoveries.get(command.proof.code);
        return holder === undefined ? { refused: 'recovery_unknown' } : { holder };
      }
      case 'confirm-seat': {
        const { seats } = this.room(command.client);
        const at = seats.findIndex(
          (one) => one.controller === command.controller && (one.grantsFrom ?? 0) > this.now,
        );
        const found = seats[at];
        if (found === undefined) return { refused: 'nobody_waits' };
        const { grantsFrom: _, ...rest } = found;
        seats[at] = rest;
        return { receipt };
      }
      case 'arrivals-seen': {
        const { seats } = this.room(command.client);
        const at = seats.findIndex(({ id }) => id === command.seat);
        const found = seats[at];
        if (found !== undefined) seats[at] = { ...found, seenAt: this.now };
        return { ok: found !== undefined };
      }
      case 'try-invitation': {
        const found = this.invites.get(command.proof.link);
        if (found === undefined) return { refused: 'link_unknown', left: 0 };
        if (found.code !== command.proof.code) return { refused: 'code_wrong', left: 4 };
        return { nominee: found.nominee, byClient: found.byClient, expiresAt: this.now + day };
      }
      case 'connect': {
        const { connection } = command;
        const row = { ...connection, createdAt: this.now, usedAt: undefined, revokedAt: undefined };
        this.connections.set(command.hash, row);
        return { receipt };
      }
      case 'disconnect': {
        const found = [...this.connections].find(
          ([, one]) => one.id === command.connection && one.client === command.client,
        );
        if (found === undefined) return { refused: 'connection_unknown' };
        this.connections.set(found[0], { ...found[1], revokedAt: this.now });
        return { receipt };
      }
      case 'drill': {
        const room = this.room(command.client);
        const known = drillsOf(room.lines);
        const fault =
          command.drill === undefined
            ? beginningFault(known, this.now)
            : stoppingFault(known, command.drill, this.now);
        if (fault !== undefined) return { refused: fault };
        const drill = command.drill ?? `drill${room.lines.length}`;
        const ends = new Date(this.now + drillLimits.lasts).toISOString();
        this.write({
          client: command.client,
          t: 'drill.ran',
          id: `d${room.lines.length}`,
          fields: {
            drill,
            ...(command.drill === undefined ? { step: 'began', ends } : { step: 'stopped' }),
            ...command.by,
          },
        });
        return { receipt, drill };
      }
      case 'hook-add': {
        const { hook, client, by } = command;
        const { origin } = new URL(hook.address);
        const of = 'seat' in by ? by.seat : '';
        const row = { id: hook.id, client, seat: of, events: hook.events, origin };
        this.hooks.unshift({ ...row, addedAt: this.now, removedAt: undefined });
        this.secrets.set(hook.id, hook.secret);
        return { receipt };
      }
      case 'hook-remove': {
        const at = this.hooks.findIndex(({ id, client }) => id === command.hook && client === command.client);
        const found = this.hooks[at];
        if (found === undefined) return { refused: 'hook_unknown' };
        this.hooks[at] = { ...found, removedAt: this.now };
        return { receipt };
      }
      case 'view-save': {
        const kept = this.views.filter(({ of }) => of === `${command.client}/${command.controller}`);
        if (kept.length >= 20) return { refused: 'views_full' };
        this.views.push({ ...command.view, of: `${command.client}/${command.controller}` });
        return { ok: true };
      }
      case 'view-drop': {
        const at = this.views.findIndex(
          ({ id, of }) => id === command.id && of === `${command.client}/${command.controller}`,
        );
        if (at >= 0) this.views.splice(at, 1);
        return { dropped: at >= 0 };
      }
      default:
        throw new Error(`not for the portal: ${command.do}`);
    }
  }

  private everyMatter(): readonly Matter[] {
    return [...this.rooms.values()].flatMap(({ matters }) => [...matters.values()]);
  }

  /** The commands of matters, as the writer answers them. */
  private performMatter(command: MatterCommand): Answers[MatterCommand['do']] {
    const receipt = { origin: 'log', index: 0, at: this.now };
    const { matters, openings, blocked, grants, seats } = this.room(command.client);
    if ('seat' in command.by) {
      const { seat: id, controller } = command.by;
      if (!seats.some((one) => one.id === id && one.controller === controller))
        return { refused: 'not_seated' };
    }
    if (command.do === 'contest') return this.performContest(command);
    const who = 'seat' in command.by ? command.by.seat : command.by.provider;
    const by = 'seat' in command.by ? ('client' as const) : ('provider' as const);
    if (command.do === 'matter-open') {
      const { id, opening, what } = command.matter;
      const about = openings.get(opening) ?? blocked.get(opening);
      if (matters.has(id)) return { already: id };
      if (about === undefined) return { refused: 'opening_unknown' };
      const open = [...matters.values()].filter(({ status }) => status === 'open');
      const same = open.find((one) => one.what === 'dispute' && one.opening === opening);
      if (what === 'dispute' && same !== undefined) return { already: same.id };
      if (what === 'dispute' && grants.get(about.grant)?.status === 'active')
        return { active: [about.grant] };
      if (what === 'question' && open.length >= mostQuestions) return { refused: 'too_many_matters' };
      matters.set(id, {
        ...{ id, client: command.client, opening, what, controller: command.by.controller, status: 'open' },
        ...{ openedAt: this.now, dueAt: command.due, changedAt: this.now },
        said: [{ id, by, who, at: this.now, text: command.text }],
      });
      return { receipt };
    }
    const found = matters.get(command.matter);
    if (found === undefined) return { refused: 'matter_unknown' };
    if (found.said.some(({ id }) => id === command.id)) return { already: true };
    if (found.status === 'closed') return { refused: 'matter_closed' };
    const said = [...found.said, { id: command.id, by, who, at: this.now, text: command.text }];
    if (command.do === 'matter-close') {
      const closer = seats.find(({ id }) => id === who);
      const contested = found.contested && grants.get(found.contested.grant);
      if (command.outcome === 'withdrawn' && contested?.status !== 'revoked')
        return { refused: 'grant_live' };
      if (found.controller !== closer?.controller && closer?.role !== 'representative')
        return { refused: 'not_yours' };
      const outcome = command.outcome === undefined ? {} : { outcome: command.outcome };
      matters.set(found.id, { ...found, said, status: 'closed', ...outcome });
    } else {
      const dueAt = found.contested ? undefined : dueAfter(found, by, command.due);
      matters.set(found.id, { ...found, said, dueAt });
    }
    return { receipt };
  }

  private performContest(command: ContestCommand): ContestAnswer {
    const { id, client, contested, by, text } = command;
    const { matters, grants } = this.room(client);
    const receipt = { origin: 'log', index: 0, at: this.now };
    const found = grants.get(contested.grant);
    if (matters.has(id)) return { already: id };
    if (found === undefined) return { refused: 'grant_unknown' };
    if (found.status !== 'active' && found.status !== 'suspended') return { refused: 'grant_ended' };
    const mine = this.everyMatter().filter((one) => one.status === 'open' && isContestOf(one, by.provider));
    const same = mine.find((one) => one.contested?.grant === found.id);
    if (same !== undefined) return { already: same.id };
    if (mine.length >= mostContests[by.role]) return { refused: 'too_many_contests' };
    grants.set(found.id, { ...found, status: 'suspended' });
    matters.set(
      id,
      contestOf(id, {
        client,
        contested,
        openedAt: this.now,
        changedAt: this.now,
        said: [{ id, by: 'provider', who: by.provider, at: this.now, text }],
      }),
    );
    return { receipt, ...(found.status === 'active' ? { epoch: 2 } : {}) };
  }

  private end(what: Ending, cause: EndCause, by: Actor | undefined): Ended {
    this.ends.push({ what, cause, by });
    const room = this.room(what.client ?? '');
    const hit = [...room.openings.values()].filter(
      (opening) =>
        opening.endedAt === undefined &&
        (what.opening === undefined || opening.id === what.opening) &&
        (what.grant === undefined || opening.grant === what.grant) &&
        (what.commandLine === undefined || opening.commandLine === what.commandLine) &&
        (what.reference === undefined || opening.reference === what.reference),
    );
    for (const opening of hit) {
      if (this.failing !== 'no') {
        room.blocked.set(opening.id, opening);
        room.openings.delete(opening.id);
      } else room.openings.set(opening.id, { ...opening, endedAt: this.now, endCause: cause });
    }
    return { openings: hit.map(({ id }) => id), exchanges: 1, cutMs: 2.5, recorded: this.failing === 'no' };
  }

  readonly archive: Archive = {
    inForce: async (id) => {
      const room = this.room(id);
      return {
        epoch: room.epoch,
        grants: [...room.grants.values()],
        openings: [...room.openings.values()],
        seats: room.seats,
      };
    },
    signing: async (id) => this.room(id).signing,
    proposals: async (id) => [...this.room(id).proposals.values()].toReversed(),
    requests: async (id) => [...this.room(id).requests.values()].toReversed(),
    delegations: async (id) => [...this.room(id).delegations.values()],
    requestsOf: async (who) =>
      [...this.rooms.values()].flatMap(({ requests }) =>
        [...requests.values()].filter(({ person }) => person === who),
      ),
    matters: async (id) => [...this.room(id).matters.values()].toReversed(),
    matterAt: async (id) => this.everyMatter().find((one) => one.id === id),
    contestsOf: async (who) => this.everyMatter().filter((one) => isContestOf(one, who)),
    mattersOpen: async () =>
      this.everyMatter()
        .filter(({ status }) => status === 'open')
        .sort((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity)),
    views: async (client, controller) => this.views.filter(({ of }) => of === `${client}/${controller}`),
    credentials: async (id) => this.room(id).credentials,
    door: async () => undefined,
    tool: async () => undefined,
    epochs: async () => new Map(),
    rulesChanged: async () => new Map(),
    sizes: async () => new Map(),
    slices: async () => new Map(),
    rulesText: async () => undefined,
    grants: async (id) => [...this.room(id).grants.values()],
    grantEnds: async (id, ids) =>
      new Map(
        ids.flatMap((one) => {
          const grant = this.room(id).grants.get(one);
          return grant === undefined ? [] : [[one, grant.until] as const];
        }),
      ),
    budgets: async (id) => this.room(id).budgets,
    instructions: async (id) => this.room(id).instructions,
    ending: async (id) => this.endings.book(id),
    endingStates: async () => this.endings.states([...this.rooms.keys()]),
    openingsOf: async (who, limit) =>
      [...this.rooms.values()]
        .flatMap((room) => [...room.openings.values()])
        .filter((opening) => opening.person === who)
        .sort((a, b) => b.openedAt - a.openedAt)
        .slice(0, limit),
    openingsWithin: async (who, { from, until }, { before, limit }) =>
      [...this.rooms.values()]
        .flatMap((room) => [...room.openings.values()])
        .filter((one) => one.person === who && one.openedAt < until && (one.endedAt ?? one.endsAt) >= from)
        .sort((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1))
        .filter(
          ({ openedAt, id }) =>
            before === undefined || openedAt < before.at || (openedAt === before.at && id < before.id),
        )
        .slice(0, limit),
    ownOpening: async (who, id) =>
      [...this.rooms.values()].map((room) => room.openings.get(id)).find((one) => one?.person === who),
    emergencies: async (id) => this.room(id).emergencies,
    owed: async (id) =>
      [...this.room(id).openings.values()].filter(({ referenceDue }) => referenceDue !== undefined),
    unsaid: async (id) => [...this.room(id).openings.values()].filter(({ said }) => said === 'owed'),
    copies: async (id) => this.copies.filter(({ client }) => client === id),
    copiesOf: async (who) => this.copies.filter(({ person, gone }) => person === who && gone === undefined),
    copyDeadlines: async () => ({ passed: [], next: undefined }),
    copiesIn: async (id, at) => this.copies.filter(({ client, opening }) => client === id && opening === at),
    codeLocks: async (_, since) => this.codeLocks.filter(({ at }) => at >= since),
    connections: async (id) => [...this.connections.values()].filter(({ client }) => client === id),
    connection: async (hash) => this.connections.get(hash),
    commandLine: async (hash) => this.commandLines.get(hash),
    commandLines: async (login) => [...this.commandLines.values()].filter((one) => one.login === login),
    hooks: async (id) => this.hooks.filter(({ client }) => client === id),
    liveHooks: async () => this.hooks,
    hookTarget: async () => undefined,
    openingsPage: async (id) => [...this.room(id).openings.values()],
    requestsPage: async (id) => [...this.room(id).requests.values()],
    openingAt: async (id, opening) =>
      this.room(id).openings.get(opening) ?? this.room(id).blocked.get(opening),
    requestAt: async (id, request) => this.room(id).requests.get(request),
    passkey: async () => undefined,
    login: async () => undefined,
    besideLogin: async () => [],
    token: async () => undefined,
    learned: async () => ({ bindings: [], directory: [], controllers: [], notices: [] }),
    busyClients: async () => [...this.rooms.keys()],
    lines: async (query) => this.linesOf(query),
    head: async (id) =>
      this.rooms.has(id)
        ? {
            origin: `log/${id}`,
            size: 3,
            checkpoint: `log/${id}\n3\nroot\n\n— log/${id} sig\n`,
            verifierKey: `log/${id}+key`,
          }
        : undefined,
    export: async function* (id) {
      yield new Uint8Array(Buffer.from(`PK zip of ${id}`));
    },
    events: async () => ({ rows: [], next: undefined, more: false }),
    take: async function* ({ client, format }) {
      yield new Uint8Array(Buffer.from(`${format} of ${client}`));
    },
    fsck: async () => [],
    close: async () => {},
  };

  private linesOf(query: LineQuery): readonly Line[] {
    return this.room(query.client)
      .lines.filter(
        (line) =>
          (query.kinds === undefined || (query.kinds as readonly unknown[]).includes(line.leaf.t)) &&
          (query.session === undefined ||
            line.leaf.session === query.session ||
            line.leaf.id === query.session) &&
          (query.before === undefined || line.index < query.before.index),
      )
      .toReversed()
      .slice(0, query.limit)
      .map((line) => ({
        ...line,
        groups: Object.fromEntries(
          Object.entries(line.groups).filter(([name]) => query.disclose.includes(name)),
        ),
      }));
  }

  readonly cutters: Cutters = {
    cut: () => 0,
    running: (id) => this.running.filter((exchange) => exchange.client === id),
    counts: () => ({ exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 }),
    forget: () => {},
  };
}
