/**
 * `consentry policy check | explain | diff | replay | schema`: looks at policy folders without serving them. This file
 * reads the command and the folders; what each verb prints stands in a file of its own.
 */
import type { Environment } from '../config.ts';
import { checkAnswering } from '../core/policy/check-answering.ts';
import { checkApprovers } from '../core/policy/check-approvers.ts';
import { formatFault, type PolicyFault } from '../core/policy/faults.ts';
import { gather } from '../core/policy/gather.ts';
import { startOf } from '../core/policy/instants.ts';
import { kindSchemaText, policyKinds, policySchemaText } from '../core/policy/json-schema.ts';
import {
  type LoadOptions,
  loadPolicies,
  readPolicyFolder,
  type SoundPolicy,
} from '../stores/policy-files.ts';
import { type Misread, misunderstood, readOptions } from './options.ts';
import { printDiff } from './policy-diff.ts';
import { caseOf, printExplanation } from './policy-explain.ts';
import { policyOptionTable, readPolicyOptions } from './policy-options.ts';
import { printReplay } from './policy-replay.ts';
import type { CommandMain, Terminal } from './terminal.ts';
import { unset, withArchive } from './with-archive.ts';

const usage = [
  'consentry policy check [DIR] [--at TIME] [--evaluation] [--portal URL] [--credentials DIR] [--set NAME=VALUE]...',
  'consentry policy explain [DIR] --person ID --client ID --system ID --purpose CODE',
  '                         [--method GET] [--path /] [--at 2026-03-31T10:00:00+02:00]   (and as for check)',
  'consentry policy diff OLD NEW [--json] [--at TIME]                                    (and as for check)',
  'consentry policy replay FROM TO [DIR] [--data DIR] [--keys DIR]                       (and as for check)',
  `consentry policy schema [${Object.keys(policyKinds).join(' | ')}]`,
];

const optionTable = {
  ...policyOptionTable,
  person: { type: 'string' },
  client: { type: 'string' },
  system: { type: 'string' },
  purpose: { type: 'string' },
  method: { type: 'string', default: 'GET' },
  path: { type: 'string', default: '/' },
  at: { type: 'string' },
  json: { type: 'boolean', default: false },
  data: { type: 'string' },
  keys: { type: 'string' },
} as const;

type Values = Exclude<ReturnType<typeof readArgs>, Misread>['values'];

interface Asked {
  readonly places: readonly string[];
  readonly values: Values;
  readonly options: LoadOptions;
  /** The instant of `--at`, or now. */
  readonly at: number;
  readonly env: Environment;
  readonly terminal: Terminal;
}

type Verb = (asked: Asked) => Promise<number>;

const verbs: Readonly<Record<string, Verb>> = { check, explain, diff, replay };

/** Exit 0: all is well (for `explain`: allowed). 1: faults, or refused. 2: the command was not understood. */
export const policyCommand: CommandMain = async (args, env, terminal) => {
  const parsed = readArgs(args);
  if ('wrong' in parsed) return complainUsage(parsed.wrong.en, terminal);
  const { values, positionals } = parsed;
  const [name = '', ...places] = positionals;
  if (name === 'schema' && places.length < 2) return printSchema(places[0], terminal);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) return complainUsage('there is no such action', terminal);
  const options = readPolicyOptions(values, env);
  if (options === undefined)
    return complainUsage('--portal takes an address, --set takes NAME=VALUE', terminal);
  const at = values.at === undefined ? Date.now() : startOf(values.at, 'UTC');
  if (at === undefined) return complainUsage('--at takes a time, such as 2026-11-30T09:00Z', terminal);
  return verb({ places, values, options, at, env, terminal });
};

function readArgs(args: readonly string[]) {
  return readOptions({ args: [...args], options: optionTable, allowPositionals: true });
}

function complainUsage(wrong: string, terminal: Terminal): number {
  return misunderstood('policy', wrong, usage, terminal);
}

/** All kinds of file in one schema, or one kind alone. */
function printSchema(kind: string | undefined, terminal: Terminal): number {
  const text = kind === undefined ? policySchemaText() : kindSchemaText(kind);
  if (text === undefined) return complainUsage('there is no such kind of file', terminal);
  terminal.print(text.trimEnd());
  return 0;
}

function folderOf({ places, env }: Asked, at = 0): string {
  return places[at] ?? env.CONSENTRY_POLICIES ?? 'policies';
}

/** The policy of a folder; undefined when it has faults, which are printed then. */
async function load(directory: string, { options, terminal }: Asked): Promise<SoundPolicy | undefined> {
  const loaded = await loadPolicies(directory, options);
  if ('snapshot' in loaded) return loaded;
  complain(loaded.faults, directory, terminal);
  return undefined;
}

function complain(faults: readonly PolicyFault[], directory: string, terminal: Terminal): 1 {
  for (const fault of faults) terminal.complain(formatFault(fault));
  const { length } = faults;
  terminal.complain(`${length} ${length === 1 ? 'fault' : 'faults'} in ${directory}`);
  return 1;
}

async function check(asked: Asked): Promise<number> {
  if (asked.places.length > 1) return complainUsage('name one folder only', asked.terminal);
  const directory = folderOf(asked);
  const loaded = await load(directory, asked);
  if (loaded === undefined) return 1;
  const { documents } = await readPolicyFolder(directory);
  const found = [checkApprovers, checkAnswering].map((one) => one(loaded.snapshot, documents, asked.at));
  const faults = found.flatMap((one) => one.faults);
  for (const warning of found.flatMap(({ warnings }) => warnings))
    asked.terminal.complain(`warning: ${formatFault(warning)}`);
  if (faults.length > 0) return complain(faults, directory, asked.terminal);
  const { clients, hosts, people, purposes } = loaded.snapshot;
  const counts = `${clients.size} clients, ${hosts.size} hosts, ${people.size} people, ${purposes.size} purposes`;
  asked.terminal.print(`policies are in order: ${counts}`);
  return 0;
}

async function explain(asked: Asked): Promise<number> {
  const source = caseOf(asked.values);
  if (asked.places.length > 1) return complainUsage('name one folder only', asked.terminal);
  if (source === undefined)
    return complainUsage(
      'say --person, --client, --system and --purpose; --path begins with /',
      asked.terminal,
    );
  const directory = folderOf(asked);
  const loaded = await load(directory, asked);
  if (loaded === undefined) return 1;
  const { documents } = await readPolicyFolder(directory);
  const { files } = gather(documents, asked.options.variables ?? {});
  return printExplanation(loaded.snapshot, files, source, asked.at, asked.terminal);
}

async function diff(asked: Asked): Promise<number> {
  const [old, now, ...more] = asked.places;
  if (old === undefined || now === undefined || more.length > 0)
    return complainUsage('name two folders', asked.terminal);
  const before = await load(old, asked);
  const after = await load(now, asked);
  if (before === undefined || after === undefined) return 1;
  return printDiff(before, after, { at: asked.at, json: asked.values.json }, asked.terminal);
}

async function replay(asked: Asked): Promise<number> {
  const { values, env, terminal } = asked;
  const [from, until] = asked.places.slice(0, 2).map((text) => startOf(text, 'UTC'));
  if (from === undefined || until === undefined || asked.places.length > 3)
    return complainUsage('give two times and at most one folder', terminal);
  const loaded = await load(folderOf(asked, 2), asked);
  if (loaded === undefined) return 1;
  const answer = await withArchive('policy', values, env, terminal, (archive) =>
    printReplay(loaded.snapshot, archive, { from, until }, terminal),
  );
  return answer === 'unset' ? complainUsage(unset, terminal) : answer;
}
