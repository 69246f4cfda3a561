/**
 * Checks a signed extract of somebody's own record with nothing but the file and the key: the readable form, which is a signed
 * note, and the JSON, whose signature is over its record in one line. Pure; never throws.
 */
import { verify } from 'node:crypto';
import { ed25519Type, formatVerifierKey, keyId, parseNote, publicKeyFrom, type VerifierKey } from './note.ts';
import { parseJson } from './objects.ts';
import type { OwnRecord } from './own-record.ts';

/** What the file is, in a sentence, or the first thing wrong with it. */
export type RecordChecked = { readonly told: string } | { readonly fault: string };

/** Keys of this name sign records and nothing else. */
const keyName = /^[^/]+\/own-record$/;

/** `content`: the file as text, as it was taken away or as an editor left its line ends. */
export function checkRecord(content: string, key: VerifierKey): RecordChecked {
  if (key.type !== ed25519Type || !keyName.test(key.name))
    return { fault: 'the key is none that signs records: it ends with /own-record before the first +' };
  const text = content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  return /^\s*\{/.test(text) ? checkJson(text, key) : checkNote(text, key);
}

function checkNote(text: string, key: VerifierKey): RecordChecked {
  const fault = signatureFault(text, key);
  if (fault !== undefined) return { fault };
  const [title = '', period = ''] = text.split('\n');
  return { told: `${title}, ${period}` };
}

function checkJson(text: string, key: VerifierKey): RecordChecked {
  const file = parseJson(text);
  if (file === undefined) return { fault: 'the file is cut off, or no JSON' };
  // What is written twice is read once, and not by every program the same.
  if (withoutSpaces(text) !== JSON.stringify(file))
    return {
      fault: 'the JSON is not written as it was taken away: something stands twice, or in another form',
    };
  if (!isExtract(file)) return { fault: 'the JSON is no extract of a record' };
  const { record, signature } = file;
  if (file.key !== formatVerifierKey(key)) return { fault: 'the file names another key than the one given' };
  const fault = signatureFault(`${JSON.stringify(record)}\n\n${signature}\n`, key);
  if (fault !== undefined) return { fault };
  const { person, provider, from, until, opened, complete } = record;
  const all = complete ? 'all of them' : 'not all of them';
  return {
    told: `${person.name} (${person.id}), ${provider}: ${from} to ${until}, ${opened.length} accesses, ${all}`,
  };
}

/** Undefined when the key, and no other of its name, signed the note. */
function signatureFault(note: string, key: VerifierKey): string | undefined {
  const parsed = parseNote(note);
  if (parsed === undefined) return 'the file is no signed note';
  const known = parsed.signatures.filter(({ name, id }) => name === key.name && id === keyId(key));
  if (known.length === 0) return 'the file is not signed by this key';
  const text = Buffer.from(parsed.text);
  const holds = known.every(
    ({ signature }) => signature.length === 64 && verify(null, text, publicKeyFrom(key), signature),
  );
  return holds ? undefined : 'the signature does not hold: the file was changed after it was signed';
}

/** The text without what stands between the signs of JSON. */
function withoutSpaces(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/g, '$1');
}

interface Extract {
  readonly record: OwnRecord;
  readonly key: string;
  readonly signature: string;
}

function isExtract(file: unknown): file is Extract {
  if (typeof file !== 'object' || file === null || Object.keys(file).join(' ') !== 'record key signature')
    return false;
  const { record, key, signature } = file as Record<string, unknown>;
  if (typeof record !== 'object' || record === null || typeof key !== 'string') return false;
  const { format, person, opened } = record as Record<string, unknown>;
  if (format !== 'consentry own record 1' || typeof signature !== 'string' || signature.includes('\n'))
    return false;
  return typeof person === 'object' && person !== null && Array.isArray(opened);
}
