/**
 * One check of `consentry doctor`: what it may find, and how checks are run side by side, each with a limit.
 */
import type { Terminal } from './terminal.ts';

/** What a check found: all is well, something to do, or advice. Each says what it looked at. */
export type Finding =
  | { readonly verdict: 'ok'; readonly about: string }
  | { readonly verdict: 'do' | 'note'; readonly about: string; readonly advice: string };

/** Looks at one thing, answers at least one finding, rejects only by mistake. Must stop when the signal says so. */
export interface Check {
  readonly about: string;
  look(signal: AbortSignal): Promise<readonly Finding[]>;
}

const LIMIT_MS = 5_000;

/** Runs all checks side by side and prints their findings in order. True when there is nothing to do. */
export async function examine(
  checks: readonly Check[],
  terminal: Pick<Terminal, 'print'>,
  limitMs: number = LIMIT_MS,
): Promise<boolean> {
  const findings = await Promise.all(checks.map((check) => bounded(check, limitMs)));
  for (const finding of findings.flat()) printFinding(finding, terminal);
  return findings.flat().every(({ verdict }) => verdict !== 'do');
}

export function printFinding(finding: Finding, terminal: Pick<Terminal, 'print'>): void {
  const advice = finding.verdict === 'ok' ? '' : `: ${finding.advice}`;
  terminal.print(`${finding.verdict.padEnd(4)}  ${finding.about}${advice}`);
}

/** A check that hangs or fails is itself something to do. */
async function bounded(check: Check, limitMs: number): Promise<readonly Finding[]> {
  const { about } = check;
  const abort = new AbortController();
  const late = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(() => {
    abort.abort();
    late.resolve([
      {
        verdict: 'do',
        about,
        advice: `no answer within ${limitMs / 1000} s; look whether it is reachable from here`,
      },
    ]);
  }, limitMs);
  const looked = check
    .look(abort.signal)
    .catch((error: unknown): readonly Finding[] => [
      { verdict: 'do', about, advice: `could not be checked (${reasonOf(error)})` },
    ]);
  try {
    return await Promise.race([looked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The code of an error, or of what caused it; never its message. */
export function reasonOf(error: unknown): string {
  for (let inner: unknown = error; Error.isError(inner); inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.cause === undefined) return inner.name;
  }
  return 'unknown';
}
