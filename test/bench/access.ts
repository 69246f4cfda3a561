/**
 * Makes what a session of work needs, through the same commands that pages and gateway use: a seated representative,
 * a signed agreement, a sign-in, and declared and entered accesses with their cookies.
 */
import { hash, randomBytes } from 'node:crypto';
import type { App } from '../../src/app.ts';
import type { Client, ControllerUser, Grant, Opening, Operation, Snapshot } from '../../src/core/model.ts';
import { loadBuilt } from './built.ts';

const CLIENT = 'bench';
const SYSTEM = 'app';
const PERSON = 'alice';
const HOURS = 8 * 3_600_000;
const PURPOSES = {
  hotline: ['read'],
  support: ['read', 'write'],
  backup: ['read', 'copy'],
  move: ['read', 'write', 'copy'],
} as const;

export interface Access {
  readonly opening: string;
  /** Whole `name=value`. */
  readonly cookie: string;
}

/** Opens one more access of alice to the bench's system. */
export type OpenAccess = (purpose: keyof typeof PURPOSES) => Promise<Access>;

/** Agrees for the client and signs alice in; what comes back opens accesses, as many as are wanted. */
export async function agreeAndSignIn(app: App, snapshot: Snapshot): Promise<OpenAccess> {
  const now = Date.now();
  const grant = await agree(app, snapshot, now);
  const login = await signIn(app, snapshot, now);
  return async (purpose) => {
    const made = opening(snapshot, purpose, grant, login, Date.now());
    return { opening: made.id, cookie: await enter(app, snapshot, made, PURPOSES[purpose]) };
  };
}

function random(): string {
  return randomBytes(16).toString('base64url');
}

function hashed(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** RFC 3339 UTC. */
function instant(ms: number): string {
  return new Date(ms).toISOString();
}

async function agree(app: App, snapshot: Snapshot, now: number): Promise<string> {
  const client = snapshot.clients.get(CLIENT);
  const controller = client?.controllers[0];
  const signer = app.evaluation;
  if (!signer || !client || !controller)
    throw new Error('the bench needs evaluation keys and a representative');
  const { issuer, subject, name, role, authority } = controller;
  const who = { client: CLIENT, controller: controller.id, issuer, subject, name, role, authority };
  const how = { method: 'evaluation-key', credentialId: '', publicKey: signer.publicKey } as const;
  const seat = { id: random(), ...who, ...how, seatedAt: now };
  must(await app.authority.run({ do: 'seat', seat, authorisedBy: { evaluation: true } }));
  const { grant, text } = await grantOf(client, controller, seat.id, now);
  const evidence = {
    seat: seat.id,
    role: seat.role,
    language: 'en',
    ...signer.sign(grant.textHash),
  } as const;
  must(await app.authority.run({ do: 'grant', grant, text, evidence }));
  return grant.id;
}

async function grantOf(
  client: Client,
  by: ControllerUser,
  grantedBy: string,
  now: number,
): Promise<{ grant: Grant; text: string }> {
  const { writeGrantText } =
    await loadBuilt<typeof import('../../src/core/grant-text.ts')>('core/grant-text.js');
  const from = now - (now % 1000);
  const scope = {
    id: random(),
    client: CLIENT,
    version: 1,
    systems: [SYSTEM],
    purposes: Object.keys(PURPOSES),
    operations: ['read', 'write', 'copy'] as const,
    people: ['assigned', 'robot:copier'],
    from,
    until: from + 2 * HOURS,
  };
  const words = {
    client: client.name,
    provider: 'Bench Hosting',
    contact: client.contact.mail,
    systems: scope.systems,
    purposes: scope.purposes,
    people: 'assigned technicians',
    from: instant(scope.from),
    until: instant(scope.until),
    author: by.name,
    function: by.function,
    authority: by.authority,
  };
  const { text, textHash } = writeGrantText({ ...scope, language: 'en', words });
  const given = {
    status: 'active',
    upstreamAccount: undefined,
    textHash,
    grantedBy,
    grantedAt: now,
  } as const;
  return { grant: { ...scope, ...given }, text };
}

async function signIn(app: App, snapshot: Snapshot, now: number): Promise<string> {
  const { issuer, subject } = personOf(snapshot);
  const id = random();
  const proof = { acr: undefined, amr: ['pwd'], authTime: now, startedAt: now };
  await app.authority.run({
    do: 'login',
    login: { id, issuer, subject, sid: undefined, who: PERSON, ...proof },
  });
  return id;
}

function opening(snapshot: Snapshot, purpose: string, grant: string, login: string, now: number): Opening {
  const { issuer, subject } = personOf(snapshot);
  return {
    id: random(),
    client: CLIENT,
    person: PERSON,
    account: { issuer, subject },
    systems: [SYSTEM],
    purpose,
    reference: 'B-1',
    note: '',
    grant,
    login,
    authentication: { acr: undefined, amr: ['pwd'], at: now },
    openedAt: now,
    endsAt: now + HOURS,
    endedAt: undefined,
    endCause: undefined,
  };
}

async function enter(
  app: App,
  snapshot: Snapshot,
  opening: Opening,
  operations: readonly Operation[],
): Promise<string> {
  const { name, subject } = personOf(snapshot);
  const { epoch } = await app.authority.client(CLIENT);
  const [code, nonce, cookie] = [random(), random(), randomBytes(32).toString('base64url')];
  const system = `${CLIENT}/${SYSTEM}`;
  const entry = { hash: hashed(code), opening: opening.id, system, nonceHash: hashed(nonce) };
  const fields = {
    systems: SYSTEM,
    purpose: opening.purpose,
    operations: operations.join(' '),
    grant: opening.grant,
    policy: snapshot.clients.get(CLIENT)?.sliceHash ?? '',
    ends: instant(opening.endsAt),
  };
  const groups = { person: { subject, name }, work: { reference: opening.reference, note: opening.note } };
  const expiresAt = opening.openedAt + 60_000;
  must(
    await app.authority.run({ do: 'declare', epoch, opening, fields, groups, code: { ...entry, expiresAt } }),
  );
  const redeem = { codeHash: entry.hash, system, nonceHash: entry.nonceHash, cookieHash: hashed(cookie) };
  must(await app.authority.run({ do: 'redeem', ...redeem }));
  return `__Host-consentry=${cookie}`;
}

function personOf(snapshot: Snapshot) {
  const person = snapshot.people.get(PERSON);
  if (!person) throw new Error(`the bench's policies have nobody named ${PERSON}`);
  return person;
}

function must(answer: object): void {
  if ('refused' in answer || 'moved' in answer) throw new Error(`not accepted: ${JSON.stringify(answer)}`);
}
