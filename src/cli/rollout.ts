/**
 * `consentry rollout [--json]`: for each client, how far it is: people invited and seated, agreements given and ending, names,
 * certificates, ways around. Reads the ledger and looks at hosts; changes nothing. Exit 1 when a live client cannot be served.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checksToldOf } from '../core/doors-told.ts';
import type { Client, Snapshot } from '../core/model.ts';
import type { Archive } from '../core/ports.ts';
import { type Rollout, type RolloutFacts, rolloutOf } from '../core/rollout.ts';
import { toldByLog } from '../core/rollout-facts.ts';
import { type Meeting, meetingAdvice, meetingsOf, tellMeeting } from '../core/shared-machines.ts';
import { createArchive } from '../stores/archive.ts';
import { readRefused } from '../stores/refused-addresses.ts';
import { type Misread, misunderstood, readOptions } from './options.ts';
import { prepareOrComplain } from './prepare.ts';
import { createProbes, type Probes } from './rollout-probes.ts';
import type { CommandMain, Terminal } from './terminal.ts';
import { addressesOf } from './upstream-addresses.ts';

const usage = 'consentry rollout [--json] [--client ID]';

/** Clients looked at side by side. */
const atOnce = 16;

/** 0: every live client can be served. 1: one cannot, or settings or policies are faulty. 2: not understood. */
export const rolloutCommand: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('rollout', asked.wrong.en, usage, terminal);
  const prepared = await prepareOrComplain(env, terminal);
  if (prepared === undefined) return 1;
  const {
    config,
    policy: { snapshot },
  } = prepared;
  if (asked.client !== undefined && !snapshot.clients.has(asked.client)) {
    terminal.complain(`consentry rollout: there is no client ${asked.client}`);
    return 1;
  }
  const file = join(config.data, 'ledger.db');
  const archive = existsSync(file) ? await createArchive({ file, keysDir: config.keys }) : undefined;
  try {
    const probes = {
      ...createProbes(config),
      refused: readRefused(join(config.data, 'notices.db')),
    };
    const rows = await rollout(snapshot, archive, probes, Date.now(), asked.client);
    return print(rows, asked.json, terminal);
  } finally {
    await archive?.close();
  }
};

function read(args: string[]): { readonly json: boolean; readonly client: string | undefined } | Misread {
  const options = { json: { type: 'boolean', default: false }, client: { type: 'string' } } as const;
  const read = readOptions({ args, options });
  return 'wrong' in read ? read : { json: read.values.json, client: read.values.client };
}

/** One row per client, in the order of their ids. Without an archive nothing was ever recorded. */
export async function rollout(
  snapshot: Pick<Snapshot, 'clients' | 'places'>,
  archive: Pick<Archive, 'inForce' | 'lines'> | undefined,
  probes: Probes,
  now: number,
  only?: string,
): Promise<readonly Rollout[]> {
  const clients = [...snapshot.clients.values()]
    .filter(({ id }) => only === undefined || id === only)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  // Whom one client meets is found only by looking at all.
  const systems = [...snapshot.clients.values()].flatMap((client) => [...client.systems.values()]);
  const meetings = meetingsOf(systems, await addressesOf(systems, probes.addresses));
  const { places = [] } = snapshot;
  const rows: Rollout[] = [];
  for (let at = 0; at < clients.length; at += atOnce) {
    const some = clients.slice(at, at + atOnce);
    rows.push(
      ...(await Promise.all(some.map((client) => look(client, { archive, probes, meetings, places, now })))),
    );
  }
  return rows;
}

interface Around {
  readonly archive: Pick<Archive, 'inForce' | 'lines'> | undefined;
  readonly probes: Probes;
  readonly meetings: readonly Meeting[];
  readonly places: readonly string[];
  readonly now: number;
}

async function look(client: Client, { archive, probes, meetings, places, now }: Around): Promise<Rollout> {
  const systems = [...client.systems.values()];
  const hosts = systems.flatMap((system) => system.hosts);
  const [known, checks, found, upstreams] = await Promise.all([
    archive?.inForce(client.id),
    archive === undefined ? [] : checksToldOf(archive, client),
    Promise.all(
      hosts.map(async (host) => {
        const resolves = await probes.resolves(host);
        return { host, resolves, certificate: resolves ? await probes.certificate(host) : undefined };
      }),
    ),
    Promise.all(systems.map(async ({ id, upstream }) => [id, await probes.upstream(upstream)] as const)),
  ]);
  const facts: RolloutFacts = {
    ...(await toldByLog(client.id, known?.seats ?? [], archive, now)),
    seats: known?.seats ?? [],
    refused: probes.refused,
    grants: known?.grants ?? [],
    checks,
    places,
    hosts: found,
    meetings: meetings
      .filter((meeting) => meeting.systems.some((system) => system.client === client.id))
      .map(tellMeeting),
    upstreams: new Map(upstreams.flatMap(([id, why]) => (why === undefined ? [] : [[id, why]]))),
  };
  return rolloutOf(client, facts, now);
}

function print(rows: readonly Rollout[], json: boolean, terminal: Terminal): number {
  if (json) terminal.print(JSON.stringify(rows, undefined, 2));
  else for (const line of tableOf(rows)) terminal.print(line);
  return rows.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

const headings = [
  'client',
  'status',
  'invited',
  'seated',
  'granted',
  'second approver',
  'names',
  'certificate',
  'bypass',
  'ends within 60 days',
];

/** A table with a line below for each problem. */
function tableOf(rows: readonly Rollout[]): readonly string[] {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const problems = rows.flatMap(({ client, problems: all }) => all.map((problem) => `${client}: ${problem}`));
  const warnings = rows.flatMap(({ client, warnings: all }) => all.map((warning) => `${client}: ${warning}`));
  const meetings = [...new Set(rows.flatMap(({ same_machine }) => same_machine))];
  return [
    ...lines,
    ...(problems.length === 0 ? [] : ['', 'Live, and not in order:', ...problems]),
    ...(warnings.length === 0 ? [] : ['', 'To look after:', ...warnings]),
    ...(meetings.length === 0 ? [] : ['', 'To look at:', ...meetings, `(${meetingAdvice})`]),
  ];
}

function cellsOf(row: Rollout): readonly string[] {
  const { controllers, dns, certificate } = row;
  return [
    row.client,
    row.status,
    `${controllers.invited}/${controllers.nominated}`,
    `${controllers.seated}/${controllers.nominated}`,
    String(row.granted),
    row.second_approver ? 'yes' : 'no',
    `${dns.resolving}/${dns.hosts}`,
    typeof certificate === 'string' ? certificate : `until ${certificate.until.slice(0, 10)}`,
    `${row.bypass.closed}/${row.bypass.systems}`,
    row.ending.map(({ grant, days }) => `${grant} in ${days} d`).join(', ') || '–',
  ];
}
