/**
 * The formats that settings may have: origins, addresses, networks, paths, levels. Each parser answers a value or
 * one sentence that says what is wrong without repeating the text, because the text may be a secret.
 */
import { isIP } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Parsed<T> = { readonly value: T } | { readonly fault: string };

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** True for localhost, everything under it, 127.0.0.0/8 and ::1. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

export function parseOrigin(text: string): Parsed<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { fault: 'must be a URL such as https://access.example.com' };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { fault: 'must be an origin only: no user, no question mark, no #' };
  if (url.pathname !== '/') return { fault: 'must be an origin only, without a path' };
  return { value: url };
}

export function parseAddress(text: string): Parsed<Address> {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || (match?.[1] !== undefined && isIP(host) !== 6) || port > 65535)
    return { fault: 'must be address:port, such as 127.0.0.1:8080 or [::1]:8080' };
  return { value: Object.freeze({ host, port }) };
}

export function parsePath(text: string): Parsed<string> {
  if (text.includes('\0') || text.trim() !== text)
    return { fault: 'must be a path without spaces around it' };
  return { value: text };
}

export function parseNetworks(text: string): Parsed<readonly string[]> {
  const networks = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = networks.filter((network) => !isNetwork(network));
  if (wrong.length > 0)
    return { fault: 'must be addresses or networks separated by commas, such as 10.1.0.0/24' };
  return { value: Object.freeze(networks) };
}

function isNetwork(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  const family = isIP(address ?? '');
  if (family === 0 || rest.length > 0) return false;
  // "/0" would trust the whole world, which is never what this setting is for.
  return bits === undefined || (/^[1-9][0-9]{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export function parseLogLevel(text: string): Parsed<LogLevel> {
  const level = LOG_LEVELS.find((known) => known === text);
  return level === undefined ? { fault: `must be one of ${LOG_LEVELS.join(', ')}` } : { value: level };
}

export function parseServerUrl(text: string, protocols: readonly string[]): Parsed<string> {
  const good =
    URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== '';
  return good ? { value: text } : { fault: `must be a URL that begins with ${protocols.join('// or ')}//` };
}

/** A secret that is sent as a bearer token: long enough that nobody finds it, and of characters that a header carries. */
export function parseToken(text: string): Parsed<string> {
  return /^[A-Za-z0-9._~+/=-]{32,512}$/.test(text)
    ? { value: text }
    : { fault: 'must be 32 to 512 letters, digits or any of . _ ~ + / = -' };
}

/** Where messages are posted: https, or http on this machine, which only an evaluation sends to. */
export function parseHookUrl(text: string): Parsed<string> {
  const url = /[\s\\#]/.test(text) ? null : URL.parse(text);
  const good =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) &&
    url.username === '' &&
    url.password === '';
  return good ? { value: text } : { fault: 'must be an address such as https://hooks.example.com/consentry' };
}

/** A secret of Standard Webhooks: `whsec_` and Base64 of 24 to 64 bytes. */
export function parseWebhookSecret(text: string): Parsed<string> {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const whole = bytes.toString('base64') === encoded && bytes.length >= 24 && bytes.length <= 64;
  return whole ? { value: text } : { fault: 'must be whsec_ and the Base64 of 24 to 64 bytes' };
}

export function parseMailAddress(text: string): Parsed<string> {
  return /^[\x21-\x3f\x41-\x7e]{1,64}@[a-zA-Z0-9.-]{1,189}$/.test(text)
    ? { value: text }
    : { fault: 'must be a mail address in plain letters, such as access@example.com' };
}
