/**
 * The operator's log: JSON lines through winston. Unknown fields are secret: only the names in one table, and
 * only values of the shape that the table expects, are printed; everything else becomes "[secret]". Characters
 * that could forge lines or colour a terminal are escaped in one place. No message of an error is ever printed,
 * because messages quote data.
 */
import { Writable } from 'node:stream';
import winston from 'winston';

/** The operator's log. Unknown fields are secret: only what the allow-list names is printed. */
export interface Log {
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export type Level = keyof Log;
type Fields = Readonly<Record<string, unknown>>;

const SECRET = '[secret]';

/** A shape answers what to print, or undefined when the value is not what the field is for. */
type Shape = (value: unknown, level: Level) => unknown;

const number: Shape = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const truth: Shape = (value) => (typeof value === 'boolean' ? value : undefined);
/** Codes, names of states and events: words of our own program. */
const word = text(/^[A-Za-z][A-Za-z0-9_.:-]{0,79}$/);
/** Identifiers that this program or a policy file gave. */
const identifier = text(/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}$/);
/** Files and folders of the installation itself, never of a client. */
const file = text(/^[^\p{Cc}?#]{1,512}$/u);
const host = text(/^[A-Za-z0-9.:[\]_-]{1,255}$/);
const method = text(/^[A-Z]{1,16}$/);

/**
 * The allow-list. What identifies a technician or comes out of a request (paths, queries, addresses, references,
 * names) has no place here: it belongs in the client's own log.
 */
const shapes: Readonly<Record<string, Shape>> = {
  request: identifier,
  opening: identifier,
  grant: identifier,
  exchange: identifier,
  client: identifier,
  system: identifier,
  provider: identifier,
  purpose: identifier,
  login: identifier,
  node: identifier,
  boot: identifier,
  method,
  operation: word,
  reason: word,
  outcome: word,
  cause: word,
  code: word,
  command: word,
  state: word,
  signal: word,
  version: identifier,
  hash: text(/^(?:sha256:)?[A-Za-z0-9_-]{1,64}$/),
  file,
  folder: file,
  setting: text(/^[A-Z][A-Z0-9_]{0,63}$/),
  host,
  port: number,
  portal: origin,
  issuer: origin,
  upstream: origin,
  listen: host,
  status: number,
  ms: number,
  bytes: number,
  up: number,
  down: number,
  count: number,
  index: number,
  size: number,
  epoch: number,
  pid: number,
  attempt: number,
  exchanges: number,
  openings: number,
  line: number,
  column: number,
  recorded: truth,
  evaluation: truth,
  production: truth,
  ready: truth,
  error: errorFields,
};

/** Names of events are written in the code: words with spaces, dots or dashes, never data. */
const EVENT = /^[A-Za-z][A-Za-z0-9 ,._:'’()-]{0,159}$/u;

export interface LogOptions {
  readonly logLevel: Level;
  /** Takes each finished line instead of standard output. */
  readonly write?: (line: string) => void;
}

/**
 * Makes the log. One JSON object a line with `at` (RFC 3339 UTC), `level`, `event` and the allowed fields. Never
 * throws; a field it cannot read becomes "[secret]".
 */
export function createLog(options: LogOptions): Log {
  const { combine, timestamp, printf } = winston.format;
  const logger = winston.createLogger({
    level: options.logLevel,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format: combine(
      timestamp(),
      printf(({ timestamp: at, level, message, fields }) => {
        return JSON.stringify({ at, level, event: message, ...(fields as Fields) });
      }),
    ),
    transports: [options.write === undefined ? new winston.transports.Console() : writing(options.write)],
    exitOnError: false,
  });
  const emit =
    (level: Level) =>
    (event: string, fields: Fields = {}) => {
      if (!logger.isLevelEnabled(level)) return;
      logger.log({ level, message: EVENT.test(event) ? event : SECRET, fields: allowed(fields, level) });
    };
  return { error: emit('error'), warn: emit('warn'), info: emit('info'), debug: emit('debug') };
}

function writing(write: (line: string) => void): winston.transport {
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      write(line.trimEnd());
      done();
    },
  });
  return new winston.transports.Stream({ stream });
}

function allowed(fields: Fields, level: Level): Record<string, unknown> {
  const printed: Record<string, unknown> = {};
  let withheld = 0;
  for (const name of Object.keys(fields)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    // Even the name of an unknown field may be data, so only how many there were is told.
    if (shape === undefined) withheld += 1;
    else printed[name] = shaped(shape, fields, name, level);
  }
  if (withheld > 0) printed.withheld = withheld;
  return printed;
}

function shaped(shape: Shape, fields: Fields, name: string, level: Level): unknown {
  try {
    const value = fields[name];
    return value === undefined ? undefined : (shape(value, level) ?? SECRET);
  } catch {
    // A getter or a proxy that throws must not stop the work that wanted to log.
    return SECRET;
  }
}

function text(pattern: RegExp): Shape {
  return (value) => (typeof value === 'string' && pattern.test(value) ? printable(value) : undefined);
}

/** Scheme, host and port of a URL; user, path and query are dropped. */
function origin(value: unknown): string | undefined {
  const written = value instanceof URL ? value.href : value;
  if (typeof written !== 'string' || !URL.canParse(written)) return undefined;
  const url = new URL(written);
  return url.host === '' ? undefined : printable(`${url.protocol}//${url.host}`);
}

/** Name and code of an error and of its causes; the frames of its stack at debug level. Never a message. */
function errorFields(value: unknown, level: Level): unknown {
  if (!Error.isError(value)) return undefined;
  const chain: Record<string, unknown>[] = [];
  for (let error: unknown = value; Error.isError(error) && chain.length < 5; error = error.cause) {
    const code = 'code' in error ? word(error.code, level) : undefined;
    chain.push({
      name: word(error.name, level) ?? SECRET,
      ...(code === undefined ? {} : { code }),
      ...(level === 'debug' ? { stack: frames(error) } : {}),
    });
  }
  const [first, ...causes] = chain;
  return causes.length === 0 ? first : { ...first, causes };
}

/** Stack frames only. A stack that does not begin with its own name and message is dropped whole. */
function frames(error: Error): readonly string[] {
  const stack = error.stack ?? '';
  const heading = error.message === '' ? error.name : `${error.name}: ${error.message}`;
  if (!stack.startsWith(`${heading}\n`)) return [];
  return stack
    .slice(heading.length + 1)
    .split('\n')
    .map((frame) => frame.trim())
    .filter((frame) => /^at [^?]{1,300}:\d+:\d+\)?$/.test(frame))
    .map(printable);
}

/** The one place that escapes: control, bidirectional and other invisible characters become `\u{...}`. */
export function printable(value: string): string {
  return value.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
