/**
 * The policy's own test cases: who, what and when, and the decision that must come out. They run before a policy
 * takes effect, so that a change which lets somebody in or keeps somebody out by mistake is caught by the files
 * themselves.
 */
import { classify } from '../classify.ts';
import { decide } from '../decide.ts';
import type { Grant, Opening, Operation, Person, Purpose, Snapshot, System } from '../model.ts';
import { parseTarget } from '../paths.ts';
import type { Question } from '../question.ts';
import { isReason, type Reason } from '../reasons.ts';
import { robotName } from '../robots.ts';
import { findSystem } from '../systems.ts';
import type { Complaints } from './complaints.ts';
import type { PolicyFault } from './faults.ts';
import { endOf, farFuture, startOf } from './instants.ts';
import type { ParsedFile } from './parse.ts';
import type { CaseFile } from './schema-cases.ts';

export type CaseSource = CaseFile['cases'][number];

export interface PolicyCase {
  readonly source: CaseSource;
  /** Epoch milliseconds of the moment the case speaks about. */
  readonly at: number;
  readonly expect: 'allow' | Reason;
  /** Makes a fault at the place of the case. */
  readonly fault: (message: string) => PolicyFault;
}

/** What came out; `allow`, a reason, or that nobody signed in or declared. */
export type CaseOutcome = 'allow' | Reason;

/** All cases of the files; expectations that no decision can have are added to `complaints`. */
export function readCases(
  files: readonly ParsedFile<CaseFile>[],
  complaints: Complaints,
): readonly PolicyCase[] {
  return files.flatMap((file) =>
    file.content.cases.flatMap((source, index) => readCase(file, source, index, complaints)),
  );
}

function readCase(
  file: ParsedFile<CaseFile>,
  source: CaseSource,
  index: number,
  complaints: Complaints,
): readonly PolicyCase[] {
  const { expect } = source;
  const at = startOf(source.at, 'UTC');
  if (expect !== 'allow' && !isReason(expect)) {
    complaints.add(file, ['cases', index, 'expect'], 'must be allow or the code of a reason');
    return [];
  }
  if (at === undefined) return [];
  const { document } = file;
  const fault = (message: string): PolicyFault => {
    return { file: document.path, ...document.place(['cases', index, 'expect']), message };
  };
  return [{ source, at, expect, fault }];
}

/** One fault for each case whose outcome is not the expected one. */
export function runCases(snapshot: Snapshot, cases: readonly PolicyCase[]): readonly PolicyFault[] {
  return cases.flatMap((one) => {
    const outcome = outcomeOf(snapshot, one);
    const message = `case "${one.source.name}": expected ${one.expect}, came out ${outcome}`;
    return outcome === one.expect ? [] : [one.fault(message)];
  });
}

/** Decides one case exactly as the gateway would: target, classification, decision. */
export function outcomeOf(snapshot: Snapshot, { source, at }: PolicyCase): CaseOutcome {
  const question = questionOf(snapshot, source, at);
  if ('refuse' in question) return question.refuse;
  const decision = decide(snapshot, question, at);
  return decision.effect === 'allow' ? 'allow' : decision.reason;
}

/** The question a case asks at `at`, or the reason for which it cannot even be asked. */
export function questionOf(
  snapshot: Snapshot,
  source: CaseSource,
  at: number,
): Question | { readonly refuse: Reason } {
  const person = snapshot.people.get(source.person);
  const purpose = snapshot.purposes.get(source.purpose);
  const client = snapshot.clients.get(source.client);
  const system = findSystem(client, source.system);
  if (person === undefined) return { refuse: 'not_employee' };
  if (system === undefined) return { refuse: 'unknown_system' };
  if (purpose === undefined) return { refuse: 'purpose_unknown' };
  const served = client?.systems.get(source.system);
  // Nothing of a system outside passes here: declaring is all that can be decided.
  const operation = served === undefined ? 'read' : operationOf(served, source);
  if (typeof operation !== 'string') return operation;
  const { acr, amr, minutes_ago } = source.authentication;
  const authentication = { acr, amr, at: at - minutes_ago * 60_000 };
  const grant = grantOf(source, at);
  return {
    client: source.client,
    system: source.system,
    opening: openingOf(source, at, person, purpose, grant, authentication),
    grant,
    authentication,
    operation,
    method: source.method,
    template: source.path,
  };
}

function operationOf(system: System, { method, path }: CaseSource): Operation | { readonly refuse: Reason } {
  const target = parseTarget(path);
  if ('refuse' in target) return target;
  const hints = {
    upgrade: false,
    dest: undefined,
    accept: undefined,
    body: method !== 'GET',
    type: undefined,
  };
  const classified = classify(system.profile, method, target, hints);
  return 'refuse' in classified ? classified : classified.operation;
}

function grantOf({ grant, client, system, purpose, person }: CaseSource, at: number): Grant | undefined {
  if (grant === 'none') return undefined;
  return {
    id: 'case',
    client,
    version: 1,
    status: grant.status ?? 'active',
    systems: grant.systems ?? [system],
    purposes: grant.purposes ?? [purpose],
    operations: grant.operations ?? ['read', 'write', 'copy'],
    people: grant.people ?? ['assigned', robotName(person)],
    from: grant.from === undefined ? at : (startOf(grant.from, 'UTC') ?? farFuture),
    until: grant.until === undefined ? farFuture : (endOf(grant.until, 'UTC') ?? 0),
    upstreamAccount: undefined,
    textHash: '',
    grantedBy: '',
    grantedAt: at,
  };
}

function openingOf(
  { client, system, reference, note }: CaseSource,
  at: number,
  person: Person,
  purpose: Purpose,
  grant: Grant | undefined,
  authentication: Opening['authentication'],
): Opening {
  const longest = at + purpose.minutes * 60_000;
  return {
    id: 'case',
    client,
    person: person.id,
    account: { issuer: person.issuer, subject: person.subject },
    systems: [system],
    purpose: purpose.code,
    reference,
    note,
    grant: 'case',
    login: 'case',
    authentication,
    openedAt: at,
    endsAt: grant !== undefined && grant.until > at ? Math.min(longest, grant.until) : longest,
    endedAt: undefined,
    endCause: undefined,
  };
}
