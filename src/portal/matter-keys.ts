/** The marks with which forms about matters are made, so that sending one twice does what it does once. */
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.matters.errors;
const keyForm = /^[\w-]{22}$/;

export function newKey(visit: Visit): string {
  return visit.deps.random(16).toString('base64url');
}

/** The mark in a field of the form that was sent. Throws a refusal when the form has none. */
export function keyOf(visit: Visit, name: string): string {
  const key = field(visit.req.body, name);
  if (!keyForm.test(key)) throw new Refusal(409, 'stale_form', words.stale, words.staleNext);
  return key;
}
