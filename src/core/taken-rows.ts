/**
 * The rows that a client takes away: one for each access with how it ended, one for each refusal, one for each other act of
 * the log. Flat, so that a spreadsheet and a search engine can read them. Pure; the formats follow RFC 4180 (CSV) and
 * the Elastic Common Schema 8.
 */

/** One row. Texts are '' and numbers undefined where they do not apply. */
export interface TakenRow {
  /** What it tells: a kind of line. An access and its end are one row of kind `access`. */
  readonly what: string;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  /** `client`, `provider`, `system` where the line says who acted; '': nobody but the person who opened the access. */
  readonly by: string;
  /** The seat that the line names: of the client's person who acted. */
  readonly seat: string;
  /** Who acted, where the line names them. */
  readonly person: string;
  /** Space-separated; of an act of somebody else than the technician, their role. */
  readonly function: string;
  readonly employer: string;
  readonly purpose: string;
  readonly reference: string;
  /** Space-separated ids. */
  readonly system: string;
  readonly operation: string;
  readonly method: string;
  /** The route as it was recorded: a template, never an address with its values. */
  readonly path: string;
  readonly dest: string;
  /**
   * How it ended: an outcome, `refused:<reason>`, `running`, `test` of a drill, `declared-not-observed` of what is outside, what a
   * review found; of other acts ''.
   */
  readonly outcome: string;
  /** Why an access was ended. */
  readonly cause: string;
  /** Whether the access was declared an emergency; also of what was done in it and about it. */
  readonly emergency: boolean;
  readonly status: number | undefined;
  readonly up: number | undefined;
  readonly down: number | undefined;
  /** Milliseconds. */
  readonly ms: number | undefined;
  readonly type: string;
  readonly opening: string;
  readonly agreement: string;
  /** Id of the line; of an access, of its request. */
  readonly id: string;
  /** Which part of the log, and the line in it: where a proof begins. */
  readonly log: string;
  readonly index: number;
  /** What the person says was done outside. */
  readonly said: string;
  /** Of a copy that left whole: `sha256:<base64url>`. */
  readonly digest: string;
}

/** The outcome of what is outside. */
export const declaredOnly = 'declared-not-observed';

export const separators = [',', ';'] as const;
export type Separator = (typeof separators)[number];

/** What a client takes away, and how it is written. */
export interface Take {
  readonly client: string;
  /** Begun at or after, epoch milliseconds; undefined: from the beginning. */
  readonly from: number | undefined;
  /** Begun before; undefined: up to now. */
  readonly until: number | undefined;
  readonly format: 'csv' | 'jsonl' | 'ecs';
  readonly separator: Separator;
  /** Whether the file begins with a byte order mark, by which some spreadsheets know UTF-8. */
  readonly bom: boolean;
  /** IANA zone of local times. */
  readonly zone: string;
}

const columns = [
  'time_utc',
  'time_local',
  'what',
  'person',
  'function',
  'employer',
  'purpose',
  'reference',
  'system',
  'operation',
  'method',
  'path',
  'kind_of_page',
  'outcome',
  'status',
  'bytes_in',
  'bytes_out',
  'duration_ms',
  'media_type',
  'opening',
  'agreement',
  'id',
  'log',
  'line',
  'said',
  'by',
  'seat',
  'emergency',
  'cause',
  'digest',
] as const;

/** The first line of a table. */
export function csvHead(separator: Separator): string {
  return `${columns.join(separator)}\r\n`;
}

/** One line of a table. `local`: the same instant in the client's zone, with its offset. */
export function csvLine(row: TakenRow, local: string, separator: Separator): string {
  const values: readonly (string | number | undefined)[] = [
    new Date(row.at).toISOString(),
    local,
    row.what,
    row.person,
    row.function,
    row.employer,
    row.purpose,
    row.reference,
    row.system,
    row.operation,
    row.method,
    row.path,
    row.dest,
    row.outcome,
    row.status,
    row.up,
    row.down,
    row.ms,
    row.type,
    row.opening,
    row.agreement,
    row.id,
    row.log,
    row.index,
    row.said,
    row.by,
    row.seat,
    row.emergency ? 'yes' : '',
    row.cause,
    row.digest,
  ];
  return `${values.map((value) => (typeof value === 'string' ? csvCell(value, separator) : (value ?? ''))).join(separator)}\r\n`;
}

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;
/** What cannot be seen, or turns the direction of what can. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A text as one cell: never a formula, never a line of its own. What would be taken for a formula gets an apostrophe in
 * front, which spreadsheets do not show.
 */
export function csvCell(value: string, separator: Separator): string {
  const line = value.toWellFormed().replace(unseen, ' ');
  const safe = formula.test(value) || formula.test(line) ? `'${line}` : line;
  return safe.includes(separator) || safe.includes('"') || safe !== safe.trim()
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

/** One row as a line of JSON. What does not apply is left out. */
export function jsonLine(row: TakenRow): string {
  const { at, ...rest } = row;
  const told = Object.entries(rest).filter(
    ([, value]) => value !== '' && value !== undefined && value !== false,
  );
  return `${JSON.stringify({ at: new Date(at).toISOString(), ...Object.fromEntries(told) })}\n`;
}

/** One row as a document of the Elastic Common Schema, as a line of JSON. */
export function ecsLine(row: TakenRow, client: string): string {
  return `${JSON.stringify(ecsDocument(row, client))}\n`;
}

/** One row as a document of the Elastic Common Schema. `client`: whose data it is. */
export function ecsDocument(row: TakenRow, client: string) {
  return {
    '@timestamp': new Date(row.at).toISOString(),
    ecs: { version: '8.17.0' },
    event: {
      id: row.id,
      kind: 'event',
      category: row.method === '' ? ['session'] : ['web'],
      type: [row.outcome.startsWith('refused:') ? 'denied' : row.method === '' ? 'info' : 'access'],
      action: row.what,
      outcome: ecsOutcome(row),
      provider: 'consentry',
      ...(row.outcome.startsWith('refused:') ? { reason: row.outcome.slice('refused:'.length) } : {}),
      ...(row.ms === undefined ? {} : { duration: row.ms * 1_000_000 }),
      sequence: row.index,
    },
    ...(row.said === '' ? {} : { message: row.said }),
    ...(row.digest === '' ? {} : { file: { hash: { sha256: hexOf(row.digest) } } }),
    organization: { id: client },
    ...ecsUser(row),
    ...(row.system === '' ? {} : { service: { name: row.system } }),
    ...(row.path === '' ? {} : { url: { path: row.path } }),
    ...(row.method === ''
      ? {}
      : {
          http: {
            request: { method: row.method, ...(row.up === undefined ? {} : { bytes: row.up }) },
            response: {
              ...(row.status === undefined ? {} : { status_code: row.status }),
              ...(row.down === undefined ? {} : { bytes: row.down }),
              ...(row.type === '' ? {} : { mime_type: row.type }),
            },
          },
        }),
    labels: Object.fromEntries(
      (
        [
          ['purpose', row.purpose],
          ['reference', row.reference],
          ['operation', row.operation],
          ['opening', row.opening],
          ['agreement', row.agreement],
          ['employer', row.employer],
          ['outcome', row.outcome],
          ['cause', row.cause],
          ['emergency', row.emergency ? 'true' : ''],
          ['by', row.by],
          ['log', row.log],
        ] as const
      ).filter(([, value]) => value !== ''),
    ),
  };
}

/** Who acted: of the client's people the seat, which their register names. */
function ecsUser({ person, seat, function: roles }: TakenRow) {
  if (person === '' && seat === '') return {};
  return {
    user: {
      ...(seat === '' ? {} : { id: seat }),
      ...(person === '' ? {} : { name: person }),
      roles: roles.split(' ').filter(Boolean),
    },
  };
}

function ecsOutcome({ what, outcome }: TakenRow): 'success' | 'failure' | 'unknown' {
  if (outcome.startsWith('refused:')) return 'failure';
  if (what !== 'access' || outcome === declaredOnly) return 'unknown';
  if (outcome === 'running' || outcome === 'unknown-after-crash') return 'unknown';
  return outcome === 'complete' ? 'success' : 'failure';
}

/** As tools write a digest. */
function hexOf(digest: string): string {
  return Buffer.from(digest.slice('sha256:'.length), 'base64url').toString('hex');
}
