/**
 * While somebody works, their identity provider is asked again at least every five minutes whether it still stands by
 * the sign-in, by using its refresh token. A refusal ends the sign-in and all that hangs on it at once; a provider that
 * does not answer is bridged for half an hour. Sign-ins without a refresh token cannot be asked about. Tokens are kept
 * sealed, so that a restart asks on; they are never logged.
 */
import * as oidc from 'openid-client';
import type { Login } from '../core/commands.ts';
import type { IdentityProvider } from '../core/model.ts';
import type { Archive, Clock, Ledger, Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';
import type { RelyingParties } from './relying-party.ts';

export interface Vouching {
  /** A sign-in that has just been recorded, with its refresh token. Throws Fault when that cannot be kept. */
  begin(login: Login, token: string): Promise<void>;
  /** Asks about everybody who works and is due. Never throws; runs by itself every few seconds. */
  check(): Promise<void>;
  close(): void;
}

export interface VouchingOptions {
  readonly policies: Policies;
  readonly parties: RelyingParties;
  readonly ledger: Pick<Ledger, 'run'>;
  readonly archive: Pick<Archive, 'login' | 'token'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Sign-ins on which an opening hangs now. */
  readonly working: () => Iterable<string>;
  /** Ends a sign-in; what cannot be recorded at once is tried again by whoever provides this. */
  readonly end: (login: string) => Promise<void>;
  /** Milliseconds after which a sign-in is due again; by default a minute less than the five it may take. */
  readonly due?: number;
}

/** How long a provider may fail to answer before what it would have to stand by ends, in milliseconds. */
export const bridged = 30 * 60_000;

const standardDue = 4 * 60_000;
const tick = 5_000;
const pauseAfterFailure = 15_000;
const atOnce = 32;
const most = 10_000;

interface Held {
  readonly issuer: string;
  readonly sub: string;
  token: string;
  /** The token is newer than the one in the database. */
  unsaved: boolean;
  /** Monotonic milliseconds. */
  confirmedAt: number;
  failingSince: number | undefined;
  asking: Promise<void> | undefined;
}

export function createVouching(options: VouchingOptions): Vouching {
  const due = options.due ?? standardDue;
  const held = new Map<string, Held>();
  /** Sign-ins that have no token. */
  const mute = new Set<string>();
  /** Until when a provider that failed is left alone, by issuer; monotonic. */
  const pauses = new Map<string, number>();
  let checking: Promise<void> | undefined;

  function hold(id: string, entry: Held): Held {
    held.set(id, entry);
    for (const [oldest, { unsaved }] of held) {
      if (held.size <= most) break;
      if (!unsaved) held.delete(oldest);
    }
    return entry;
  }

  /** From memory, else as an earlier run left it; undefined when there is no token. */
  async function find(id: string): Promise<Held | undefined> {
    const known = held.get(id);
    if (known !== undefined || mute.has(id)) return known;
    const [login, kept] = await Promise.all([options.archive.login(id), options.archive.token(id)]);
    if (login === undefined || kept === undefined) {
      if (mute.size >= most) mute.clear();
      mute.add(id);
      return undefined;
    }
    const { issuer, subject, sub = subject } = login;
    const now = options.clock.monotonic();
    const confirmedAt = now - Math.max(0, options.clock.now() - kept.confirmedAt);
    // A restart is no fresh start: the half hour runs from when this sign-in was due.
    const failingSince = confirmedAt + due < now ? confirmedAt + due : undefined;
    return hold(id, {
      issuer,
      sub,
      token: kept.token,
      unsaved: false,
      confirmedAt,
      failingSince,
      asking: undefined,
    });
  }

  async function checkOne(id: string): Promise<void> {
    const entry = await find(id);
    if (entry === undefined || options.clock.monotonic() - entry.confirmedAt < due) return;
    const provider = options.policies.current().providers.find(({ issuer }) => issuer === entry.issuer);
    if (provider === undefined) return;
    entry.asking ??= ask(id, entry, provider).finally(() => {
      entry.asking = undefined;
    });
    await entry.asking;
  }

  async function ask(id: string, entry: Held, provider: IdentityProvider): Promise<void> {
    const now = options.clock.monotonic();
    if (now < (pauses.get(provider.issuer) ?? 0)) return endIfTooLong(id, entry, provider);
    try {
      if (entry.unsaved) await keep(id, entry);
      await use(entry, provider, options.parties);
    } catch (error) {
      if (isRefusal(error)) return end(id, provider, 'refused');
      options.log.warn('sign_in_not_confirmed', { provider: provider.id, reason: reasonOf(error) });
      pauses.set(provider.issuer, options.clock.monotonic() + Math.min(pauseAfterFailure, due));
      entry.failingSince ??= now;
      return endIfTooLong(id, entry, provider);
    }
    entry.confirmedAt = options.clock.monotonic();
    entry.failingSince = undefined;
    await keep(id, entry).catch((error: unknown) => options.log.warn('token_not_kept', { error }));
  }

  async function endIfTooLong(id: string, entry: Held, provider: IdentityProvider): Promise<void> {
    entry.failingSince ??= options.clock.monotonic();
    if (options.clock.monotonic() - entry.failingSince >= bridged) await end(id, provider, 'unanswered');
  }

  async function end(id: string, provider: IdentityProvider, reason: string): Promise<void> {
    held.delete(id);
    options.log.info('sign_in_ended_by_provider', { provider: provider.id, login: id, reason });
    await options.end(id);
  }

  /** A rotated token must be safe before it is used, or a crash would leave us with one that is used up. */
  async function keep(id: string, entry: Held): Promise<void> {
    entry.unsaved = true;
    const confirmedAt = options.clock.now() - Math.round(options.clock.monotonic() - entry.confirmedAt);
    await options.ledger.run({ do: 'token', login: id, token: entry.token, confirmedAt });
    entry.unsaved = false;
  }

  async function checkAll(): Promise<void> {
    const queue = new Set(options.working()).values();
    const lane = async (): Promise<void> => {
      for (const id of queue)
        await checkOne(id).catch((error: unknown) => options.log.warn('sign_in_not_checked', { error }));
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }

  const check = (): Promise<void> => {
    checking ??= checkAll().finally(() => {
      checking = undefined;
    });
    return checking;
  };
  const timer = setInterval(() => void check(), Math.min(tick, due)).unref();

  return {
    async begin({ id, issuer, subject, sub = subject }, token) {
      const confirmedAt = options.clock.monotonic();
      const fresh = { issuer, sub, token, confirmedAt, failingSince: undefined, asking: undefined };
      await keep(id, hold(id, { ...fresh, unsaved: true }));
    },
    check,
    close: () => clearInterval(timer),
  };
}

/** The provider answered for somebody else. */
class AnotherPerson extends Error {}

/** One use of the token. The one that the provider gives instead takes its place. */
async function use(entry: Held, provider: IdentityProvider, parties: RelyingParties): Promise<void> {
  const { patient } = await parties.of(provider, Number.POSITIVE_INFINITY);
  const answer = await oidc.refreshTokenGrant(patient, entry.token);
  const claims = answer.claims();
  if (claims !== undefined && claims.sub !== entry.sub) throw new AnotherPerson();
  if (answer.refresh_token === undefined) return;
  entry.token = answer.refresh_token;
  entry.unsaved = true;
}

/** What a provider says when it no longer stands by this sign-in. Its own troubles, and ours with it, are not that. */
const refusals: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
]);

function isRefusal(error: unknown): boolean {
  if (error instanceof AnotherPerson) return true;
  return error instanceof oidc.ResponseBodyError && error.status < 500 && refusals.has(error.error);
}

function reasonOf(error: unknown): string {
  if (error instanceof oidc.ResponseBodyError) return error.error.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 60);
  return Error.isError(error) && 'code' in error ? String(error.code) : 'unknown';
}
