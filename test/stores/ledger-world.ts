/** A small world for tests of the ledger: keys, a seated representative, a consent, a person with an opening. */
import { deepEqual } from 'node:assert/strict';
import { createHash, randomBytes, sign } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { printBudget } from '../../src/core/budget.ts';
import type { Command, EntryCode, Evidence } from '../../src/core/commands.ts';
import { printClause } from '../../src/core/emergency.ts';
import type { Draft, Receipt } from '../../src/core/entries.ts';
import type { Fault } from '../../src/core/faults.ts';
import { printFirstUse } from '../../src/core/first-use.ts';
import type { Grant, Opening } from '../../src/core/model.ts';
import type { Archive, Clock, Ledger } from '../../src/core/ports.ts';
import { type Finding, verifyExport } from '../../src/core/verify.ts';
import { createArchive, type LedgerArchive } from '../../src/stores/archive.ts';
import { createKeyring } from '../../src/stores/disclosure.ts';
import { initKeys, type Keys, loadKeys } from '../../src/stores/keys.ts';
import { createLedger } from '../../src/stores/ledger.ts';
import { type Batcher, type BatcherDeps, createBatcher, type Reply } from '../../src/stores/ledger-batch.ts';
import { openForWriting } from '../../src/stores/ledger-schema.ts';
import { startHere } from '../support/here.ts';

export interface Folder {
  readonly dir: string;
  readonly file: string;
  readonly keysDir: string;
  readonly guardDir: string;
  readonly keys: Keys;
  remove(): void;
}

/** A new folder, or `dir`, whose keys are taken when it has some. */
export function makeFolder(dir = mkdtempSync(join(tmpdir(), 'consentry-ledger-'))): Folder {
  const keysDir = join(dir, 'keys');
  if (!existsSync(keysDir)) initKeys(keysDir, { evaluation: true });
  return {
    dir,
    file: join(dir, 'ledger.db'),
    keysDir,
    guardDir: join(dir, 'guard'),
    keys: loadKeys(keysDir),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

export const host = 'portal.example';

/** A clock that stands still until it is told to go on. */
export function standingClock(now = Date.UTC(2026, 5, 1, 9)): Clock & { advance(ms: number): void } {
  let at = now;
  let monotonic = 1000;
  return {
    now: () => at,
    monotonic: () => monotonic,
    advance(ms) {
      at += ms;
      monotonic += Math.abs(ms);
    },
  };
}

export interface World {
  readonly ledger: Ledger;
  readonly archive: LedgerArchive;
  close(): Promise<void>;
}

/** `threads`: with a writer and readers in threads of their own, as the product has them; otherwise in this one. */
export async function openLedger(folder: Folder, clock?: Clock, { threads = false } = {}): Promise<World> {
  const { file, keysDir, guardDir } = folder;
  const start = threads ? {} : { start: startHere };
  const ledger = await createLedger({
    file,
    keysDir,
    guardDir,
    host,
    node: 'main',
    ...(clock === undefined ? {} : { clock }),
    ...start,
  });
  const archive = await createArchive({ file, keysDir, ...start });
  return {
    ledger,
    archive,
    async close() {
      await ledger.close();
      await archive.close();
    },
  };
}

/** The writer's heart without its thread, for tests of faults: `wrap` may put a broken database in its place. */
export function openBatcher(folder: Folder, changes: Partial<BatcherDeps> = {}): Batcher {
  return createBatcher({
    open: () => openForWriting(folder.file),
    keys: folder.keys,
    keyring: createKeyring(folder.keys.master),
    guardDir: folder.guardDir,
    host,
    node: 'main',
    process: { host: 'here', pid: 1, alive: () => true },
    ...changes,
  });
}

export function textHash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('base64url')}`;
}

/** The text of a client's slice of the policy, as these tests have it. */
export function sliceText(client: string): string {
  return JSON.stringify({ client });
}

const iso = (at: number): string => new Date(at).toISOString();
let count = 0;
export function freshId(prefix: string): string {
  count += 1;
  return `${prefix}-${count}-${randomBytes(4).toString('hex')}`;
}

export function policyCommand(client = 'acme', text = sliceText(client)): Command & { do: 'policy' } {
  return { do: 'policy', slices: [{ client, hash: textHash(text), text, summary: 'Rules changed.' }] };
}

/** Rules of acme, kept in parts, whose only system leads to this address. */
export function rulesCommand(url: string, rests: readonly string[] = []): Command & { do: 'policy' } {
  const file = JSON.stringify({ systems: { erp: { upstream: { url } } } });
  const parts = { certificates: {}, file: textHash(file), profiles: {} };
  const text = JSON.stringify({ client: 'acme', parts });
  const given = [{ hash: textHash(file), text: file }];
  return {
    do: 'policy',
    slices: [{ client: 'acme', hash: textHash(text), text, parts: given, summary: 'changed', rests }],
  };
}

export function seatCommand(folder: Folder, now: number, client = 'acme'): Command & { do: 'seat' } {
  return {
    do: 'seat',
    authorisedBy: { evaluation: true },
    seat: {
      id: freshId('seat'),
      client,
      controller: 'claire',
      issuer: 'https://id.example',
      subject: 'sub-claire',
      name: 'Claire Dubois',
      role: 'representative',
      authority: 'DOC-1',
      method: 'evaluation-key',
      credentialId: '',
      publicKey: Buffer.from(folder.keys.evaluationPublic ?? []).toString('base64url'),
      seatedAt: now,
    },
  };
}

export function evidenceBy(folder: Folder, seat: string, hash: string): Evidence {
  const key = folder.keys.evaluationConsent;
  if (key === undefined) throw new Error('the folder has no evaluation key');
  return {
    seat,
    role: 'representative',
    method: 'evaluation-key',
    signature: sign(null, Buffer.from(`consentry grant\n${hash}`), key).toString('base64url'),
    authenticatorData: '',
    clientData: '',
    language: 'en',
  };
}

export function grantCommand(
  folder: Folder,
  seat: string,
  now: number,
  changes: Partial<Grant> = {},
): Command & { do: 'grant' } {
  const terms = {
    id: freshId('grant'),
    client: 'acme',
    systems: ['erp', 'backup'],
    purposes: ['hotline', 'support'],
    operations: ['read', 'write', 'copy'] as const,
    from: now,
    until: now + 30 * 24 * 3_600_000,
    ...changes,
  };
  const document = {
    ...(changes.budget === undefined ? {} : { budget: printBudget(changes.budget) }),
    ...(changes.delegation === undefined ? {} : { delegation: changes.delegation }),
    ...(changes.emergency === undefined
      ? {}
      : {
          emergency: printClause(changes.emergency),
          emergency_people: changes.emergency.people.join(' '),
        }),
    ...(changes.firstUse === undefined ? {} : { first_use: printFirstUse(changes.firstUse) }),
    from: iso(terms.from),
    id: terms.id,
    language: 'en',
    ...(changes.minutes === undefined ? {} : { minutes: String(changes.minutes) }),
    operations: terms.operations.join(' '),
    people: (changes.people ?? ['assigned']).join(' '),
    ...(changes.proposal === undefined ? {} : { proposal: changes.proposal }),
    purposes: terms.purposes.join(' '),
    ...(changes.request === undefined ? {} : { request: changes.request }),
    ...(changes.session === undefined ? {} : { session: changes.session }),
    systems: terms.systems.join(' '),
    text: 'Acme agrees.',
    until: iso(terms.until),
  };
  const text = JSON.stringify(document);
  const grant: Grant = {
    version: 1,
    status: 'active',
    people: ['assigned'],
    upstreamAccount: undefined,
    grantedBy: 'Claire Dubois',
    grantedAt: now,
    ...terms,
    textHash: textHash(text),
  };
  return { do: 'grant', grant, text, evidence: evidenceBy(folder, seat, grant.textHash) };
}

export function loginCommand(now: number, changes: Partial<(Command & { do: 'login' })['login']> = {}) {
  return {
    do: 'login',
    login: {
      id: freshId('login'),
      issuer: 'https://id.example',
      subject: 'sub-alice',
      sid: 'sid-1',
      who: 'alice',
      acr: undefined,
      amr: ['pwd'],
      authTime: now,
      startedAt: now,
      ...changes,
    },
  } as const satisfies Command;
}

export function openingOf(
  grant: string,
  login: string,
  now: number,
  changes: Partial<Opening> = {},
): Opening {
  return {
    id: freshId('opening'),
    client: 'acme',
    person: 'alice',
    account: { issuer: 'https://id.example', subject: 'sub-alice' },
    systems: ['erp'],
    purpose: 'hotline',
    reference: 'TICKET-77',
    note: 'The printer again',
    grant,
    login,
    authentication: { acr: undefined, amr: ['pwd'], at: now },
    openedAt: now,
    endsAt: now + 3_600_000,
    endedAt: undefined,
    endCause: undefined,
    ...changes,
  };
}

export function declareCommand(
  opening: Opening,
  epoch: number,
): Command & { do: 'declare'; code: EntryCode } {
  return {
    do: 'declare',
    epoch,
    opening,
    fields: { operations: 'read write copy', policy: textHash(sliceText(opening.client)) },
    groups: {
      person: { name: 'Alice Martin', subject: 'sub-alice', issuer: 'https://id.example' },
      role: { function: 'support', employer: 'MSP' },
      origin: { address: '192.0.2.7', agent: 'Browser' },
      work: { reference: opening.reference, note: opening.note },
    },
    code: {
      hash: freshId('code'),
      opening: opening.id,
      system: `${opening.client}/${opening.systems[0]}`,
      nonceHash: 'nonce',
      expiresAt: opening.openedAt + 60_000,
    },
  };
}

export function intentDraft(opening: Opening, epoch: number, changes: Partial<Draft> = {}): Draft {
  return {
    client: opening.client,
    t: 'access.intent',
    id: freshId('request'),
    fields: {
      session: opening.id,
      system: opening.systems[0] ?? '',
      grant: opening.grant,
      epoch,
      method: 'GET',
      operation: 'read',
      dest: 'page',
      policy: textHash(sliceText(opening.client)),
    },
    groups: { target: { path: '/invoices/:id' } },
    ...changes,
  };
}

export const resultFields = {
  status: 200,
  up: 0,
  down: 1024,
  ms: 12,
  type: 'text/html',
  disposition: '',
  outcome: 'complete',
} as const;

/** Someone who can run one command: the ledger, or a batcher without its thread. */
export type Runner = (command: Command) => Promise<unknown>;

export function batchRunner(batcher: Batcher, clock: Clock): Runner {
  return async (command) => {
    const { fault, replies } = batcher.run({ calls: '', commands: [command] }, clock.now());
    return okOf(fault === undefined ? replies[0] : { fault });
  };
}

export function okOf(reply: Reply | undefined): unknown {
  if (reply === undefined || !('ok' in reply)) throw new Error(JSON.stringify(reply));
  return reply.ok;
}

/** A client with policy, seat, consent, sign-in and one opening. */
export async function settle(
  folder: Folder,
  run: Runner,
  now: number,
  client = 'acme',
): Promise<{ seat: string; grant: Grant; opening: Opening; epoch: number; code: string }> {
  await run(policyCommand(client));
  const seat = seatCommand(folder, now, client);
  await run(seat);
  const given = grantCommand(folder, seat.seat.id, now, { client });
  const { epoch } = (await run(given)) as { epoch: number };
  const login = loginCommand(now);
  await run(login);
  const opening = openingOf(given.grant.id, login.login.id, now, { client });
  const declare = declareCommand(opening, epoch);
  const answer = (await run(declare)) as { receipt: Receipt };
  if (!('receipt' in answer)) throw new Error('not declared');
  return { seat: seat.seat.id, grant: given.grant, opening, epoch, code: declare.code.hash };
}

export async function exportFiles(archive: Archive, client: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.export(client)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What the client's own check finds wrong with its log, against the head it noted. */
export async function failures(archive: Archive, client = 'acme'): Promise<readonly Finding[]> {
  const key = (await archive.head(client))?.verifierKey ?? '';
  const files = new Map(Object.entries(unzipSync(await exportFiles(archive, client))));
  return verifyExport(files, { key }).filter(({ kind }) => kind === 'failure');
}

/**
 * Ends a test's ledger and removes its folder. Throws unless, whatever the test did, the tables are what the lines say and
 * every client's own check passes.
 */
export async function endSound(world: World, folder: Folder): Promise<void> {
  try {
    deepEqual(await world.archive.fsck(), []);
    for (const client of (await world.archive.epochs()).keys())
      deepEqual([client, await failures(world.archive, client)], [client, []]);
  } finally {
    await world.close();
    folder.remove();
  }
}

/** The sentence of the fault; `done` and the answer where there is none. */
export const fault = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (answer) => `done: ${JSON.stringify(answer)}`,
    (one: Fault) => one.message,
  );
