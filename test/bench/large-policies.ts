/**
 * A policy folder of a large provider, grown from the sample policies: many clients with several systems each, many
 * people in teams. Deterministic, so that two runs measure the same.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export interface Size {
  readonly clients: number;
  /** Of each client. */
  readonly systems: number;
  readonly people: number;
}

export const largest: Size = { clients: 1_000, systems: 5, people: 2_000 };

const sample = new URL('../../policies/', import.meta.url).pathname;
const teamSize = 20;

type Tree = Record<string, unknown>;

/** Writes the folder; it must not be there yet. The variables of the sample policies are still to be given. */
export async function writeLargePolicies(folder: string, size: Size): Promise<void> {
  for (const inner of ['clients', 'cases']) await mkdir(join(folder, inner), { recursive: true });
  for (const kept of [
    'identity.yaml',
    'purposes.yaml',
    'profiles',
    'contracts',
    'certificates',
    'defaults.yaml',
  ])
    await cp(join(sample, kept), join(folder, kept), { recursive: true }).catch(ignoreMissing);
  // Programs answer to people of the sample, who are not among those made here.
  const { robots: _robots, ...staff } = await read('staff.yaml');
  const teams = Array.from({ length: Math.ceil(size.people / teamSize) }, (_, n) => `team-${n}`);
  const [person] = Object.values(staff.people as Record<string, Tree>);
  const people = Array.from({ length: size.people }, (_, n) => [
    `person-${n}`,
    { ...person, name: `Person ${n}`, subject: `s-${n}`, teams: [`team-${Math.floor(n / teamSize)}`] },
  ]);
  await write(folder, 'staff.yaml', { ...staff, teams, people: Object.fromEntries(people) });
  const client = await read('clients/acme.yaml');
  for (let n = 0; n < size.clients; n += 1)
    await write(folder, `clients/client-${n}.yaml`, grownClient(client, n, size, teams));
}

function grownClient(client: Tree, n: number, size: Size, teams: readonly string[]): Tree {
  const [system] = Object.values(client.systems as Record<string, Tree>);
  const systems = Array.from({ length: size.systems }, (_, s) => [
    `system-${s}`,
    {
      ...system,
      hosts: [`s${s}.c${n}.localhost`],
      upstream: { url: `http://10.${s}.${n >> 8}.${n & 255}:8080` },
    },
  ]);
  const controllers = Object.entries(client.controllers as Record<string, Tree>).map(([id, user]) => [
    id,
    { ...user, subject: `${id}-${n}` },
  ]);
  const [assigned] = client.assignments as Tree[];
  const assign = (who: string, systems: readonly string[]) => ({ ...assigned, who, systems });
  return {
    ...client,
    name: `Client ${n}`,
    systems: Object.fromEntries(systems),
    controllers: Object.fromEntries(controllers),
    assignments: [
      assign(`team:${teams[n % teams.length]}`, ['*']),
      assign(`team:${teams[(n * 7 + 3) % teams.length]}`, ['system-0', 'system-1']),
      assign(`person-${(n * 13) % size.people}`, ['system-2']),
    ],
  };
}

async function read(path: string): Promise<Tree> {
  return parse(await readFile(join(sample, path), 'utf8'));
}

async function write(folder: string, path: string, content: Tree): Promise<void> {
  await writeFile(join(folder, path), stringify(content, { aliasDuplicateObjects: false }));
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
