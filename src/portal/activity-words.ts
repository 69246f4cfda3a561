/** Codes of the log as words: why an access ended, why something was refused, what was done. Unknown codes are shown. */
import type { EndCause, Text } from '../core/model.ts';
import { texts } from './texts.ts';
import { endCauseTexts, operationTexts } from './texts/everywhere.ts';
import { refusalTexts } from './texts/refusals.ts';

const words = texts.controller;

export function causeText(code: string): Text {
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
