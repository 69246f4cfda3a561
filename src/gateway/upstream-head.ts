/**
 * The head of an upstream's answer (RFC 9112, sections 4 to 6), read strictly: whatever two readers could take differently is no
 * answer at all. Pure.
 */

import { passingValue } from './headers.ts';

/** How many bytes the body has: none, so many, as its chunks say, or all until the connection ends. */
export type Framing = 'none' | 'chunked' | 'until-end' | number;

export interface Head {
  readonly status: number;
  /** `[name, value, …]` as they came, Latin-1, without control characters. */
  readonly lines: readonly string[];
  readonly framing: Framing;
  /** Milliseconds for which the connection may be kept for another exchange; 0: not at all. */
  readonly keepFor: number;
}

const statusLine = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** Whether bytes that are no whole head may become one: what speaks another protocol is not waited for. */
export function mayBegin(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, beginning.length);
  return bytes.compare(beginning, 0, length, 0, length) === 0;
}

const beginning = Buffer.from('HTTP/1.');
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const digits = /^[0-9]{1,15}$/;

/** What a line says about framing; all others are somebody else's business. */
type Framed = 'length' | 'coding' | 'connection' | 'keep-alive' | 'other';

const framed: { readonly [name: string]: Framed } = {
  'content-length': 'length',
  'transfer-encoding': 'coding',
  connection: 'connection',
  'keep-alive': 'keep-alive',
};

/** Names repeat, so what they mean is kept; a hostile upstream's inventions cannot fill the memory. */
const known = new Map<string, Framed>();
const knownLimit = 1_000;

function framedBy(name: string): Framed | undefined {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (!token.test(name)) return undefined;
  const lower = name.toLowerCase();
  const made = Object.hasOwn(framed, lower) ? (framed[lower] ?? 'other') : 'other';
  if (known.size < knownLimit && name.length < 100) known.set(name, made);
  return made;
}

/**
 * Reads a head without its last empty line. `bodiless`: it answers HEAD. `keepFor`: milliseconds that a connection is kept when the
 * upstream does not want less. `undefined`: it is not one HTTP/1 head that everybody reads alike.
 */
export function parseHead(text: string, bodiless: boolean, keepFor: number): Head | undefined {
  const rows = text.split('\r\n');
  const first = statusLine.exec(rows[0] ?? '');
  if (first === null) return undefined;
  const old = first[1] === '0';
  const status = Number(first[2]);
  if (old && status < 200) return undefined;
  const lines: string[] = [];
  let length: string | undefined;
  let coding: string | undefined;
  let connection = '';
  let kept = keepFor;
  for (let i = 1; i < rows.length; i += 1) {
    const row = rows[i] ?? '';
    const colon = row.indexOf(':');
    if (colon < 1) return undefined;
    const name = row.slice(0, colon);
    const meaning = framedBy(name);
    if (meaning === undefined) return undefined;
    const value = trimmed(row, colon + 1);
    if (!passingValue.test(value)) return undefined;
    lines.push(name, value);
    if (meaning === 'other') continue;
    switch (meaning) {
      case 'length':
        if (length !== undefined || !digits.test(value)) return undefined;
        length = value;
        break;
      case 'coding':
        if (coding !== undefined || old || value.toLowerCase() !== 'chunked') return undefined;
        coding = value;
        break;
      case 'connection':
        connection += `${value.toLowerCase()},`;
        break;
      case 'keep-alive':
        kept = Math.min(kept, hinted(value));
    }
  }
  if (length !== undefined && coding !== undefined) return undefined;
  const framing = framingOf(status, bodiless, length, coding);
  const stays = framing !== 'until-end' && staysOpen(connection, old);
  return { status, lines, framing, keepFor: stays ? kept : 0 };
}

function framingOf(
  status: number,
  bodiless: boolean,
  length: string | undefined,
  coding: string | undefined,
): Framing {
  if (bodiless || status < 200 || status === 204 || status === 304) return 'none';
  if (coding !== undefined) return 'chunked';
  return length === undefined ? 'until-end' : Number(length);
}

function staysOpen(connection: string, old: boolean): boolean {
  if (connection === '') return !old;
  if (connection === 'keep-alive,') return true;
  const tokens = connection.split(',').map((one) => one.trim());
  return !tokens.includes('close') && (!old || tokens.includes('keep-alive'));
}

/** What is sent on a connection just when its other end gives it up is lost, so it is given up here first. */
const sooner = 2_000;

/** `Keep-Alive: timeout=5`, in milliseconds. */
function hinted(value: string): number {
  const seconds = /(?:^|[,;\s])timeout=([0-9]{1,6})/i.exec(value)?.[1];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(seconds) * 1_000 - sooner);
}

/** Without the spaces and tabs around it: `trim` would take more than those. */
function trimmed(row: string, from: number): string {
  let start = from;
  let end = row.length;
  while (start < end && isBlank(row.charCodeAt(start))) start += 1;
  while (end > start && isBlank(row.charCodeAt(end - 1))) end -= 1;
  return row.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
