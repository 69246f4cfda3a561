/**
 * Machines that ask to be signed in, and the codes by which a person confirms one (RFC 8628). In memory: nothing that a stranger
 * asks for may reach a disk. A code lives ten minutes, is confirmed once and fetched once; after a restart one asks again.
 */
import { commandLineLife, secretHash, userCode } from '../../core/command-line.ts';
import { neighbourhood, network } from '../../core/networks.ts';

/** A machine that waits. */
export interface Asking {
  readonly userCode: string;
  readonly name: string;
  readonly address: string;
  /** Wall clock. */
  readonly askedAt: number;
}

export type PollRefusal = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token';

/** Who tries a code, and from where: wrong ones are counted for both. */
export interface Guesser {
  readonly person: string;
  readonly address: string;
}

interface Kept extends Asking {
  readonly deviceHash: string;
  /** Monotonic. */
  readonly expiresAt: number;
  answer: 'none' | 'refused' | { readonly login: string };
  polledAt: number;
  interval: number;
}

/** Seconds between two questions; each that comes too early adds five. */
export const pollInterval = 2;
const slower = 5;
/** Machines that may wait at once, of them from one address, and from its neighbourhood. */
const most = { together: 1_000, fromOne: 20, near: 100 } as const;
/** Wrong codes in ten minutes. */
const mostWrong = { person: 5, address: 20 } as const;
const remembered = 10_000;

const isNear =
  (there: string) =>
  ({ address }: Asking): boolean =>
    neighbourhood(address) === neighbourhood(there);

/** Those of the place that has most of them, oldest first. */
function crowd(waiting: readonly Kept[], placeOf: (address: string) => string): readonly Kept[] {
  const groups = [...Map.groupBy(waiting, ({ address }) => placeOf(address)).values()];
  return groups.reduce((busiest, one) => (one.length > busiest.length ? one : busiest), []);
}

export class DeviceCodes {
  readonly #waiting = new Map<string, Kept>();
  readonly #wrong = new Map<string, { count: number; readonly since: number }>();

  /**
   * Undefined: too many wait from there. Where all places are taken, one that nobody answered yet is taken from whoever holds most of
   * them, so a crowd keeps nobody out but itself. `now` as everywhere here: monotonic milliseconds.
   */
  begin(
    asking: Omit<Asking, 'userCode'>,
    random: (bytes: number) => Buffer,
    now: number,
  ): { readonly deviceCode: string; readonly userCode: string } | undefined {
    this.#forget(now);
    const all = [...this.#waiting.values()];
    const near = all.filter(isNear(asking.address));
    const same = near.filter(({ address }) => network(address) === network(asking.address));
    if (same.length >= most.fromOne || near.length >= most.near) return undefined;
    if (all.length >= most.together && !this.#makeRoom(all, near.length)) return undefined;
    const deviceCode = random(32).toString('base64url');
    const code = userCode(random(32));
    if (this.#waiting.has(code)) return undefined;
    this.#waiting.set(code, {
      ...asking,
      ...{ userCode: code, deviceHash: secretHash(deviceCode), expiresAt: now + commandLineLife.code },
      ...{ answer: 'none', polledAt: Number.NEGATIVE_INFINITY, interval: pollInterval },
    });
    return { deviceCode, userCode: code };
  }

  /** The machine of a code that was not answered yet; each wrong code counts. */
  look(code: string | undefined, by: Guesser, now: number): Asking | 'unknown' | 'too_many' {
    this.#forget(now);
    const limits = [
      [`person ${by.person}`, mostWrong.person],
      [`address ${network(by.address)}`, mostWrong.address],
    ] as const;
    if (limits.some(([key, limit]) => (this.#wrong.get(key)?.count ?? 0) >= limit)) return 'too_many';
    const found = code === undefined ? undefined : this.#waiting.get(code);
    if (found !== undefined && found.answer === 'none') return found;
    for (const [key] of limits) {
      const counted = this.#wrong.get(key);
      if (counted !== undefined) counted.count += 1;
      else if (this.#wrong.size < remembered) this.#wrong.set(key, { count: 1, since: now });
    }
    return 'unknown';
  }

  /** Answers the machine of a code, the first time. `login`: whose sign-in it gets; undefined: it is refused. */
  settle(
    code: string | undefined,
    login: string | undefined,
    by: Guesser,
    now: number,
  ): Asking | 'unknown' | 'too_many' {
    const found = this.look(code, by, now);
    const kept = typeof found === 'string' ? undefined : this.#waiting.get(found.userCode);
    if (kept !== undefined) kept.answer = login === undefined ? 'refused' : { login };
    return found;
  }

  /** What the machine with this secret gets: once the sign-in, and until then how it stands. */
  poll(deviceCode: string, now: number): PollRefusal | (Asking & { readonly login: string }) {
    this.#forget(now);
    const hash = secretHash(deviceCode);
    const kept = [...this.#waiting.values()].find(({ deviceHash }) => deviceHash === hash);
    if (kept === undefined) return 'expired_token';
    const early = now - kept.polledAt < kept.interval * 1_000;
    kept.polledAt = now;
    if (early) {
      kept.interval += slower;
      return 'slow_down';
    }
    if (kept.answer === 'none') return 'authorization_pending';
    this.#waiting.delete(kept.userCode);
    return kept.answer === 'refused' ? 'access_denied' : { ...kept, login: kept.answer.login };
  }

  /** False: nobody holds more than whoever asks would. */
  #makeRoom(all: readonly Kept[], held: number): boolean {
    const open = all.filter(({ answer }) => answer === 'none');
    const busiest = crowd(open, neighbourhood);
    if (busiest.length <= held) return false;
    const [oldest] = crowd(busiest, network);
    return oldest !== undefined && this.#waiting.delete(oldest.userCode);
  }

  #forget(now: number): void {
    for (const [code, { expiresAt }] of this.#waiting) if (expiresAt <= now) this.#waiting.delete(code);
    for (const [key, { since }] of this.#wrong)
      if (now - since >= commandLineLife.code) this.#wrong.delete(key);
  }
}
