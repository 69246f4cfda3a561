/** `consentry policy diff OLD NEW`: what a change of policy would mean, in words or as JSON. */

import type { Snapshot } from '../core/model.ts';
import { type AccessChange, diffPolicies, type PolicyDiff, type Ruled } from '../core/policy/diff.ts';
import type { SliceChange } from '../core/policy/slice-changes.ts';
import type { Terminal } from './terminal.ts';

/** Prints the difference at `at`. Always 0: a difference is no fault. */
export function printDiff(
  before: Ruled,
  after: Ruled,
  { at, json }: { readonly at: number; readonly json: boolean },
  terminal: Terminal,
): number {
  const diff = diffPolicies(before, after, at);
  if (json) terminal.print(JSON.stringify(toJson(diff, at), undefined, 2));
  else for (const line of inWords(diff, after.snapshot, before.snapshot)) terminal.print(line);
  return 0;
}

function toJson({ access, clients, provider }: PolicyDiff, at: number): unknown {
  const plain = ({ path, relevant, text }: SliceChange) => ({ path, consent_relevant: relevant, text });
  return {
    at: new Date(at).toISOString(),
    access,
    clients: clients.map(({ client, changes }) => ({ client, changes: changes.map(plain) })),
    provider: provider.map(plain),
  };
}

function inWords({ access, clients, provider }: PolicyDiff, after: Snapshot, before: Snapshot): string[] {
  if (access.length + clients.length + provider.length === 0) return ['nothing changes for anybody'];
  const lines: string[] = [];
  if (provider.length > 0) lines.push('the provider', ...provider.map(told));
  for (const { client, changes } of clients) lines.push(`client ${client}`, ...changes.map(told));
  if (access.length > 0) lines.push('who may do what, supposing that the clients agree');
  const nameOf = (id: string) => after.people.get(id)?.name ?? before.people.get(id)?.name ?? id;
  for (const change of access) lines.push(...toldAccess(change, nameOf(change.person)));
  return lines;
}

function told({ relevant, text }: SliceChange): string {
  return `  ${relevant ? 'CONSENT-RELEVANT  ' : ''}${text.en}`;
}

function toldAccess({ person, client, system, purpose, gains, loses }: AccessChange, name: string): string[] {
  const where = `on ${client}/${system} for ${purpose}`;
  return [
    ...(gains.length === 0 ? [] : [`  ${person} (${name}) gains ${gains.join(', ')} ${where}`]),
    ...(loses.length === 0 ? [] : [`  ${person} (${name}) loses ${loses.join(', ')} ${where}`]),
  ];
}
