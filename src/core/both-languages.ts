/** Texts in both languages, from what is told in one of them at a time. Pure. */
import type { Language, Text } from './model.ts';

/** What is told, in English and in French. */
export function inBoth(tell: (language: Language) => string): Text {
  return { en: tell('en'), fr: tell('fr') };
}

/** Several texts as one. */
export function joinTexts(parts: readonly Text[], between = ', '): Text {
  return inBoth((language) => parts.map((part) => part[language]).join(between));
}
