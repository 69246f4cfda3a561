/**
 * Fetches a few pages of an application that is to be served, as a stranger: GET only, of its own origin only, without credential,
 * cookie or assertion, so many at most and for so long at most. What leads elsewhere is not followed.
 */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { type Answered, linksIn } from '../core/probe.ts';

export interface Target {
  /** `https://10.1.2.3:8443`. */
  readonly origin: string;
  /** The `Host` that it is asked under; undefined: its own. */
  readonly host: string | undefined;
  readonly serverName?: string | undefined;
  readonly ca?: string | undefined;
}

export interface ProbeLimits {
  readonly pages: number;
  /** Milliseconds for one answer, and for all of them. */
  readonly each: number;
  readonly all: number;
}

export const probeLimits: ProbeLimits = { pages: 20, each: 5_000, all: 60_000 };

/** Characters of one body that are looked at. */
const mostText = 524_288;

/** The answers in the order in which they were asked for, `/` first. Throws what the connection throws when there is none at all. */
export async function fetchPages(target: Target, limits: ProbeLimits): Promise<readonly Answered[]> {
  const until = Date.now() + limits.all;
  const answers: Answered[] = [];
  const queue = ['/'];
  const asked = new Set<string>();
  for (const path of queue) {
    if (answers.length >= limits.pages || Date.now() >= until) break;
    if (asked.has(path)) continue;
    asked.add(path);
    const answer = await fetchOne(target, path, limits.each).catch((cause: unknown) => {
      if (answers.length === 0) throw cause;
    });
    if (answer === undefined) continue;
    answers.push(answer);
    queue.push(...linksIn(withLocation(answer, target), target.origin));
  }
  return answers;
}

/** A redirect within the origin, also under the name that was asked for, is a link. */
function withLocation(answer: Answered, { origin, host }: Target): Answered {
  const location = answer.headers.find(([name]) => name === 'location')?.[1];
  if (location === undefined || /["<>]/.test(location)) return answer;
  const url = URL.parse(location, origin);
  const here = url !== null && (url.origin === origin || url.host === host);
  return here ? { ...answer, body: `${answer.body}<a href="${url.pathname}${url.search}">` } : answer;
}

function fetchOne(target: Target, path: string, within: number): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const { protocol, hostname, port } = new URL(target.origin);
  const options = {
    ...{ host: hostname.replace(/^\[|\]$/g, ''), path, agent: false },
    ...(port === '' ? {} : { port: Number(port) }),
    headers: {
      ...(target.host === undefined ? {} : { host: target.host }),
      ...{ accept: 'text/html,*/*', 'accept-encoding': 'identity', connection: 'close' },
    },
  };
  const { serverName, ca } = target;
  const tls = {
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(ca === undefined ? {} : { ca }),
  };
  const answered = (message: IncomingMessage): void =>
    void bodyOf(message).then((body) => resolve(toAnswer(path, message, body)), reject);
  const request =
    protocol === 'http:' ? requestPlain(options, answered) : requestTls({ ...options, ...tls }, answered);
  const timer = setTimeout(
    () => request.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    within,
  );
  request.on('upgrade', (message, socket) => {
    socket.destroy();
    resolve(toAnswer(path, message, ''));
  });
  request.on('error', reject);
  request.on('close', () => clearTimeout(timer));
  request.end();
  return promise;
}

/** The beginning of a text; of an endless one and of everything else, nothing. */
async function bodyOf(message: IncomingMessage): Promise<string> {
  const type = message.headers['content-type'] ?? '';
  const readable = /^(?:text\/(?!event-stream)|application\/(?:[a-z.+-]*(?:javascript|json|xml)))/i.test(
    type,
  );
  const decoder = new TextDecoder();
  let text = '';
  if (readable)
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > mostText) break;
    }
  message.destroy();
  return text.slice(0, mostText);
}

function toAnswer(path: string, { statusCode, rawHeaders }: IncomingMessage, body: string): Answered {
  const headers = rawHeaders.flatMap((name, nth): [string, string][] =>
    nth % 2 === 0 ? [[name.toLowerCase(), rawHeaders[nth + 1] ?? '']] : [],
  );
  return { path, status: statusCode ?? 0, headers, body };
}
