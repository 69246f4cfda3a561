import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { AnswerOf, Command } from '../../src/core/commands.ts';
import type { DirectoryUser } from '../../src/core/people.ts';
import { firstTables, schemaVersion } from '../../src/stores/ledger-schema.ts';
import {
  declareCommand,
  type Folder,
  failures,
  loginCommand,
  makeFolder,
  openingOf,
  openLedger,
  settle,
  standingClock,
} from './ledger-world.ts';

const issuer = 'https://id.example';

let folder: Folder;
let world: Awaited<ReturnType<typeof openLedger>>;
const clock = standingClock();
const run = <C extends Command>(command: C): Promise<AnswerOf<C>> => world.ledger.run(command);

beforeEach(async () => {
  folder = makeFolder();
  world = await openLedger(folder, clock);
});
afterEach(async () => {
  await world.close();
  folder.remove();
});

async function reopen(): Promise<void> {
  await world.close();
  world = await openLedger(folder, clock);
}

test('one of an id that is there is not recorded again, not even after a restart: so a robot’s token counts once', async () => {
  const command = loginCommand(clock.now(), { id: 'robot-of-a-token' });
  const both = await Promise.all([run(command), run(command)]);
  expect(both).toEqual([{ ok: true }, { refused: 'used_already' }]);
  await reopen();
  expect(await run(command)).toEqual({ refused: 'used_already' });
  await run({ do: 'logout', by: { login: 'robot-of-a-token' } });
  expect(await run(command)).toEqual({ refused: 'used_already' });
});

describe('sign-ins of one browser', () => {
  const live = async (...ids: readonly string[]) => {
    const rows = await Promise.all(ids.map((id) => world.archive.login(id)));
    return rows.map((row) => row?.endedAt === undefined);
  };

  test('end together when somebody signs out there, whichever of them the browser was left with', async () => {
    for (const left of [0, 1, 2]) {
      const [one, two, three] = [1, 2, 3].map(() => loginCommand(clock.now()).login);
      if (one === undefined || two === undefined || three === undefined) throw new Error('there are three');
      await run({ do: 'login', login: one });
      await run({ do: 'command-line', session: { hash: `h${left}`, login: one.id, name: 'a', address: '' } });
      await run({ do: 'login', login: two, after: one.id });
      await run({ do: 'login', login: three, after: two.id });
      await reopen();
      expect((await world.archive.commandLines(three.id)).map(({ hash }) => hash)).toEqual([`h${left}`]);
      const all = [one.id, two.id, three.id];
      const [id = ''] = all.splice(left, 1);
      expect([...(await world.archive.besideLogin(id))].sort()).toEqual([...all].sort());
      const ended = await run({ do: 'logout', by: { login: id, browser: true } });
      expect([...ended.logins].sort()).toEqual([...all, id].sort());
      expect(await live(id, ...all)).toEqual([false, false, false]);
      expect(await world.archive.commandLine(`h${left}`)).toBeUndefined();
    }
  });

  test('end one by one when somebody else says so', async () => {
    const [one, two] = [loginCommand(clock.now()).login, loginCommand(clock.now(), { sid: 'sid-2' }).login];
    await run({ do: 'login', login: one });
    await run({ do: 'login', login: two, after: one.id });
    expect((await run({ do: 'logout', by: { login: one.id } })).logins).toEqual([one.id]);
    expect(await live(two.id)).toEqual([true]);
    expect(await world.archive.besideLogin(two.id)).toEqual([]);
  });

  test('are of one person: what another hangs on one goes over to nobody', async () => {
    const one = loginCommand(clock.now()).login;
    const other = loginCommand(clock.now(), { subject: 'sub-bruno', who: 'bruno' }).login;
    const gone = loginCommand(clock.now()).login;
    await run({ do: 'login', login: one });
    await run({ do: 'command-line', session: { hash: 'h1', login: one.id, name: 'a', address: '' } });
    await run({ do: 'login', login: other, after: one.id });
    await run({ do: 'login', login: gone, after: 'none' });
    expect(await world.archive.commandLines(other.id)).toEqual([]);
    expect((await run({ do: 'logout', by: { login: other.id, browser: true } })).logins).toEqual([other.id]);
    expect(await live(one.id)).toEqual([true]);
    await run({ do: 'logout', by: { login: one.id } });
    const late = loginCommand(clock.now()).login;
    await run({ do: 'login', login: late, after: one.id });
    expect(await world.archive.besideLogin(late.id)).toEqual([]);
  });
});

describe('a sign-in whose subject is not its sub', () => {
  test('is found by each, and by none in the other’s place', async () => {
    const command = loginCommand(clock.now(), { sid: undefined, subject: 'oid-1', sub: 'pairwise-1' });
    await run(command);
    await reopen();
    expect(await world.archive.login(command.login.id)).toMatchObject({
      subject: 'oid-1',
      sub: 'pairwise-1',
    });
    expect((await run({ do: 'logout', by: { issuer, sub: 'oid-1' } })).logins).toEqual([]);
    expect((await run({ do: 'logout', by: { issuer, subject: 'pairwise-1' } })).logins).toEqual([]);
    expect((await run({ do: 'logout', by: { issuer, sub: 'pairwise-1' } })).logins).toEqual([
      command.login.id,
    ]);
    const again = loginCommand(clock.now(), { sid: undefined, subject: 'oid-1', sub: 'pairwise-1' });
    await run(again);
    expect((await run({ do: 'logout', by: { issuer, subject: 'oid-1' } })).logins).toEqual([again.login.id]);
  });

  test('whose sub is its subject is found by sub', async () => {
    const { login } = loginCommand(clock.now(), { sid: undefined });
    await run({ do: 'login', login });
    expect((await run({ do: 'logout', by: { issuer, sub: 'sub-alice' } })).logins).toEqual([login.id]);
  });
});

describe('refresh tokens', () => {
  const confirmedAt = clock.now();
  test('the newest is kept, and goes with its sign-in', async () => {
    const { login } = loginCommand(clock.now());
    await run({ do: 'login', login });
    expect(await run({ do: 'token', login: login.id, token: 'one', confirmedAt: 1 })).toEqual({ kept: true });
    await run({ do: 'token', login: login.id, token: 'two', confirmedAt });
    await reopen();
    expect(await world.archive.token(login.id)).toEqual({ token: 'two', confirmedAt });
    await run({ do: 'logout', by: { login: login.id } });
    expect(await world.archive.token(login.id)).toBeUndefined();
    expect(await run({ do: 'token', login: login.id, token: 'x', confirmedAt })).toEqual({ kept: false });
    expect(await run({ do: 'token', login: 'none', token: 'x', confirmedAt })).toEqual({ kept: false });
  });

  test('of sign-ins that nobody worked under for two days are forgotten', async () => {
    const [old, fresh] = [loginCommand(clock.now()), loginCommand(clock.now())];
    for (const command of [old, fresh]) await run(command);
    await run({ do: 'token', login: old.login.id, token: 'old', confirmedAt: clock.now() });
    clock.advance(49 * 3_600_000);
    await run({ do: 'token', login: fresh.login.id, token: 'fresh', confirmedAt: clock.now() });
    expect(await world.archive.token(old.login.id)).toBeUndefined();
    expect(await world.archive.token(fresh.login.id)).toBeDefined();
  });
});

describe('a binding', () => {
  const binding = { person: 'alice', issuer, mail: 'alice@msp.example', subject: 's-1' };
  const bind = (more = {}) =>
    run({
      do: 'bind',
      binding: { ...binding, ...more },
      clients: ['acme', 'martin'].map((client) => ({ client, name: 'Alice' })),
    });

  test('is made once, with its line in each log; whoever comes second leaves no trace', async () => {
    const answers = await Promise.all([bind(), bind({ subject: 's-2' })]);
    expect(answers).toEqual([{ bound: true }, { refused: 'bound_already' }]);
    await reopen();
    expect((await world.archive.learned()).bindings).toEqual([binding]);
    expect(await bind({ subject: 's-3' })).toEqual({ refused: 'bound_already' });
    for (const client of ['acme', 'martin']) {
      const lines = await world.archive.lines({
        client,
        kinds: ['staff.bound'],
        limit: 9,
        disclose: ['person', 'subject'],
      });
      expect(lines.map(({ groups }) => groups)).toEqual([
        { person: { name: 'Alice' }, subject: { issuer, subject: 's-1' } },
      ]);
    }
    expect(await world.archive.fsck()).toEqual([]);
  });

  test('of another entry, issuer or address is another', async () => {
    await bind();
    for (const more of [{ person: 'bob' }, { issuer: 'https://other.example' }, { mail: 'a@msp.example' }])
      expect(await bind(more)).toEqual({ bound: true });
    expect((await world.archive.learned()).bindings).toHaveLength(4);
  });
});

test('what the directory says is replaced and forgotten', async () => {
  const user = (id: string, active: boolean): DirectoryUser => ({
    id,
    userName: id,
    externalId: undefined,
    displayName: undefined,
    name: {},
    emails: [],
    active,
    deleted: false,
    names: [],
    createdAt: 1,
    changedAt: 1,
  });
  await run({ do: 'directory', users: [user('a', true), user('b', true)], forgotten: [] });
  await run({ do: 'directory', users: [user('a', false)], forgotten: ['b', 'none'] });
  await reopen();
  expect((await world.archive.learned()).directory).toEqual([
    expect.objectContaining({ id: 'a', active: false }),
  ]);
});

test('clients with something open are told, the others not', async () => {
  const acme = await settle(folder, run, clock.now());
  expect(await world.archive.busyClients()).toEqual(['acme']);
  const counts = { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 };
  await run({
    do: 'close',
    client: 'acme',
    by: undefined,
    closings: [{ opening: acme.opening.id, cause: 'leaver', cutMs: 0, counts }],
  });
  expect(await world.archive.busyClients()).toEqual([]);
});

describe('a database of schema 1', () => {
  /** The same rows in the tables of schema 1, without what later schemas added. */
  function asBefore(): void {
    const older = `${folder.file}.older`;
    const db = new DatabaseSync(older);
    db.exec(firstTables);
    db.exec(`ATTACH '${folder.file}' AS newer`);
    const tables = db.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'").all();
    const kept = db.prepare("SELECT 1 FROM newer.sqlite_schema WHERE type = 'table' AND name = ?");
    for (const { name } of tables) {
      // Schemas after it may have dropped a table.
      if (kept.get(String(name)) === undefined) continue;
      const columns = db.prepare(`SELECT name FROM pragma_table_info('${String(name)}', 'main')`).all();
      const list = columns.map((column) => String(column.name)).join(', ');
      db.exec(`INSERT INTO main.${String(name)} (${list}) SELECT ${list} FROM newer.${String(name)}`);
    }
    db.exec("UPDATE main.meta SET value = '1' WHERE name = 'schema'");
    db.close();
    for (const end of ['-wal', '-shm']) rmSync(`${folder.file}${end}`, { force: true });
    renameSync(older, folder.file);
  }

  test('is brought up at the start; its sign-ins are found by the sub they had', async () => {
    const acme = await settle(folder, run, clock.now());
    const before = await world.archive.head('acme');
    await world.close();
    asBefore();
    world = await openLedger(folder, clock);
    expect((await world.archive.head('acme'))?.size).toBeGreaterThanOrEqual(before?.size ?? 1);
    expect(await world.archive.fsck()).toEqual([]);
    const ended = await run({ do: 'logout', by: { issuer, sub: 'sub-alice' } });
    expect(ended).toEqual({ logins: [acme.opening.login], openings: [acme.opening] });
    expect((await world.archive.learned()).bindings).toEqual([]);
  });

  test('that a newer program wrote is refused', async () => {
    await world.close();
    const db = new DatabaseSync(folder.file);
    db.exec(`UPDATE meta SET value = '${schemaVersion + 1}' WHERE name = 'schema'`);
    db.close();
    await expect(openLedger(folder, clock)).rejects.toMatchObject({ code: 'ledger_unavailable' });
    const back = new DatabaseSync(folder.file);
    back.exec(`UPDATE meta SET value = '${schemaVersion}' WHERE name = 'schema'`);
    back.close();
    world = await openLedger(folder, clock);
  });
});

describe('sessions of the command line', () => {
  const session = (hash: string, login: string) => ({ hash, login, name: 'anna@tower', address: '10.0.0.9' });
  const named = async (login: string) =>
    (await world.archive.commandLines(login)).map(({ hash }) => hash).sort();

  test('are known by hash, end with their sign-in, and are made under none that ended', async () => {
    const { login } = loginCommand(clock.now());
    await run({ do: 'login', login });
    const made = { ok: true, closedWith: [] };
    expect(await run({ do: 'command-line', session: session('h1', login.id) })).toEqual(made);
    expect(await run({ do: 'command-line', session: session('h2', login.id) })).toEqual(made);
    clock.advance(1_000);
    expect(await run({ do: 'command-line-used', hash: 'h1' })).toEqual({ ok: true });
    await reopen();
    const [madeAt, usedAt] = [clock.now() - 1_000, clock.now()];
    expect(await world.archive.commandLine('h1')).toEqual({ ...session('h1', login.id), madeAt, usedAt });
    const end = { do: 'command-line-end', hash: 'h2', closings: [] } as const;
    expect(await run(end)).toEqual({ ended: true, closedWith: [] });
    expect(await run(end)).toEqual({ ended: false, closedWith: [] });
    expect(await named(login.id)).toEqual(['h1']);
    await run({ do: 'logout', by: { login: login.id } });
    expect(await world.archive.commandLine('h1')).toBeUndefined();
    for (const id of [login.id, 'none'])
      expect(await run({ do: 'command-line', session: session('h3', id) })).toEqual({
        refused: 'signed_out',
      });
    expect(await run({ do: 'command-line-used', hash: 'h1' })).toEqual({ ok: false });
  });

  test('are five at most, the oldest gives way; they go on with a new sign-in; old ones are forgotten', async () => {
    const [old, fresh] = [loginCommand(clock.now()), loginCommand(clock.now())];
    await run(old);
    for (let nth = 1; nth <= 7; nth++) {
      clock.advance(1_000);
      await run({ do: 'command-line', session: session(`h${nth}`, old.login.id) });
    }
    expect(await named(old.login.id)).toEqual(['h3', 'h4', 'h5', 'h6', 'h7']);
    await run({ ...fresh, after: old.login.id });
    await run({ do: 'logout', by: { login: old.login.id } });
    expect(await named(fresh.login.id)).toHaveLength(5);
    clock.advance(49 * 3_600_000);
    const later = loginCommand(clock.now());
    await run(later);
    await run({ do: 'command-line', session: session('h8', later.login.id) });
    expect(await named(fresh.login.id)).toEqual([]);
  });

  /** Two clients, a browser and two command lines, each with an access; everything under one sign-in. */
  async function busy() {
    const [acme, martin] = [
      await settle(folder, run, clock.now(), 'acme'),
      await settle(folder, run, clock.now(), 'martin'),
    ];
    const login = acme.opening.login;
    for (const hash of ['h1', 'h2']) await run({ do: 'command-line', session: session(hash, login) });
    const open = async (at: typeof acme, commandLine: string | undefined) => {
      const { client } = at.grant;
      const plain = openingOf(at.grant.id, login, clock.now(), { client });
      const opening = commandLine === undefined ? plain : { ...plain, commandLine };
      const { epoch } = await world.archive.inForce(client);
      const answer = await run(declareCommand(opening, epoch));
      if (!('receipt' in answer)) throw new Error('not declared');
      return opening;
    };
    return { acme, martin, login, open };
  }

  const live = async (client: string) =>
    (await world.archive.inForce(client)).openings.map(({ id }) => id).sort();
  const endLine = (hash: string) => run({ do: 'command-line-end', hash, closings: [] });
  const ids = (...openings: { readonly id: string }[]) => openings.map(({ id }) => id).sort();

  test('end with what they opened, at every client, and with nothing else', async () => {
    const { acme, martin, open } = await busy();
    const [one, two] = [await open(acme, 'h1'), await open(martin, 'h1')];
    const [other, browser] = [await open(acme, 'h2'), await open(acme, undefined)];
    await reopen();
    expect((await world.archive.inForce('acme')).openings.find(({ id }) => id === one.id)?.commandLine).toBe(
      'h1',
    );
    const epochs = await world.archive.epochs();
    const { ended, closedWith } = await endLine('h1');
    expect([ended, closedWith]).toEqual([
      true,
      [
        { client: 'acme', epoch: (epochs.get('acme') ?? 0) + 1, openings: [one.id] },
        { client: 'martin', epoch: (epochs.get('martin') ?? 0) + 1, openings: [two.id] },
      ],
    ]);
    expect(await live('acme')).toEqual(ids(acme.opening, other, browser));
    expect(await live('martin')).toEqual(ids(martin.opening));
    expect(await endLine('h1')).toEqual({ ended: false, closedWith: [] });
    for (const [client, { id }] of [
      ['acme', one],
      ['martin', two],
    ] as const) {
      const kinds = ['session.closed'] as const;
      const [line] = await world.archive.lines({ client, kinds, limit: 5, disclose: [] });
      expect(line?.leaf).toMatchObject({ session: id, cause: 'signed-out', by: 'system' });
      expect(await failures(world.archive, client)).toEqual([]);
    }
    expect(await world.archive.fsck()).toEqual([]);
    // Nothing is opened any more by whoever still has its secret.
    await expect(open(acme, 'h1')).rejects.toMatchObject({ code: 'ledger_conflict' });
  });

  test('end what was made longer in a browser too', async () => {
    const { acme, open } = await busy();
    const one = await open(acme, 'h1');
    const longer = { do: 'extend', client: 'acme', opening: one.id, person: one.person } as const;
    const { epoch } = await world.archive.inForce('acme');
    const endsAt = one.endsAt + 60_000;
    expect(await run({ ...longer, epoch, from: one.endsAt, endsAt })).toMatchObject({
      extended: { commandLine: 'h1', endsAt },
    });
    expect((await endLine('h1')).closedWith).toMatchObject([{ openings: [one.id] }]);
  });

  test('that give way take what they opened with them', async () => {
    const { acme, login, open } = await busy();
    const [one, two] = [await open(acme, 'h1'), await open(acme, 'h2')];
    clock.advance(1_000);
    for (const hash of ['h3', 'h4', 'h5']) await run({ do: 'command-line', session: session(hash, login) });
    expect(await live('acme')).toEqual(ids(acme.opening, one, two));
    clock.advance(1_000);
    const answer = await run({ do: 'command-line', session: session('h6', login) });
    expect(answer).toMatchObject({ ok: true, closedWith: [{ client: 'acme', openings: [two.id] }] });
    expect(await live('acme')).toEqual(ids(acme.opening, one));
  });

  test('that followed to a newer sign-in are found with what they opened before it', async () => {
    const { acme, login, open } = await busy();
    const one = await open(acme, 'h1');
    const fresh = loginCommand(clock.now());
    await run({ ...fresh, after: login });
    const ended = await run({ do: 'logout', by: { login: fresh.login.id } });
    expect(ended.openings.map(({ id }) => id)).toEqual([one.id]);
  });

  test('say nothing of the machine in the file', async () => {
    const { login } = loginCommand(clock.now());
    await run({ do: 'login', login });
    await run({ do: 'command-line', session: session('h1', login.id) });
    const db = new DatabaseSync(folder.file, { readOnly: true });
    const rows = db.prepare('SELECT * FROM command_lines').all();
    db.close();
    const all = rows.flatMap((row) =>
      Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
      ),
    );
    expect(all.join(' ')).not.toMatch(/anna|10\.0\.0/);
  });
});
