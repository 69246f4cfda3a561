/** A portal for tests over its small world: the ports in memory, and a header that says who is signed in. */
import { randomBytes } from 'node:crypto';
import type { RequestHandler } from 'express';
import { Router } from 'express';
import session from 'express-session';
import { Fault } from '../../src/core/faults.ts';
import type { Snapshot, Who } from '../../src/core/model.ts';
import type { History } from '../../src/core/ports.ts';
import { createCsrf } from '../../src/identity/csrf.ts';
import type { PortalDeps, SignedIn } from '../../src/portal/deps.ts';
import { LivePages } from '../../src/portal/live.ts';
import { createPortal } from '../../src/portal/portal.ts';
import { createRecordSigner } from '../../src/stores/record-signer.ts';
import { Memory } from './memory.ts';
import { issuer, makeSnapshot, start } from './world-rules.ts';
import { grant, seat } from './world-things.ts';

export const nonceHash = 'n'.repeat(43);
export const wish = { system: 'acme/erp', f: 'abcdefghijk', n: nonceHash };

export interface World {
  readonly memory: Memory;
  readonly deps: PortalDeps;
  readonly app: ReturnType<typeof createPortal>;
  readonly snapshot: Snapshot;
  readonly logged: { readonly level: string; readonly event: string; readonly fields: unknown }[];
}

/** Nothing was counted yet; tests of the history bring the real one. */
const noHistory: History = {
  page: async () => ({ stories: [], next: undefined, total: 0, searchedTo: undefined, behind: undefined }),
  terms: async () => ({
    systems: [],
    purposes: [],
    operations: [],
    results: [],
    emergencies: [],
    routes: [],
    people: [],
    cut: false,
  }),
  bars: async () => [],
  story: async () => undefined,
  lines: async () => undefined,
  lastLine: async () => undefined,
  settled: async () => {},
  close: async () => {},
};

/** A portal where the header `x-test-user` says who is signed in. */
export function makeWorld(more: Partial<PortalDeps> = {}): World {
  const memory = new Memory();
  const snapshot = makeSnapshot();
  for (const [who, id, role] of [
    ['claire', 'acme', 'representative'],
    ['marc', 'acme', 'reader'],
    ['dana', 'acme', 'delegate'],
    ['nadia', 'martin', 'representative'],
  ] as const) {
    memory.room(id).seats.push(seat(who, id, role));
  }
  memory.room('acme').grants.set('g1', { ...grant('g1'), text: '{}' });
  const logged: { level: string; event: string; fields: unknown }[] = [];
  const note = (level: string) => (event: string, fields?: unknown) => {
    logged.push({ level, event, fields });
  };
  const portalUrl = new URL('https://portal.example');
  const deps: PortalDeps = {
    portalUrl,
    evaluation: true,
    policies: { current: () => snapshot },
    rulesChangedAt: () => Date.UTC(2026, 10, 20),
    refusedMail: async () => new Map(),
    policyState: () => ({ readAt: start, faults: [], unread: false }),
    authority: memory.authority,
    archive: memory.archive,
    history: { ...noHistory },
    cutters: memory.cutters,
    live: new LivePages(),
    clock: { now: () => memory.now, monotonic: () => memory.now },
    log: { error: note('error'), warn: note('warn'), info: note('info'), debug: note('debug') },
    random: randomBytes,
    sessions: session({
      secret: 'test',
      resave: false,
      saveUninitialized: false,
      name: 'portal',
      cookie: { secure: false },
    }) as RequestHandler,
    signIn: signInByHeader(snapshot, memory),
    csrf: createCsrf({ portalUrl }),
    totpSecret: () => 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    passkeys: {
      registrationOptions: async () => ({ challenge: 'register' }),
      verifyRegistration: async (_req, answer) =>
        answer === 'good' ? { method: 'passkey', credentialId: 'cred', publicKey: 'pub' } : undefined,
      assertionOptions: async (textHash) => ({ challenge: textHash }),
      verifyAssertion: async (answer) =>
        answer === 'good'
          ? { method: 'passkey', signature: 'sig', authenticatorData: 'data', clientData: 'client' }
          : undefined,
    },
    people: {
      joined: () => undefined,
      parted: () => undefined,
      hasRead: (person, version) =>
        memory.noticesRead.some((one) => one.person === person && one.version === version),
      readNotice: async (read) => {
        if (memory.failing !== 'no') throw new Fault('ledger_unavailable', 'test');
        memory.noticesRead.push(read);
      },
    },
    tickets: { ask: async () => undefined },
    hookStates: async () => [],
    hookDeliveries: async () => [],
    evaluationSign: (textHash) => ({
      method: 'evaluation-key',
      signature: `over ${textHash}`,
      authenticatorData: '',
      clientData: '',
    }),
    records: createRecordSigner({ master: Buffer.alloc(32, 3) }, portalUrl.host),
    jwks: { keys: [] },
    ...more,
  };
  return { memory, deps, app: createPortal(deps), snapshot, logged };
}

function signInByHeader(snapshot: Snapshot, memory: Memory): PortalDeps['signIn'] {
  const who: PortalDeps['signIn']['who'] = (req) => {
    const name = req.headers['x-test-user'];
    const known = typeof name === 'string' ? snapshot.accounts.get(name) : undefined;
    return known === undefined || typeof name !== 'string' ? undefined : signedIn(name, known);
  };
  return {
    routes: Router(),
    who,
    still: async (req) => who(req),
    behind: async (login) => {
      const name = login.slice('login-'.length);
      const known = memory.signedOut.has(login) ? undefined : snapshot.accounts.get(name);
      return known === undefined ? undefined : signedIn(name, known);
    },
    begin: async () => true,
    byMail: { ask: async () => undefined, enter: async () => ({ refused: 'no_attempt' }) },
    end: async () => undefined,
    admitStranger: () => true,
    admitGuess: () => true,
    require: () => (req, res, next) => {
      if (who(req) !== undefined) next();
      else if (req.method === 'GET') res.redirect(303, '/sign-in');
      else res.status(401).end();
    },
  };
}

function signedIn(name: string, who: Who): SignedIn {
  return {
    who,
    login: {
      id: `login-${name}`,
      issuer,
      subject: name,
      sid: undefined,
      who: name,
      acr: undefined,
      amr: ['pwd', 'mfa'],
      authTime: start,
      startedAt: start,
    },
    authentication: { acr: undefined, amr: ['pwd', 'mfa'], at: start },
  };
}

/** The value of a hidden field of a page. */
export function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}
