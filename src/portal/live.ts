/**
 * Pieces of pages that follow what happens: server-sent events, each the whole piece as it is now, sent when it changed.
 * Bounded in number, age and what waits in a socket. Whether its reader may still see it is looked at on every tick, and
 * a doubt ends the stream. However many watch one client, a tick asks the log each question once.
 */
import type { JSX } from 'preact';
import { Fault } from '../core/faults.ts';
import { accountKey } from '../core/model.ts';
import type { Archive, InForce } from '../core/ports.ts';
import { clientIn, whoAt } from './client-address.ts';
import { noteReading, type Seated, seatedOf } from './controller.ts';
import { memoryOf, saveMemory } from './memory.ts';
import { onceEach } from './once-each.ts';
import { seatsOf } from './own-seats.ts';
import { Refusal } from './refusal.ts';
import { pieceOf } from './render.tsx';
import { may, roleOf } from './roles.ts';
import { texts } from './texts.ts';
import { snapshotFor, type Visit } from './visit.ts';

/** Milliseconds between looks, between signs of life, and after which a stream must be asked for anew; and how many. */
export const liveLimits = {
  tick: 400,
  heartbeat: 15_000,
  life: 300_000,
  stuck: 30_000,
  perAccount: 4,
  together: 400,
} as const;
export type LiveLimits = { readonly [K in keyof typeof liveLimits]: number };

/** `again`: only its time is over. `gone`: the sign-in. `moved`: the seat or its role. `cut`: it cannot be said, or we are stopping. */
type End = 'again' | 'gone' | 'moved' | 'cut';

/** The piece as this visit may see it now. May throw Fault: it cannot be read. */
export type Piece = (visit: Visit, seated: Seated) => Promise<JSX.Element>;

interface Watcher {
  readonly visit: Visit;
  readonly piece: Piece;
  readonly account: string;
  /** What was sent last; undefined: nothing yet. */
  sent: string | undefined;
  age: number;
  silent: number;
  stuck: number;
}

interface Room {
  readonly client: string;
  readonly watchers: Set<Watcher>;
  archive: Archive;
  /** What its pieces were made of. */
  state: string;
  timer: NodeJS.Timeout | undefined;
  looking: boolean;
}

export class LivePages {
  readonly #limits: LiveLimits;
  readonly #rooms = new Map<string, Room>();
  #closed = false;

  constructor(limits: LiveLimits = liveLimits) {
    this.#limits = limits;
  }

  /**
   * Answers a visit with a stream of a piece of `view`; the look is noted as any other. Throws Refusal 406 when no
   * stream was asked for, 429 or 503 when there are too many.
   */
  async open(visit: Visit, view: string, piece: Piece): Promise<void> {
    const { req, res, deps } = visit;
    if (req.get('accept') !== 'text/event-stream')
      throw new Refusal(406, 'not_a_stream', texts.controller.notAPage.title, texts.controller.notAPage.next);
    const seated = await seatedOf(visit);
    const account = accountKey(seated.controller.issuer, seated.controller.subject);
    this.#admit(account);
    await noteReading(visit, seated, view);
    deps.csrf.token(req);
    memoryOf(req);
    // Saved now, so that the end of a long answer does not write what the session held at its beginning.
    await saveMemory(req);
    // Others may have come while the log was written, or this one gone.
    this.#admit(account);
    if (res.closed || req.socket.destroyed) return;
    res.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      connection: 'close',
    });
    res.flushHeaders();
    this.#join(seated.client.id, { visit, piece, account, sent: undefined, age: 0, silent: 0, stuck: 0 });
  }

  /** Streams that are open now. */
  get size(): number {
    return this.#all().length;
  }

  /** Ends all streams, and lets nobody open another. */
  close(): void {
    this.#closed = true;
    for (const room of this.#rooms.values())
      for (const watcher of [...room.watchers]) this.#end(room, watcher, 'cut');
  }

  #all(): readonly Watcher[] {
    return [...this.#rooms.values()].flatMap(({ watchers }) => [...watchers]);
  }

  #admit(account: string): void {
    const all = this.#all();
    const words = texts.controller.tooManyLive;
    if (this.#closed || all.length >= this.#limits.together)
      throw new Refusal(503, 'live_full', words.title, words.next);
    if (all.filter((one) => one.account === account).length >= this.#limits.perAccount)
      throw new Refusal(429, 'live_too_many', words.title, words.next);
  }

  #join(client: string, watcher: Watcher): void {
    const room = this.#rooms.get(client) ?? this.#newRoom(client, watcher.visit.deps.archive);
    room.watchers.add(watcher);
    watcher.visit.res.once('close', () => this.#leave(room, watcher));
    if (!room.looking) this.#schedule(room, 0);
  }

  #newRoom(client: string, archive: Archive): Room {
    const watchers = new Set<Watcher>();
    const room: Room = { client, watchers, archive, state: '', timer: undefined, looking: false };
    this.#rooms.set(client, room);
    return room;
  }

  #leave(room: Room, watcher: Watcher): void {
    room.watchers.delete(watcher);
    if (room.watchers.size > 0) return;
    clearTimeout(room.timer);
    if (this.#rooms.get(room.client) === room) this.#rooms.delete(room.client);
  }

  #end(room: Room, watcher: Watcher, why: End): void {
    this.#leave(room, watcher);
    const { res } = watcher.visit;
    if (!res.destroyed) res.end(eventOf('end', why));
  }

  #schedule(room: Room, after: number): void {
    clearTimeout(room.timer);
    room.timer = setTimeout(() => void this.#tick(room), after);
    room.timer.unref();
  }

  async #tick(room: Room): Promise<void> {
    room.looking = true;
    try {
      await this.#look(room);
    } catch (error) {
      const [first] = room.watchers;
      first?.visit.deps.log.error('live pages failed', { error });
      for (const watcher of [...room.watchers]) this.#end(room, watcher, 'cut');
    }
    room.looking = false;
    if (room.watchers.size > 0) this.#schedule(room, this.#limits.tick);
  }

  async #look(room: Room): Promise<void> {
    const [first] = room.watchers;
    if (first === undefined) return;
    const { deps } = first.visit;
    const inForce = await deps.authority.client(room.client);
    const archive = onceEach(deps.archive);
    const state = await stateOf(first.visit, room.client, inForce, archive);
    if (state !== room.state) room.archive = archive;
    const changed = state !== room.state;
    room.state = state;
    for (const watcher of [...room.watchers]) {
      const fresh = await stillSeated(watcher, room.client, inForce);
      if (!room.watchers.has(watcher)) continue;
      if (typeof fresh === 'string') this.#end(room, watcher, fresh);
      else if (watcher.age >= this.#limits.life) this.#end(room, watcher, 'again');
      else await this.#serve(room, watcher, fresh, changed || watcher.sent === undefined);
    }
  }

  /** Sends what is new to one who still may see it. A socket that does not take it gets the newest once it does. */
  async #serve(room: Room, watcher: Watcher, seated: Seated, due: boolean): Promise<void> {
    const { tick, heartbeat, stuck } = this.#limits;
    const { visit } = watcher;
    watcher.age += tick;
    watcher.silent += tick;
    if (visit.res.writableNeedDrain) {
      watcher.stuck += tick;
      watcher.sent = undefined;
      if (watcher.stuck >= stuck) visit.res.destroy();
      return;
    }
    watcher.stuck = 0;
    const piece = due ? await pieceFor(watcher, room, seated) : watcher.sent;
    if (!room.watchers.has(watcher)) return;
    if (piece === undefined) return this.#end(room, watcher, 'cut');
    if (piece !== watcher.sent) say(watcher, eventOf('piece', piece));
    else if (watcher.silent >= heartbeat) say(watcher, ':\n\n');
    watcher.sent = piece;
  }
}

function say(watcher: Watcher, text: string): void {
  watcher.visit.res.write(text);
  watcher.silent = 0;
}

function eventOf(name: string, data: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The piece as it is now; undefined: it cannot be read. */
async function pieceFor(watcher: Watcher, room: Room, seated: Seated): Promise<string | undefined> {
  const { visit, piece } = watcher;
  const { deps } = visit;
  try {
    const now = {
      ...visit,
      deps: { ...deps, archive: room.archive },
      snapshot: snapshotFor(deps, visit.signedIn.who),
      now: deps.clock.now(),
    };
    return pieceOf(await piece(now, seated), visit.res);
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** All that may change a piece, in short: the newest line, what is in force, what runs, and the minute. */
async function stateOf(visit: Visit, client: string, inForce: InForce, archive: Archive): Promise<string> {
  const { deps } = visit;
  const [newest] = await archive
    .lines({ client, limit: 1, disclose: [] })
    .catch((error: unknown) => (error instanceof Fault ? ['unread' as const] : Promise.reject(error)));
  return JSON.stringify([
    typeof newest === 'object' ? [newest.origin, newest.index] : newest,
    [...inForce.openings.values()].map(({ id, endsAt, endedAt }) => [id, endsAt, endedAt]),
    [...inForce.blocked.keys()],
    deps.cutters.running(client).map(({ id, up, down }) => [id, up, down]),
    deps.policies.current().hash,
    Math.floor(deps.clock.now() / 60_000),
  ]);
}

/** Who watches, as they stand now; otherwise why they may not, as `End` has it. */
async function stillSeated(
  { visit }: Watcher,
  client: string,
  inForce: InForce,
): Promise<Seated | 'gone' | 'moved' | 'cut'> {
  const { deps, req } = visit;
  const found = await deps.signIn.still(req).catch(() => 'cut' as const);
  if (found === 'cut') return 'cut';
  if (found === undefined) return 'gone';
  const named = deps.policies.current().clients.get(client);
  const who = whoAt(found.who, clientIn(visit.res));
  if (who?.kind !== 'controller' || named === undefined) return 'moved';
  const { controller } = who;
  if (controller.client !== client || !may(roleOf(who), visit.act)) return 'moved';
  const [seat] = seatsOf(inForce, controller);
  return seat === undefined ? 'moved' : { client: named, controller, seat, inForce };
}
