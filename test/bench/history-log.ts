/**
 * A client's log of millions of lines, made quickly: policy, seat, agreement and sign-in by the writer itself, then openings,
 * exchanges and results straight into the tables, in the form in which the writer stores them, with their sealed groups.
 * Commitments are fixed texts and the tree's root is not extended: it reads like a real log and would verify as none.
 */
import { DatabaseSync } from 'node:sqlite';
import { createKeyring, sealBox } from '../../src/stores/disclosure.ts';
import { places } from '../../src/stores/ledger-rows.ts';
import { entryKey, kindNumbers } from '../../src/stores/ledger-schema.ts';
import {
  batchRunner,
  declareCommand,
  type Folder,
  freshId,
  loginCommand,
  openBatcher,
  openingOf,
  settle,
  standingClock,
} from '../stores/ledger-world.ts';

export interface MadeLog {
  readonly lines: number;
  readonly openings: number;
  readonly seat: string;
  readonly grant: string;
  /** Epoch milliseconds of the first and the last line. */
  readonly from: number;
  readonly until: number;
}

const people = 40;
const exchangesEach = 48;
const parallel = 8;
const purposes = ['hotline', 'support', 'diagnosis', 'backup', 'restore'];
const systems = ['erp', 'backup'];
const types = ['text/html', 'application/json', 'application/pdf'];
const routes = Array.from({ length: 60 }, (_, n) => `/area-${n % 12}/page-${n}/:id`);
const commit = `sha256:${'A'.repeat(43)}`;
const nonce = 'B'.repeat(43);
/** Lines of one sealed box, as in a busy batch. */
const batch = 256;

/** Fills the folder's ledger.db for `acme` with about so many lines, over 350 days that end a day ago. */
export async function makeLog(folder: Folder, wanted: number, now: number): Promise<MadeLog> {
  const until = now - 86_400_000;
  const from = Math.max(until - 350 * 86_400_000, Date.UTC(new Date(until).getUTCFullYear(), 0, 1));
  const clock = standingClock(from);
  const batcher = openBatcher(folder);
  const run = batchRunner(batcher, clock);
  const acme = await settle(folder, run, clock.now());
  for (let n = 1; n < people; n += 1) {
    const login = loginCommand(clock.now(), { subject: `sub-${n}` });
    await run(login);
    const opening = openingOf(acme.grant.id, login.login.id, clock.now(), { person: `person-${n}` });
    await run(declareCommand(opening, acme.epoch));
  }
  batcher.close(clock.now(), clock.monotonic());
  const made = fill(folder, wanted, from, until, acme.grant.id);
  return { ...made, seat: acme.seat, grant: acme.grant.id, from, until };
}

interface Open {
  readonly id: string;
  readonly seq: number;
  readonly system: string;
  left: number;
}

function fill(folder: Folder, wanted: number, from: number, until: number, grant: string) {
  const db = new DatabaseSync(folder.file);
  // Nothing of this must survive a crash; the folder is thrown away.
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN');
  const keyring = createKeyring(folder.keys.master);
  const log = db.prepare("SELECT id, key, shard FROM logs WHERE client = 'acme'").get() ?? {};
  const logId = Number(log.id);
  const shardId = Number(log.shard);
  const key = keyring.unwrap(places.log(logId), log.key as Uint8Array);
  const shard = db.prepare('SELECT size, origin FROM shards WHERE id = ?').get(shardId) ?? {};
  const origin = String(shard.origin);
  const owners = db.prepare('SELECT id, key FROM owners WHERE log = ? ORDER BY id').all(logId);
  const keys = owners.map((row) => keyring.unwrap(places.owner(Number(row.id)), row.key as Uint8Array));
  const insertEntry = db.prepare('INSERT INTO entries (id, kind, session, leaf) VALUES (?, ?, ?, ?)');
  const insertBlock = db.prepare('INSERT INTO blocks (id, last, box) VALUES (?, ?, ?)');
  const insertPersonal = db.prepare('INSERT INTO personal (entry, owner, box) VALUES (?, ?, ?)');
  const insertOpening = db.prepare(
    `INSERT INTO openings (id, log, owner, login, systems, operations, purpose, consent, opened_at, ends_at, ended_at,
     end_cause, entry, box) VALUES (?, ?, ?, '', ?, 'read write copy', ?, ?, ?, ?, ?, 'technician', ?, ?)`,
  );
  const firstIndex = Number(shard.size);
  let index = firstIndex;
  let at = from;
  let openings = 0;
  let groups: string[] = [];
  let firstGroup = -1;
  let random = 12_345;
  const step = Math.floor((until - from) / Math.max(1, wanted));
  const draw = (below: number): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (random >>> 8) % below;
  };
  const write = (kind: number, session: number, leaf: string): number => {
    insertEntry.run(entryKey(shardId, index), kind, session, leaf);
    index += 1;
    at += step;
    if (index % batch === 0) seal();
    return index - 1;
  };
  const seal = (): void => {
    if (groups.length === 0) return;
    const place = entryKey(shardId, firstGroup);
    insertBlock.run(place, index - 1, sealBox(key, places.block(logId, place), groups.join('\n')));
    groups = [];
  };
  const keep = (group: string, json: string): void => {
    if (groups.length === 0) firstGroup = index;
    groups.push(`${index} ${group} ${nonce} ${json}`);
  };
  const common = (kind: string, id: string): string =>
    `"at":"${new Date(at).toISOString()}","boot":"b","id":"${id}","n":${index + 1},"node":"m","t":"${kind}","v":1`;
  const open = (): Open => {
    const id = freshId('o');
    const owner = draw(owners.length);
    const ownerKey = keys[owner] ?? Buffer.alloc(32);
    const ownerId = Number(owners[owner]?.id);
    const purpose = purposes[draw(purposes.length)] ?? '';
    const system = systems[draw(4) === 0 ? 1 : 0] ?? '';
    const reference = `INC-${100_000 + openings}`;
    const entry = entryKey(shardId, index);
    const box = { person: `person-${owner}`, account: {}, reference, note: '', authentication: {} };
    const row = insertOpening.run(
      ...([id, logId, ownerId, system, purpose, grant, at, at + 3_600_000, at + 1_800_000, entry] as const),
      sealBox(ownerKey, places.opening(id), JSON.stringify(box)),
    );
    const name = JSON.stringify({ name: `Person ${owner}` });
    const role = JSON.stringify({ employer: 'Provider', function: owner % 3 === 0 ? 'support' : 'engineer' });
    const content = `${index} person ${nonce} ${name}\n${index} role ${nonce} ${role}`;
    insertPersonal.run(entry, ownerId, sealBox(ownerKey, places.personal(logId, entry), content));
    keep('work', JSON.stringify({ note: 'A note of a usual length about a usual case.', reference }));
    const seq = Number(row.lastInsertRowid);
    const fields = `"commit_person":"${commit}","commit_role":"${commit}","commit_work":"${commit}","grant":"${grant}"`;
    const more = `"operations":"read write copy","policy":"${commit}","purpose":"${purpose}","systems":"${system}"`;
    write(kindNumbers['session.opened'], seq, `{${fields},${more},${common('session.opened', id)}}`);
    openings += 1;
    return { id, seq, system, left: exchangesEach + draw(exchangesEach) - exchangesEach / 2 };
  };
  const exchange = ({ id, seq, system }: Open): void => {
    const request = freshId('x');
    // A sixtieth of openings' requests are copies, a tenth changes; routes are as skewed as in life.
    const kind = draw(60);
    const operation = kind === 0 ? 'copy' : kind < 6 ? 'write' : 'read';
    const dest = kind === 0 ? 'download' : kind < 30 ? 'page' : 'call';
    const route = routes[Math.min(draw(routes.length), draw(routes.length))] ?? '';
    keep('target', JSON.stringify({ path: route }));
    const fields = `"commit_target":"${commit}","dest":"${dest}","epoch":1,"grant":"${grant}","method":"GET"`;
    const more = `"operation":"${operation}","policy":"${commit}","session":"${id}","system":"${system}"`;
    const intent = write(
      kindNumbers['access.intent'],
      seq,
      `{${fields},${more},${common('access.intent', request)}}`,
    );
    const outcome = kind === 0 && draw(2) === 0 ? 'withheld:type' : 'complete';
    const result = `"disposition":"","down":${1000 + draw(9000)},"intent":${intent},"ms":12,"outcome":"${outcome}"`;
    const end = `"request":"${request}","shard":"${origin}","status":200,"type":"${types[draw(3)]}","up":0`;
    write(kindNumbers['access.result'], seq, `{${result},${end},${common('access.result', `${request}r`)}}`);
  };
  const close = ({ id, seq }: Open): void => {
    const counts = `"cause":"technician","cut_ms":0,"down":1,"exchanges":1,"refused":0,"session":"${id}","statics":30`;
    write(kindNumbers['session.closed'], seq, `{${counts},"up":0,${common('session.closed', freshId('c'))}}`);
  };
  const live: Open[] = [];
  while (index - firstIndex < wanted || live.length > 0) {
    if (live.length < parallel && index - firstIndex < wanted) live.push(open());
    const which = draw(live.length);
    const one = live[which];
    if (one === undefined) continue;
    exchange(one);
    one.left -= 1;
    if (one.left > 0) continue;
    close(one);
    live.splice(which, 1);
  }
  seal();
  db.prepare('UPDATE shards SET size = ?, at = ? WHERE id = ?').run(index, at, shardId);
  db.exec('COMMIT; PRAGMA journal_mode = WAL');
  db.close();
  return { lines: index, openings };
}
