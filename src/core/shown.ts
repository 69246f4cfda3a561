/**
 * Texts that others wrote, made fit to be shown: what cannot be seen or turns the direction of reading becomes a visible
 * mark, and what is too long ends where everybody sees that it does. Escaping is the page's own work. Pure.
 */

/** What stands for a character that cannot be shown. */
const mark = '\u{fffd}';

/** Controls, marks of direction and other characters without a shape; line ends of all kinds. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Letters, marks, digits, signs and spaces alone: nearly every text. */
const ordinary = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]*$/u;

/** At most `most` characters, and an ellipsis when there were more. */
export function shown(text: string, most = 120): string {
  if (text.length <= most && ordinary.test(text)) return text;
  // Only a little more than is kept is looked at: a field may hold 64 KB.
  const head = [...text.slice(0, most * 2 + 2)];
  const cut = head.length > most || text.length > most * 2 + 2;
  const kept = cut ? [...head.slice(0, most - 1), '…'] : head;
  return kept.join('').replace(unseen, mark);
}
