/**
 * `consentry system probe URL | CLIENT/SYSTEM`: looks at an application that is to be served and prints what it needs, with a
 * proposal for the client's file and a profile. Sends no credential, not even one that the client handed over: a look that
 * nobody agreed to and no line tells of must not see more than a stranger does.
 */
import { readFileSync } from 'node:fs';
import type { Environment } from '../config.ts';
import { type Probed, probed } from '../core/probe.ts';
import { proposalOf } from '../core/probe-proposal.ts';
import { policyOf } from './bypass.ts';
import { askedUnder } from './bypass-try.ts';
import { reasonOf } from './doctor-check.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { fetchPages, probeLimits, type Target } from './system-probe.ts';
import type { CommandMain, Terminal } from './terminal.ts';

const usage = 'consentry system probe URL | CLIENT/SYSTEM [--pages 20] [--ca FILE]';
const mostPages = 100;

interface Asked {
  readonly what: string;
  readonly pages: number;
  readonly ca: string | undefined;
}

interface Named {
  readonly system: string;
  readonly hosts: readonly string[];
  readonly target: Target;
}

/** 0: looked at. 1: it does not answer, or the policy does not name it. 2: not understood. */
export const systemCommand: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('system', asked.wrong.en, usage, terminal);
  try {
    const named = /^https?:\/\//.test(asked.what)
      ? byAddress(asked)
      : await byName(asked.what, env, terminal);
    if (named === undefined) return 1;
    const answers = await fetchPages(named.target, { ...probeLimits, pages: asked.pages });
    print(probed(answers, ownNames(named)), named, terminal);
    return 0;
  } catch (error) {
    terminal.complain(`consentry system probe: ${asked.what} cannot be looked at (${reasonOf(error)})`);
    return 1;
  }
};

function read(args: readonly string[]): Asked | Misread {
  const read = readOptions({
    args: [...args],
    options: { pages: { type: 'string', default: String(probeLimits.pages) }, ca: { type: 'string' } },
    allowPositionals: true,
  });
  if ('wrong' in read) return read;
  const [verb, what = '', ...more] = read.positionals;
  const { pages: told, ca } = read.values;
  const pages = /^\d{1,3}$/.test(told) ? Number(told) : 0;
  if (verb !== 'probe' || more.length > 0) return misread('what it does is: probe, of one system');
  if (hasSecret(what)) return misread('give the address alone, without user, path or query');
  if (!/^(?:https?:\/\/.+|[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*)$/.test(what))
    return misread('name the system as an address or as CLIENT/SYSTEM');
  if (pages < 1 || pages > mostPages) return misread(`--pages takes a number from 1 to ${mostPages}`);
  return { what, pages, ca };
}

/** An address with a password or a query would lie in the shell's history; only the origin is meant. */
function hasSecret(what: string): boolean {
  if (!what.includes('://')) return false;
  const url = URL.parse(what);
  return (
    url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.pathname !== '/'
  );
}

function byAddress({ what, ca }: Asked): Named {
  const { origin, hostname } = new URL(what);
  const label = hostname.split('.')[0] ?? '';
  const system = /^[a-z][a-z0-9-]{0,62}$/.test(label) ? label : 'system';
  const target = { origin, host: undefined, ...(ca === undefined ? {} : { ca: readFileSync(ca, 'utf8') }) };
  return { system, hosts: [], target };
}

async function byName(what: string, env: Environment, terminal: Terminal): Promise<Named | undefined> {
  const [client = '', id = ''] = what.split('/');
  const { snapshot, faults } = await policyOf(env);
  for (const fault of faults) terminal.complain(fault);
  if (snapshot === undefined) return undefined;
  const system = snapshot.clients.get(client)?.systems.get(id);
  if (system === undefined) {
    terminal.complain(`consentry system probe: the policy has no system ${what} that is served`);
    return undefined;
  }
  const { origin, serverName, ca } = system.upstream;
  return { system: id, hosts: system.hosts, target: { origin, host: askedUnder(system), serverName, ca } };
}

function ownNames({ target, hosts }: Named): ReadonlySet<string> {
  const { host, hostname } = new URL(target.origin);
  return new Set([host, hostname, ...hosts, ...(target.host === undefined ? [] : [target.host])]);
}

function print(found: Probed, { system, hosts, target }: Named, terminal: Terminal): void {
  const { origin, host } = target;
  const under = host === undefined ? '' : `, asked under ${host}`;
  terminal.print(`looked at  ${found.answers} answers of ${origin}${under}; the first is ${found.status}`);
  for (const line of factsOf(found)) terminal.print(line);
  terminal.print('');
  for (const line of proposalOf(found, { system, origin, hosts })) terminal.print(line);
}

function factsOf(found: Probed): readonly string[] {
  const path = (one: string): string => (one === '' ? 'a path that it computes' : one);
  return [
    ...found.foreign.map(({ host, count, example }) => `foreign    ${host}, ${count} times: ${example}`),
    ...found.redirects.map((one) => `redirect   ${one.path} leads to ${one.host}`),
    ...found.cookies.map(({ name, domain }) => `cookie     ${name}, of ${domain ?? 'its host alone'}`),
    ...found.schemes.map((scheme) => `asks       ${scheme}`),
    ...found.sockets.map((one) => `socket     ${path(one)}`),
    ...found.streams.map((one) => `events     ${path(one)}`),
    ...(found.workers ? ['worker     it registers a service worker'] : []),
  ];
}
