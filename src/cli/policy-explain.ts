/**
 * `consentry policy explain`: for one access every criterion, met or not, with the place in the policy files that decides
 * it. Supposes that the client agreed to exactly this; whether it has, only its log knows.
 */
import { classify } from '../core/classify.ts';
import { decide, explainDecision } from '../core/decide.ts';
import { methodNames } from '../core/methods.ts';
import type { Snapshot } from '../core/model.ts';
import { parseTarget } from '../core/paths.ts';
import { type CaseSource, questionOf } from '../core/policy/cases.ts';
import type { Files } from '../core/policy/gather.ts';
import { placesOf } from '../core/policy/places.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { takesMethod } from '../core/routes.ts';
import type { Terminal } from './terminal.ts';

export interface Explained {
  readonly person?: string | undefined;
  readonly client?: string | undefined;
  readonly system?: string | undefined;
  readonly purpose?: string | undefined;
  readonly method: string;
  readonly path: string;
}

/** The access that the options describe; undefined when they describe none. */
export function caseOf({ person, client, system, purpose, method, path }: Explained): CaseSource | undefined {
  const known = methodNames.find((name) => name === method);
  if (person === undefined || client === undefined || system === undefined || purpose === undefined)
    return undefined;
  if (known === undefined || !path.startsWith('/')) return undefined;
  const authentication = { amr: [], minutes_ago: 0 };
  const said = { reference: 'T-1', note: 'explain', authentication, grant: {}, expect: 'allow' };
  return { name: 'explain', person, client, system, purpose, method: known, path, at: '', ...said };
}

/** Which route of the profile the request takes. */
function routeOf(snapshot: Snapshot, { client, system, method, path }: CaseSource): number | undefined {
  const routes = snapshot.clients.get(client)?.systems.get(system)?.profile.routes ?? [];
  const template = templateOf(snapshot, { client, system, method, path });
  const found = routes.findIndex((route) => route.template === template && takesMethod(route, method));
  return found < 0 ? undefined : found;
}

function templateOf(
  snapshot: Snapshot,
  { client, system, method, path }: Pick<CaseSource, 'client' | 'system' | 'method' | 'path'>,
): string | undefined {
  const profile = snapshot.clients.get(client)?.systems.get(system)?.profile;
  const target = parseTarget(path);
  if (profile === undefined || 'refuse' in target) return undefined;
  const hints = {
    upgrade: false,
    dest: undefined,
    accept: undefined,
    body: method !== 'GET',
    type: undefined,
  };
  const classified = classify(profile, method, target, hints);
  return 'refuse' in classified ? undefined : classified.template;
}

/** 0: allowed. 1: refused. */
export function printExplanation(
  snapshot: Snapshot,
  files: Files,
  source: CaseSource,
  at: number,
  terminal: Terminal,
): number {
  const question = questionOf(snapshot, source, at);
  if ('refuse' in question) {
    terminal.print(`refused: ${question.refuse} – ${reasonAnswers[question.refuse].title.en}`);
    return 1;
  }
  const places = placesOf(files, { ...source, route: routeOf(snapshot, source) });
  for (const { name, met, reason, detail } of explainDecision(snapshot, question, at)) {
    const where = places[name].length === 0 ? '' : `  (${places[name].join(', ')})`;
    const said = `${reason === undefined ? '' : `${reason}: `}${detail}`;
    terminal.print(`${met ? '  met    ' : '  NOT MET'} ${name.padEnd(14)} ${said}${where}`);
  }
  const decision = decide(snapshot, question, at);
  if (decision.effect === 'allow') {
    const until = new Date(decision.until).toISOString();
    terminal.print(
      `allowed: ${decision.operation}, supposing that the client agreed to exactly this, until ${until}`,
    );
    return 0;
  }
  terminal.print(`refused: ${decision.reason} – ${reasonAnswers[decision.reason].next.en}`);
  return 1;
}
