/**
 * Real applications nobody here wrote, as Debian packages them, to be put behind the gateway: a terminal over a WebSocket
 * (websocketd), a database console (adminer on PHP) on a PostgreSQL of its own, and a WebDAV server (Apache). Each runs on
 * loopback in a temporary folder, and is ended by who started it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './gateway.ts';

export interface Application {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly port: number;
  /** Ends it and removes what it wrote. */
  close(): Promise<void>;
}

const found = (paths: readonly string[]): string | undefined => paths.find(existsSync);
const inBin = (name: string): readonly string[] =>
  ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'].map((folder) => `${folder}/${name}`);

/** Debian keeps PostgreSQL's programs by version, out of the way of others. */
function ofPostgres(name: string): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort().reverse() : [];
  return found([...versions.map((version) => `${root}/${version}/bin/${name}`), ...inBin(name)]);
}

const programs = {
  websocketd: found(inBin('websocketd')),
  php: found(inBin('php')),
  adminer: found(['/etc/adminer/conf.php']),
  postgres: ofPostgres('postgres'),
  initdb: ofPostgres('initdb'),
  apache: found(inBin('apache2')),
  dav: found(['/usr/lib/apache2/modules/mod_dav_fs.so']),
} as const;

type Program = keyof typeof programs;

/**
 * True when all of these are on this machine; says plainly on the error output when not.
 * @throws Error when one is missing and `CI` is `true`.
 */
export function installed(...needed: readonly Program[]): boolean {
  const missing = needed.filter((name) => programs[name] === undefined);
  if (missing.length === 0) return true;
  if (process.env.CI === 'true') throw new Error(`${missing.join(', ')} is missing and CI needs it`);
  process.stderr.write(`${missing.join(', ')} is not installed: this application is passed over\n`);
  return false;
}

function pathOf(name: Program): string {
  const path = programs[name];
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly folder: string;
  readonly as?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Resolves when its port answers; rejects when it ends before or takes over 20 s. */
async function start({ program, args, port, folder, as }: Start): Promise<Application> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder, ...as });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2_000);
  });
  const close = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  const gone = new Promise<false>((resolve) => child.once('close', () => resolve(false)));
  if (await Promise.race([answers(port), gone])) return { origin: `http://127.0.0.1:${port}`, port, close };
  await close();
  throw new Error(`${program} did not start: ${said}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'close');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await over;
  clearTimeout(timer);
}

/** Tries the port until somebody listens there; false after 20 s. */
async function answers(port: number): Promise<boolean> {
  const until = performance.now() + 20_000;
  while (performance.now() < until) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return true;
    await pause(50);
  }
  return false;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'consentry-application-'));

/** A shell behind a WebSocket, with websocketd's own page to type into. It takes sockets of its own origin only. */
export async function startTerminal(): Promise<Application> {
  const port = await freePort();
  const args = ['--address=127.0.0.1', `--port=${port}`, '--devconsole', '--sameorigin', '/bin/bash'];
  return start({ program: pathOf('websocketd'), args, port, folder: newFolder() });
}

export const databasePassword = 'of the test';

/** An empty PostgreSQL whose user `postgres` signs in with `databasePassword`. */
export async function startPostgres(): Promise<Application> {
  const folder = newFolder();
  const as = userOfPostgres();
  const password = join(folder, 'password');
  writeFileSync(password, databasePassword);
  chmodSync(password, 0o644);
  if (as !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${password}`,
    '-E',
    'UTF8',
    '--locale=C',
    '-N',
  ];
  execFileSync(pathOf('initdb'), init, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder, ...as });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
  return start({ program: pathOf('postgres'), args, port, folder, as });
}

/** PostgreSQL refuses to run as root. */
function userOfPostgres(): Start['as'] {
  if (process.getuid?.() !== 0) return undefined;
  const id = (what: string): number => Number(execFileSync('id', [what, 'postgres']).toString());
  return { uid: id('-u'), gid: id('-g') };
}

/** Adminer as Debian ships it, by PHP's own server. */
export async function startAdminer(): Promise<Application> {
  const folder = newFolder();
  const port = await freePort();
  const settings = [`session.save_path=${folder}`, `upload_tmp_dir=${folder}`];
  const args = [...settings.flatMap((one) => ['-d', one]), '-S', `127.0.0.1:${port}`, pathOf('adminer')];
  return start({ program: pathOf('php'), args, port, folder });
}

/** An empty WebDAV folder. Apache itself compares the host of `Destination` with its own. */
export async function startDav(): Promise<Application> {
  const folder = newFolder();
  const port = await freePort();
  const files = join(folder, 'files');
  mkdirSync(files);
  const modules = ['mpm_event', 'authz_core', 'dav', 'dav_fs'];
  writeFileSync(
    join(folder, 'httpd.conf'),
    `ServerRoot ${folder}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
DavLockDB ${folder}/locks
DocumentRoot ${files}
<Directory ${files}>
  Dav On
  Require all granted
</Directory>
`,
  );
  const args = ['-f', join(folder, 'httpd.conf'), '-X'];
  return start({ program: pathOf('apache'), args, port, folder });
}
