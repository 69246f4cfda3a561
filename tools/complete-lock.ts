/**
 * Completes package-lock.json with the optional packages of other platforms. A registry mirror may serve only its own
 * platform's; npm then leaves the others out of the lock and `npm ci` refuses it everywhere. They are added by the
 * exact version that their parent names, with the platform that their name says, so that npm passes them over.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Locked {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['android', 'darwin', 'linux', 'win32', 'freebsd', 'openharmony'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x'];

const path = join(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(await readFile(path, 'utf8')) as { packages: Record<string, Locked> };
const { packages } = lock;
let added = 0;

for (const [place, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const entry = platformEntry(name, version, parent.dev === true);
    if (entry === undefined || isLocked(place, name)) continue;
    packages[`node_modules/${name}`] = entry;
    added += 1;
  }
}

const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(path, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
process.stdout.write(`${added} packages of other platforms added to the lock\n`);

/** What the lock needs to know, or undefined when the name does not say a platform. */
function platformEntry(name: string, version: string, dev: boolean): Locked | undefined {
  const parts = name.split(/[-/]/);
  const system = SYSTEMS.find((known) => parts.includes(known));
  const processor = PROCESSORS.find((known) => parts.includes(known));
  if (system === undefined || processor === undefined || !/^\d/.test(version)) return undefined;
  const libc = parts.includes('musl') ? ['musl'] : parts.includes('gnu') ? ['glibc'] : undefined;
  return {
    version,
    cpu: [processor],
    ...(dev ? { dev } : {}),
    ...(system === 'linux' && libc !== undefined ? { libc } : {}),
    optional: true,
    os: [system],
  };
}

function isLocked(place: string, name: string): boolean {
  return (
    packages[`node_modules/${name}`] !== undefined || packages[`${place}/node_modules/${name}`] !== undefined
  );
}
