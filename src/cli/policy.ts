/**
 * `consentry policy check | explain | schema`: looks at a policy folder without serving it. `check` names every fault
 * with file, line and column and runs the policy's own cases; `explain` says for one access which criteria are met.
 */
import { parseArgs } from 'node:util';
import { decide, explainDecision } from '../core/decide.ts';
import type { Snapshot } from '../core/model.ts';
import { type CaseSource, questionOf } from '../core/policy/cases.ts';
import { formatFault } from '../core/policy/faults.ts';
import { startOf } from '../core/policy/instants.ts';
import { kindSchemaText, policyKinds, policySchemaText } from '../core/policy/json-schema.ts';
import { methodNames } from '../core/policy/schema-profile.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { loadPolicies } from '../stores/policy-files.ts';
import { policyOptionTable, readPolicyOptions } from './policy-options.ts';
import type { CommandMain, Terminal } from './terminal.ts';

const usage = [
  'consentry policy check [DIR] [--evaluation] [--portal URL] [--credentials DIR] [--set NAME=VALUE]...',
  'consentry policy explain [DIR] --person ID --client ID --system ID --purpose CODE',
  '                         [--method GET] [--path /] [--at 2026-03-31T10:00:00+02:00]   (and as for check)',
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
} as const;

type Values = ReturnType<typeof parse>['values'];

/** Exit 0: all is well (for `explain`: allowed). 1: faults, or refused. 2: the command was not understood. */
export const policyCommand: CommandMain = async (args, env, terminal) => {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch {
    return complainUsage(terminal);
  }
  const [verb, directory = env.CONSENTRY_POLICIES ?? 'policies', ...rest] = parsed.positionals;
  if (rest.length > 0) return complainUsage(terminal);
  if (verb === 'schema') return printSchema(parsed.positionals[1], terminal);
  const options = readPolicyOptions(parsed.values, env);
  if (options === undefined || (verb !== 'check' && verb !== 'explain')) return complainUsage(terminal);
  const loaded = await loadPolicies(directory, options);
  if ('faults' in loaded) {
    for (const fault of loaded.faults) terminal.complain(formatFault(fault));
    terminal.complain(
      `${loaded.faults.length} ${loaded.faults.length === 1 ? 'fault' : 'faults'} in ${directory}`,
    );
    return 1;
  }
  return verb === 'check'
    ? summarise(loaded.snapshot, terminal)
    : explain(loaded.snapshot, parsed.values, terminal);
};

/** All kinds of file in one schema, or one kind alone. */
function printSchema(kind: string | undefined, terminal: Terminal): number {
  const text = kind === undefined ? policySchemaText() : kindSchemaText(kind);
  if (text === undefined) return complainUsage(terminal);
  terminal.print(text.trimEnd());
  return 0;
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: optionTable, allowPositionals: true, strict: true });
}

function complainUsage(terminal: Terminal): number {
  for (const line of usage) terminal.complain(line);
  return 2;
}

function summarise(snapshot: Snapshot, terminal: Terminal): number {
  const { clients, hosts, people, purposes } = snapshot;
  const counts = `${clients.size} clients, ${hosts.size} hosts, ${people.size} people, ${purposes.size} purposes`;
  terminal.print(`policies are in order: ${counts}`);
  return 0;
}

/** Explains as if the client had agreed to exactly this; whether it has, only its log knows. */
function explain(snapshot: Snapshot, values: Values, terminal: Terminal): number {
  const at = values.at === undefined ? Date.now() : startOf(values.at, 'UTC');
  const source = caseOf(values);
  if (at === undefined || source === undefined) return complainUsage(terminal);
  const question = questionOf(snapshot, source, at);
  if ('refuse' in question) {
    terminal.print(`refused: ${question.refuse} – ${reasonAnswers[question.refuse].title.en}`);
    return 1;
  }
  for (const { name, met, reason, detail } of explainDecision(snapshot, question, at)) {
    terminal.print(
      `${met ? '  met    ' : '  NOT MET'} ${name.padEnd(14)} ${reason === undefined ? '' : `${reason}: `}${detail}`,
    );
  }
  const decision = decide(snapshot, question, at);
  const assumed = 'supposing that the client agreed to exactly this';
  if (decision.effect === 'allow') {
    terminal.print(
      `allowed: ${decision.operation}, ${assumed}, until ${new Date(decision.until).toISOString()}`,
    );
    return 0;
  }
  terminal.print(`refused: ${decision.reason} – ${reasonAnswers[decision.reason].next.en}`);
  return 1;
}

function caseOf({ person, client, system, purpose, method, path }: Values): CaseSource | undefined {
  const known = methodNames.find((name) => name === method);
  if (person === undefined || client === undefined || system === undefined || purpose === undefined)
    return undefined;
  if (known === undefined || !path.startsWith('/')) return undefined;
  const authentication = { amr: [], minutes_ago: 0 };
  const said = { reference: 'T-1', note: 'explain', authentication, grant: {}, expect: 'allow' };
  return { name: 'explain', person, client, system, purpose, method: known, path, at: '', ...said };
}
