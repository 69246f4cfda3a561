/**
 * Speaks with a portal as a program does: JSON over HTTPS, one question on a connection of its own, within a time. A redirect is
 * an answer like any other and never followed, so a token goes to the portal that it is of and nowhere else.
 */
import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Environment } from '../config.ts';
import type { Text } from '../core/model.ts';
import { words as allWords } from './technician-texts.ts';
import { languageOf, Told } from './voice.ts';

const words = allWords.portal;

/** What the portal says when it does not do it: a stable code, and what to do next. */
export class PortalRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The whole answer; further members depend on the code. */
  readonly problem: Readonly<Record<string, unknown>>;
  /** Seconds after which it may be asked again; undefined: it did not say. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Readonly<Record<string, unknown>>, retryAfter: number | undefined) {
    super(String(problem.code));
    this.name = 'PortalRefusal';
    this.status = status;
    this.code = String(problem.code);
    this.title = printable(problem.title);
    this.detail = printable(problem.detail);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** There was no answer that could be understood. */
export class PortalUnreachable extends Told {
  override name = 'PortalUnreachable';
}

export interface Question {
  readonly method: 'GET' | 'POST';
  /** Begins with `/`. */
  readonly path: string;
  readonly token?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export type AskPortal = (question: Question) => Promise<Readonly<Record<string, unknown>>>;

const patience = 30_000;
const mostBytes = 1_048_576;

/** Plain HTTP goes nowhere but to this machine. */
export function isLocal({ hostname }: Pick<URL, 'hostname'>): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/.test(hostname);
}

/** The origin of a portal as somebody wrote it; a sentence when it cannot be used. */
export function readPortal(address: string): { readonly portal: URL } | { readonly wrong: Text } {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return { wrong: words.noAddress(address) };
  if (url.protocol === 'http:' && !isLocal(url)) return { wrong: words.plain };
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search + url.hash !== '')
    return { wrong: words.alone(`${url.protocol}//${url.host}`) };
  return { portal: url };
}

/** Asks one portal. Throws PortalRefusal or PortalUnreachable. */
export function createPortalClient(portal: URL, env: Environment): AskPortal {
  const headers = { 'accept-language': languageOf(env), accept: 'application/json' };
  return async ({ method, path, token, body }) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(portal, text, {
      method,
      path,
      headers: {
        ...headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    });
    return understood(portal, answer);
  };
}

interface Answered {
  readonly status: number;
  readonly retryAfter: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

async function send(portal: URL, body: string | undefined, asked: RequestOptions): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const { protocol, hostname, port } = portal;
  const options: RequestOptions = {
    ...asked,
    ...{ host: hostname.replace(/^\[|\]$/g, ''), agent: false },
    ...(port === '' ? {} : { port: Number(port) }),
    // Names below `localhost` are this machine, which not every resolver knows.
    ...(isLocal(portal) && hostname !== '[::1]'
      ? { host: '127.0.0.1', headers: { ...asked.headers, host: portal.host } }
      : {}),
  };
  const onAnswer = (message: IncomingMessage): void => void read(message).then(resolve, reject);
  const tls = { ...options, servername: hostname };
  const outgoing = protocol === 'http:' ? requestPlain(options, onAnswer) : requestTls(tls, onAnswer);
  const timer = setTimeout(() => outgoing.destroy(new Error('no answer in time')), patience);
  outgoing.on('error', reject);
  outgoing.on('close', () => clearTimeout(timer));
  outgoing.end(body);
  try {
    return await promise;
  } catch (error) {
    const known = Error.isError(error) ? error : new Error('unknown');
    const why = 'code' in known && typeof known.code === 'string' ? known.code : known.message;
    throw new PortalUnreachable(words.silent(portal.origin, why), error);
  }
}

async function read(message: IncomingMessage): Promise<Answered> {
  const { statusCode = 0, headers } = message;
  let body = '';
  message.setEncoding('utf8');
  for await (const chunk of message as AsyncIterable<string>) {
    body += chunk;
    if (body.length > mostBytes) throw new Error('the answer is too long');
  }
  const seconds = /^\d{1,5}$/.test(headers['retry-after'] ?? '') ? Number(headers['retry-after']) : undefined;
  return { status: statusCode, retryAfter: seconds, location: headers.location, body };
}

function understood(portal: URL, answer: Answered): Readonly<Record<string, unknown>> {
  const { status, location, retryAfter } = answer;
  if (status >= 300 && status < 400)
    throw new PortalUnreachable(words.elsewhere(portal.origin, printable(location)));
  const value = parsed(answer.body);
  if (value === undefined || (status !== 200 && typeof value.code !== 'string'))
    throw new PortalUnreachable(words.noPortal(portal.origin, status));
  if (status !== 200) throw new PortalRefusal(status, value, retryAfter);
  return value;
}

function parsed(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What comes from elsewhere must not steer the terminal. */
export function printable(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[^\P{C}\n]/gu, '�').slice(0, 4_000) : '';
}
