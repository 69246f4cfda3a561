/**
 * The state of a log as six words that two people can compare by phone: the first 66 bits of the SHA-256 of the signed
 * state's text (origin, size and root; the signatures are not part of it), eleven bits a word, from the word lists of
 * BIP-39. Both languages say the same bits.
 */
import { hash } from 'node:crypto';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import type { Language } from './model.ts';

const words = 6;
const bitsPerWord = 11n;
const lists = { en: english, fr: french } as const;

/** @param checkpoint the signed note as it is shown; what follows the blank line is passed over */
export function headPhrase(checkpoint: string, language: Language): string {
  const [body = ''] = checkpoint.split('\n\n', 1);
  let bits = BigInt(`0x${hash('sha256', `${body}\n`, 'hex')}`) >> (256n - bitsPerWord * BigInt(words));
  const chosen: string[] = [];
  for (let left = words; left > 0; left -= 1) {
    chosen.unshift(lists[language][Number(bits & 2047n)]?.normalize('NFC') ?? '');
    bits >>= bitsPerWord;
  }
  return chosen.join(' ');
}
