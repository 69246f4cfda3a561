/**
 * The portal put together: sessions, sign-in, passkeys, directory and pages over the parts that app.ts made. Part of the
 * composition root.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, Secrets } from './config.ts';
import type { HookQueue } from './core/hooks.ts';
import type { Mailbox, RefusedAddresses } from './core/mail.ts';
import type { IdentityProvider, Person, ProviderUser, Snapshot } from './core/model.ts';
import type { Archive, Authority, Clock, History, PolicyState } from './core/ports.ts';
import { robotsIn } from './core/robots.ts';
import { toBase32, totpBytes } from './core/totp.ts';
import type { createGatewayState, Gateway } from './gateway/gateway.ts';
import { guardedLookup } from './gateway/upstream-address.ts';
import { createCsrf } from './identity/csrf.ts';
import type { EvaluationSigner } from './identity/evaluation-signer.ts';
import { createPasskeys } from './identity/passkeys.ts';
import { createPortalSessions } from './identity/portal-session.ts';
import { createScim } from './identity/scim.ts';
import { createSignIn, type SignIn } from './identity/sign-in.ts';
import type { Log } from './log.ts';
import type { PortalDeps } from './portal/deps.ts';
import { languageFor } from './portal/language.ts';
import { LivePages } from './portal/live.ts';
import { createNoticeRenderer } from './portal/notice.tsx';
import { signInMail } from './portal/notice-mail.ts';
import { createPortal } from './portal/portal.ts';
import { createTicketDesk } from './portal/ticket-desk.ts';
import type { LiveAuthority } from './stores/authority.ts';
import type { PortalSessionStore } from './stores/hashed-session-store.ts';
import type { Keys } from './stores/keys.ts';
import type { People } from './stores/people.ts';
import { createSqliteSessionStore } from './stores/portal-sessions-sqlite.ts';
import type { PortalThread } from './stores/portal-thread.ts';
import { createRecordSigner } from './stores/record-signer.ts';

export interface PortalOptions {
  readonly log: Log;
  /** Milliseconds after which an identity provider is asked again about whoever works; see vouching.ts. */
  readonly confirmAfter?: number;
  /** Client secrets of identity providers; by default read from the provider's `secret_file` in the keys folder. */
  readonly clientSecret?: (provider: IdentityProvider) => string | undefined;
}

const hour = 3_600_000;
const minute = 60_000;

export interface PortalParts {
  /** Where sessions are kept, unless that is in Redis. */
  readonly thread: PortalThread;
  readonly people: People;
  readonly authority: LiveAuthority;
  readonly signer: EvaluationSigner | undefined;
  refusedMail(): Promise<RefusedAddresses>;
  policyState(): PolicyState;
  rulesChangedAt(client: string | undefined): number | undefined;
  readonly hookStates: HookQueue['hookStates'];
  readonly hookDeliveries: HookQueue['hookDeliveries'];
  readonly providerHook: PortalDeps['providerHook'];
  readonly archive: Archive;
  readonly history: History;
  readonly mailbox: Pick<Mailbox, 'offer'>;
  readonly clock: Clock;
  readonly keys: Keys;
  readonly gateway: Gateway;
  readonly state: ReturnType<typeof createGatewayState>;
}

/** Sessions, sign-in, passkeys and pages. */
export async function composePortal(
  config: Config,
  secrets: Secrets,
  options: PortalOptions,
  parts: PortalParts,
) {
  const { log } = options;
  const {
    people,
    authority,
    archive,
    history,
    clock,
    keys,
    gateway,
    state,
    signer,
    rulesChangedAt,
    hookStates,
    hookDeliveries,
    providerHook,
  } = parts;
  const ticketSecret =
    secrets.ticketSecret === undefined
      ? undefined
      : Buffer.from(secrets.ticketSecret.slice('whsec_'.length), 'base64');
  const store = await sessionStore(config, secrets, parts, log);
  const sessions = createPortalSessions({ store, secret: keys.sessions.toString('base64url'), clock, log });
  const style = {
    render: createNoticeRenderer({ evaluation: config.evaluation, policies: people, rulesChangedAt }),
    language: languageFor,
  };
  const passkeys = createPasskeys({
    rpId: config.portalUrl.hostname,
    origin: config.portalUrl.origin,
    clock,
  });
  const signIn = createSignIn({
    passkeys,
    sendCode: (to, code) => {
      const client = people.current().clients.get(to.client);
      if (client === undefined) return;
      const mail = signInMail(to, code, { portalUrl: config.portalUrl, client, snapshot: people.current() });
      parts.mailbox.offer([mail]).catch((error: unknown) => log.warn('sign_in_mail_not_sent', { error }));
    },
    ...style,
    policies: people,
    clientSecret: options.clientSecret ?? ((provider) => readSecret(config.keys, provider.secretFile)),
    ledger: authority,
    bind: (account, mail) => people.bind(account, mail),
    archive,
    clock,
    portalUrl: config.portalUrl,
    allowHttp: config.evaluation,
    log,
    working: () => authority.working(),
    ...(options.confirmAfter === undefined ? {} : { confirmAfter: options.confirmAfter }),
    cutFirst: async (logins) => {
      for (const login of logins) await authority.end({ login }, 'signed-out', undefined);
    },
    onLogout: async (openings, cause) => {
      for (const { client, id } of openings) await authority.end({ client, opening: id }, cause, undefined);
    },
  });
  const scim =
    secrets.scimToken === undefined
      ? undefined
      : createScim({
          token: secrets.scimToken,
          portalUrl: config.portalUrl,
          people,
          clock,
          log,
          out: (staff) => endAll([...staff, ...answeredBy(staff, people.current())], authority, signIn),
        });
  const live = new LivePages();
  // What an app is being set up with lies in no session store; it is shown anew after a restart.
  const totpKey = randomBytes(32);
  const listener = createPortal({
    live,
    portalUrl: config.portalUrl,
    evaluation: config.evaluation,
    policies: people,
    authority,
    archive,
    history,
    cutters: state.registry,
    clock,
    log,
    random: randomBytes,
    sessions: sessions.middleware,
    signIn,
    robots: signIn.robots,
    csrf: createCsrf({ portalUrl: config.portalUrl, ...style }),
    totpSecret: (nonce) =>
      toBase32(createHmac('sha256', totpKey).update(nonce).digest().subarray(0, totpBytes)),
    passkeys,
    people,
    ...(signer === undefined ? {} : { evaluationSign: (textHash: string) => signer.sign(textHash) }),
    refusedMail: parts.refusedMail,
    policyState: parts.policyState,
    rulesChangedAt,
    records: createRecordSigner(keys, config.portalUrl.host),
    hookStates,
    hookDeliveries,
    ...(providerHook === undefined ? {} : { providerHook }),
    jwks: gateway.assertions.jwks,
    ...(scim === undefined ? {} : { scim }),
    tickets: createTicketDesk({
      lookup: guardedLookup(config.evaluation),
      secret: (name) => readSecret(config.keys, name),
      log,
      signing: ticketSecret,
    }),
    ...(ticketSecret === undefined ? {} : { ticketSecret }),
    address: (req) => req.get('x-forwarded-for'),
  });
  return {
    listener,
    /** Ends the pages that follow what happens, which would otherwise never be over. */
    leave: () => live.close(),
    /** Providers may have changed: what was learned about them is looked up again. */
    policyChanged: () => signIn.forget(),
    async close() {
      signIn.close();
      await sessions.close();
    },
  };
}

/** The robots for which nobody answers any more. */
function answeredBy(staff: readonly (Person | ProviderUser)[], { people }: Snapshot): readonly Person[] {
  return robotsIn(people.values()).filter(({ robot }) => staff.some(({ id }) => id === robot.responsible));
}

/** Whoever is out: first what they have open, then their sign-ins. */
async function endAll(
  staff: readonly (Person | ProviderUser)[],
  authority: Authority,
  signIn: SignIn,
): Promise<void> {
  await Promise.all(
    staff.map(async (one) => {
      await authority.end({ person: one.id }, 'leaver', undefined);
      if (one.subject !== '') await signIn.end(one);
    }),
  );
}

/** Redis when an address is set, and only then is its client loaded; else the data folder. */
async function sessionStore(
  config: Config,
  secrets: Secrets,
  { clock, thread }: Pick<PortalParts, 'clock' | 'thread'>,
  log: Log,
): Promise<PortalSessionStore> {
  const technician = { idle: 3 * hour, absolute: 12 * hour };
  const timing = { idle: 30 * minute, absolute: 10 * hour, technician };
  if (secrets.redisUrl === undefined) {
    return createSqliteSessionStore({ path: join(config.data, 'portal.db'), clock, limits: timing, thread });
  }
  const { createRedisSessionStore } = await import('./stores/portal-sessions-redis.ts');
  return createRedisSessionStore({ url: secrets.redisUrl, clock, limits: timing, log });
}

function readSecret(folder: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').trim();
}
