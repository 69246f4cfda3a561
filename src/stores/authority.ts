/**
 * What is in force, in memory: each client's epoch, grants and openings, loaded on first use. Acts of this process
 * are folded in at once, acts of others when the epoch moves (asked every second). A stop blocks and cuts here
 * first and records afterwards; if it cannot be recorded the block stays and recording is tried again. A process
 * that has not read epochs for 3 s, or cannot write the log for 5 s, ends what it runs.
 */
import type { Actor, AnswerOf, Command, RunOutcome } from '../core/commands.ts';
import type { EndCause, Grant, Opening } from '../core/model.ts';
import type { Authority, Door, Ended, Ending, InForce } from '../core/ports.ts';
import type { Tool } from '../core/tool.ts';
import { type FoldHands, fold } from './authority-fold.ts';
import { cutGone } from './authority-gone.ts';
import { type AuthorityDeps, endWhatIsBlind, inTouch } from './authority-lease.ts';
import { type Manner, OwedStops } from './authority-owed.ts';
import { createLiveTools, type LiveTools } from './authority-tools.ts';
import { type Held, heldAfter, isMeant } from './held.ts';

export class LiveAuthority implements Authority {
  readonly #deps: AuthorityDeps;
  readonly #held = new Map<string, Held>();
  readonly #loading = new Map<string, Promise<Held>>();
  readonly #next = new Map<string, Promise<Held>>();
  readonly #doors = new Map<
    string,
    { readonly client: string; readonly opening: string; readonly system: string }
  >();
  /** Openings ended here, for good: a late load must not bring them back. */
  readonly #ended = new Set<string>();
  readonly #owed: OwedStops;
  /** Command lines that were signed out here and not in the database yet. */
  readonly #linesOwed = new Set<string>();
  readonly #tools: LiveTools;
  readonly #hands: FoldHands;
  #timer: NodeJS.Timeout | undefined;
  #epochsReadAt: number;
  #polling = false;
  /** Acts that were folded in, counted. */
  #folded = 0;
  #instructedHook: () => void = () => undefined;

  constructor(deps: AuthorityDeps) {
    this.#deps = deps;
    this.#owed = new OwedStops(deps, {
      run: (owed) => this.run(owed),
      told: (client, opening) => this.#told(client, opening),
      reload: (client) => this.#load(client),
    });
    this.#tools = createLiveTools(deps.archive, this.#held, (opening) => this.#stillOpen(opening));
    this.#hands = {
      held: (client) => this.#held.get(client),
      cutters: deps.cutters,
      door: (cookieHash, door) => this.#doors.set(cookieHash, door),
      ended: (opening) => this.#ended.add(opening),
      resumed: (grant) => this.#owed.resumed(grant),
      instructed: () => this.#instructedHook(),
      reload: (client) => void this.#load(client).catch(() => undefined),
    };
    this.#epochsReadAt = deps.clock.monotonic();
  }

  /** Called, before anything else runs, when a client's own instructions in force here have changed. */
  onInstructed(hook: () => void): void {
    this.#instructedHook = hook;
  }

  /** Starts asking for epochs. */
  start(): void {
    this.#timer = setInterval(() => void this.#tick(), this.#deps.timing.epochInterval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  inTouch(): boolean {
    return inTouch(this.#deps, this.#epochsReadAt);
  }

  client(id: string): InForce | Promise<InForce> {
    return this.#held.get(id) ?? this.#loading.get(id) ?? this.#load(id);
  }

  refresh(id: string): Promise<InForce> {
    return this.#load(id);
  }

  door(cookieHash: string): Door | Promise<Door | undefined> {
    const known = this.#doors.get(cookieHash);
    const opening =
      known === undefined ? undefined : this.#held.get(known.client)?.openings.get(known.opening);
    if (known !== undefined && opening !== undefined) return { opening, system: known.system };
    return this.#findDoor(cookieHash);
  }

  tool(hash: string): Tool | Promise<Tool | undefined> {
    return this.#tools.find(hash);
  }

  async run<C extends Command>(command: C): Promise<AnswerOf<C>> {
    const answer = await this.#deps.ledger.run(command);
    this.#folded += 1;
    fold(command, answer as AnswerOf<Command>, this.#hands);
    return answer;
  }

  /** Sign-ins on which a live opening hangs. */
  *working(): Iterable<string> {
    for (const { openings } of this.#held.values()) for (const { login } of openings.values()) yield login;
  }

  async end(what: Ending, cause: EndCause, by: Actor | undefined, outcome?: RunOutcome): Promise<Ended> {
    if (what.client !== undefined) await this.client(what.client);
    const { openings, exchanges, cutMs } = this.#cutNow(what, cause);
    const recorded = await this.#recordEnds(openings, { cause, by, cutMs, outcome });
    return { openings: openings.map(({ id }) => id), exchanges, cutMs, recorded };
  }

  async endCommandLine(hash: string): Promise<Ended & { readonly ended: boolean }> {
    const { openings, exchanges, cutMs } = this.#cutNow({ commandLine: hash }, 'signed-out');
    const ends = this.#endsOf(openings, { cause: 'signed-out', by: undefined, cutMs });
    const closings = ends.flatMap((one) => one.closings);
    const record = () => this.run({ do: 'command-line-end', hash, closings });
    const answer = await this.#owed.recordTogether(ends, record).catch((error: unknown) => {
      this.#linesOwed.add(hash);
      throw error;
    });
    this.#linesOwed.delete(hash);
    const closed = answer.closedWith.flatMap((one) => one.openings);
    return { openings: closed, exchanges, cutMs, recorded: true, ended: answer.ended };
  }

  /** In force here from the moment that this is called. */
  #cutNow(what: Ending, cause: EndCause) {
    const startedAt = this.#deps.clock.monotonic();
    const openings = [...this.#matching(what)];
    for (const opening of openings) this.#block(opening);
    let exchanges = 0;
    for (const opening of openings)
      exchanges += this.#deps.cutters.cut({ opening: opening.id }, `terminated:${cause}`);
    return { openings, exchanges, cutMs: Math.ceil(this.#deps.clock.monotonic() - startedAt) };
  }

  async withdraw(client: string, grant: string, to: 'revoked' | 'suspended', by: Actor): Promise<Ended> {
    const held = await this.client(client);
    const known = held.grants.get(grant);
    if (known?.status === to && !this.#owed.withdrawn.has(grant)) return this.end({ client, grant }, to, by);
    // In force here first: no new exchange passes from this line on, whatever the log says.
    if (known !== undefined) this.#held.get(client)?.grants.set(grant, { ...known, status: to });
    this.#owed.withdrawn.set(grant, to);
    const cutAt = this.#deps.clock.now();
    const startedAt = this.#deps.clock.monotonic();
    const exchanges = this.#deps.cutters.cut({ client, grant }, `terminated:${to}`);
    const cutMs = Math.ceil(this.#deps.clock.monotonic() - startedAt);
    const recorded = await this.#owed.record({ do: 'grant-status', client, grant, to, by, cutAt });
    const ended = await this.end({ client, grant }, to, by);
    return {
      openings: ended.openings,
      exchanges: exchanges + ended.exchanges,
      cutMs: Math.max(cutMs, ended.cutMs),
      recorded: recorded && ended.recorded,
    };
  }

  /** The openings in force that this process knows, each with its agreement. */
  live(): readonly { readonly opening: Opening; readonly grant: Grant | undefined }[] {
    return [...this.#held.values()].flatMap(({ openings, grants }) =>
      [...openings.values()].map((opening) => ({ opening, grant: grants.get(opening.grant) })),
    );
  }

  /** Ends what no longer qualifies: openings past their end, or whose grant is no longer active. */
  async #expire(now: number): Promise<void> {
    for (const held of this.#held.values()) {
      for (const opening of [...held.openings.values()]) {
        const grant = held.grants.get(opening.grant);
        if (grant?.status !== 'active')
          await this.end(
            { client: opening.client, opening: opening.id },
            grant?.status === 'suspended' ? 'suspended' : 'revoked',
            undefined,
          );
        // A running transfer may still finish; it carries its own end.
        else if (opening.endsAt <= now && !this.#isRunning(opening))
          await this.end({ client: opening.client, opening: opening.id }, 'expired', undefined);
      }
    }
  }

  #isRunning(opening: Opening): boolean {
    return this.#deps.cutters.running(opening.client).some((exchange) => exchange.opening === opening.id);
  }

  *#matching(what: Ending): Iterable<Opening> {
    for (const [client, held] of this.#held) {
      if (what.client !== undefined && what.client !== client) continue;
      for (const opening of held.openings.values()) {
        if (isMeant(opening, what)) yield opening;
      }
    }
  }

  #block(opening: Opening): void {
    this.#ended.add(opening.id);
    const held = this.#held.get(opening.client);
    held?.blocked.set(opening.id, opening);
    held?.openings.delete(opening.id);
  }

  /** Writes `session.closed` for openings that have been ended here. False: owed, and tried again every second. */
  async #recordEnds(openings: readonly Opening[], manner: Manner): Promise<boolean> {
    let recorded = true;
    for (const one of this.#endsOf(openings, manner)) recorded = (await this.#owed.record(one)) && recorded;
    return recorded;
  }

  /** What is written of openings that have been ended here: one command for each client. */
  #endsOf(openings: readonly Opening[], { cause, by, cutMs, outcome }: Manner) {
    const cutAt = this.#deps.clock.now();
    return [...Map.groupBy(openings, (opening) => opening.client)].map(([client, mine]) => ({
      ...{ do: 'close' as const, client, by },
      closings: mine.map(({ id }) => ({
        ...{ opening: id, cause, cutMs, cutAt, counts: this.#deps.cutters.counts(id) },
        ...(outcome === undefined ? {} : { outcome }),
      })),
    }));
  }

  /** An end is in the log: nothing of the opening need be kept here. */
  #told(client: string, opening: string): void {
    this.#deps.cutters.forget(opening);
    this.#held.get(client)?.blocked.delete(opening);
  }

  async #findDoor(cookieHash: string): Promise<Door | undefined> {
    const found = await this.#deps.archive.door(cookieHash);
    const opening = found && (await this.#stillOpen(found.opening));
    if (found === undefined || opening === undefined) return undefined;
    this.#doors.set(cookieHash, { client: opening.client, opening: opening.id, system: found.system });
    return { opening, system: found.system };
  }

  /** The same opening as it is in force; undefined: it has ended, here or in the log. */
  async #stillOpen({ client, id }: Opening): Promise<Opening | undefined> {
    if (this.#ended.has(id)) return undefined;
    const held = await this.client(client);
    return held.openings.get(id) ?? (await this.#load(client)).openings.get(id);
  }

  /** Reads a client's state: one reading at a time, begun after it was asked for, or a commit would be missed. What ended stays so. */
  #load(client: string): Promise<Held> {
    const running = this.#loading.get(client);
    if (running !== undefined) {
      const next = this.#next.get(client) ?? running.catch(() => undefined).then(() => this.#load(client));
      this.#next.set(client, next);
      return next;
    }
    this.#next.delete(client);
    const loading = this.#read(client).finally(() => this.#loading.delete(client));
    this.#loading.set(client, loading);
    return loading;
  }

  async #read(client: string): Promise<Held> {
    const first = !this.#held.has(client);
    const laid = first ? await this.#deps.notes.read(client) : [];
    let folded: number;
    let found: Awaited<ReturnType<AuthorityDeps['archive']['inForce']>>;
    // Nothing can be folded into what is not held yet: an act of ours meanwhile asks for another reading.
    do {
      folded = this.#folded;
      found = await this.#deps.archive.inForce(client);
    } while (first && folded !== this.#folded);
    const before = this.#held.get(client);
    const owed = first ? this.#owed.leftBehind(client, found, laid, this.#deps.clock.now()) : [];
    const openings: Opening[] = [];
    const orphans: Opening[] = [];
    for (const opening of found.openings) {
      if (this.#ended.has(opening.id)) continue;
      openings.push(opening);
      if (before === undefined && (await this.#isOrphan(opening))) orphans.push(opening);
    }
    // An act of ours may have been committed and folded while this reading was on its way.
    if (before !== undefined && before.epoch > found.epoch) return before;
    const held = heldAfter(found, openings, before, this.#owed.withdrawn);
    this.#held.set(client, held);
    for (const one of owed)
      for (const { opening } of one.do === 'close' ? one.closings : []) {
        const known = held.openings.get(opening);
        if (known !== undefined) this.#block(known);
      }
    for (const one of owed)
      this.#owed.record(one).catch((error: unknown) => this.#deps.log.warn('epochs not read', { error }));
    for (const orphan of orphans) this.#block(orphan);
    if (orphans.length > 0) void this.#recordEnds(orphans, { cause: 'signed-out', by: undefined, cutMs: 0 });
    if (before !== undefined) cutGone(before, held, this.#ended, this.#deps.cutters);
    if (before === undefined) return held;
    if (before.instructions?.textHash !== held.instructions?.textHash || before.noticed !== held.noticed)
      this.#instructedHook();
    return held;
  }

  /** A process that died between ending a sign-in and its openings leaves them to us. */
  async #isOrphan({ login: id, commandLine }: Opening): Promise<boolean> {
    const { archive } = this.#deps;
    const login = await archive.login(id);
    if (login === undefined || login.endedAt !== undefined) return true;
    return commandLine !== undefined && (await archive.commandLine(commandLine)) === undefined;
  }

  /** Once a second: leases, epochs of others, what is owed, what has expired. Never throws. */
  async #tick(): Promise<void> {
    endWhatIsBlind(this.#deps, this.#epochsReadAt);
    if (this.#polling) return;
    this.#polling = true;
    try {
      // They are as old as the question: an answer may lie for long before a frozen process finds it.
      const askedAt = this.#deps.clock.monotonic();
      const epochs = await this.#deps.archive.epochs();
      this.#epochsReadAt = askedAt;
      for (const [client, held] of [...this.#held])
        if ((epochs.get(client) ?? 0) > held.epoch) await this.#load(client);
      await this.#owed.pay();
      for (const hash of [...this.#linesOwed]) await this.endCommandLine(hash).catch(() => undefined);
      await this.#expire(this.#deps.clock.now());
      this.#forgetDoors();
      this.#tools.sweep();
    } catch (error) {
      this.#deps.log.warn('epochs not read', { error });
    } finally {
      this.#polling = false;
    }
  }

  /** Cookies of openings that are over need no memory. */
  #forgetDoors(): void {
    for (const [hash, door] of this.#doors) {
      if (!this.#held.get(door.client)?.openings.has(door.opening)) this.#doors.delete(hash);
    }
  }
}
