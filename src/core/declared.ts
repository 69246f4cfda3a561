/**
 * What a purpose asks of the reference and the note of a declaration. Shared by the decision and the form, so that
 * what the form takes is also what passes. Linear in the length of both.
 */
import type { Purpose } from './model.ts';
import type { Reason } from './reasons.ts';
import { matchesReference } from './reference-pattern.ts';

/** The first thing that is missing, or undefined. */
export function judgeDeclared(purpose: Purpose, reference: string, note: string): Reason | undefined {
  return judgeReference(purpose, reference) ?? judgeNote(purpose, note);
}

/** A reference that is given has one of the forms, needed or not. */
export function judgeReference(purpose: Purpose, reference: string): Reason | undefined {
  if (isBlank(reference)) return purpose.referenceRequired ? 'reference_missing' : undefined;
  const { referencePatterns: patterns } = purpose;
  if (patterns.length === 0) return undefined;
  return patterns.some((pattern) => matchesReference(pattern, reference)) ? undefined : 'reference_form';
}

export function judgeNote(purpose: Purpose, note: string): Reason | undefined {
  if (!purpose.noteRequired) return undefined;
  if (isBlank(note)) return 'note_missing';
  return hasContent(note, purpose.noteMinimum) ? undefined : 'note_too_short';
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Whether there are at least so many letters and digits: dots and dashes say nothing. */
export function hasContent(note: string, least: number): boolean {
  let found = 0;
  for (let at = 0; at < note.length && found < least; at += 1) {
    if (isWord(note.charCodeAt(at))) found += 1;
  }
  return found >= least;
}

/** Whether free text is more than one word, and more than one sign again and again. Scripts without spaces count by letters. */
export function saysSomething(note: string): boolean {
  const words = note.match(/[\p{L}\p{N}]+/gu) ?? [];
  if (new Set(note.toLowerCase().match(/[\p{L}\p{N}]/gu)).size <= 3) return false;
  return new Set(words.map((word) => word.toLowerCase())).size > 1 || /\p{Lo}{4}/u.test(note);
}

/** Letters and digits of ASCII; beyond it, everything that is no Latin sign, space or general punctuation. */
function isWord(code: number): boolean {
  if (code < 0xc0)
    return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return code !== 0xd7 && code !== 0xf7 && !(code >= 0x2000 && code <= 0x206f) && code !== 0x3000;
}
