/** Codes of the log as words: why an access ended, why something was refused, what was done. Unknown codes are shown. */
import type { EndCause, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { endCauseTexts, operationTexts } from './texts/everywhere.ts';
import { refusalTexts } from './texts/refusals.ts';
import { texts } from './texts.ts';

const words = texts.controller;

export function causeText(code: string): Text {
  if (code === 'copy_limit') return words.results.copyLimit;
  return Object.hasOwn(endCauseTexts, code) ? endCauseTexts[code as EndCause] : words.results.other(code);
}

export function reasonText(code: string): Text {
  return Object.hasOwn(refusalTexts, code)
    ? refusalTexts[code as keyof typeof refusalTexts]
    : words.results.other(code);
}

export function operationText(code: string): Text | undefined {
  return code === 'read' || code === 'write' || code === 'copy' ? operationTexts[code] : undefined;
}

/** How an exchange ended, in words. */
export function outcomeOf({ leaf }: Pick<Line, 'leaf'>): {
  readonly result: Text;
  readonly kind: 'good' | 'bad' | 'calm';
} {
  const outcome = typeof leaf.outcome === 'string' ? leaf.outcome : '';
  const status = typeof leaf.status === 'number' ? leaf.status : 0;
  const { results } = words;
  if (outcome.startsWith('withheld:')) return { result: results.withheld, kind: 'bad' };
  if (outcome.startsWith('terminated:')) {
    return { result: results.cut(causeText(outcome.slice('terminated:'.length))), kind: 'bad' };
  }
  switch (outcome) {
    case 'complete':
      return status >= 400
        ? { result: results.answered(status), kind: 'calm' }
        : { result: results.done, kind: 'good' };
    case 'client-abort':
      return { result: results.clientAbort, kind: 'calm' };
    case 'upstream-abort':
      return { result: results.upstreamAbort, kind: 'bad' };
    case 'upstream-unreachable':
      return { result: results.unreachable, kind: 'bad' };
    case 'upstream-timeout':
      return { result: results.timeout, kind: 'bad' };
    case 'upgrade-refused':
      return { result: results.upgradeRefused, kind: 'bad' };
    case 'unknown-after-crash':
      return { result: results.crash, kind: 'bad' };
    default:
      return { result: results.other(outcome), kind: 'calm' };
  }
}
