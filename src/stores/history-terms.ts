/**
 * The dictionary of history.db: terms by which openings are found, and shapes of exchanges. Routes are sealed under the
 * client's key and people under their own; their tokens are made with the same keys, so whoever destroys a key leaves
 * numbers here that lead nowhere.
 */
import type { DatabaseSync } from 'node:sqlite';
import { resultClass, type Shape } from '../core/history.ts';
import { type Keyring, openBox, sealBox } from './disclosure.ts';
import { type TermKind, termKinds } from './history-schema.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** Caches are emptied when they reach this: they save work, nothing depends on them. */
const mostRemembered = 20_000;

export interface RouteContent {
  readonly system: string;
  readonly method: string;
  readonly path: string;
}

export interface PersonContent {
  readonly name: string;
  readonly functions: readonly string[];
}

/** A client's log with its key unlocked, for one piece of work. */
export interface Unlocked {
  readonly id: number;
  readonly key: Buffer;
}

/** A shape with the terms that its exchanges are found by. */
export interface KnownShape extends Omit<Shape, 'system' | 'method' | 'path'> {
  readonly id: number;
  readonly terms: readonly number[];
  readonly route: number;
  /** The shape under which overviews count it. */
  readonly brief: number;
}

export function placeOfTerm(log: number, kind: TermKind, token: string): string {
  return `history ${log} ${kind} ${token}`;
}

export function routeToken(keyring: Keyring, log: Unlocked, { system, method, path }: RouteContent): string {
  return keyring.alias(log.key, 'history route', `${system}\0${method}\0${path}`);
}

/** Stands in addresses for a person of this client. */
export function personToken(keyring: Keyring, log: Unlocked, owner: number): string {
  return keyring.alias(log.key, 'history person', String(owner));
}

export function referenceToken(keyring: Keyring, log: Unlocked, folded: string): string {
  return keyring.alias(log.key, 'history reference', folded);
}

/** What a route's box holds; undefined when its key is gone. */
export function openRoute(log: Unlocked, row: Row): RouteContent | undefined {
  try {
    const content = openBox(log.key, placeOfTerm(log.id, 'route', text(row, 'token')), bytes(row, 'box'));
    return JSON.parse(content) as RouteContent;
  } catch {
    return undefined;
  }
}

/** Finds and makes terms and shapes. One instance belongs to one connection. */
export class Terms {
  readonly #keyring: Keyring;
  readonly #ids = new Map<string, number>();
  readonly #shapes = new Map<string, KnownShape>();
  readonly #find;
  readonly #insert;
  readonly #findShape;
  readonly #insertShape;
  readonly #shapeById;

  constructor(db: DatabaseSync, keyring: Keyring) {
    this.#keyring = keyring;
    this.#find = db.prepare('SELECT id FROM terms WHERE log = ? AND kind = ? AND token = ?');
    this.#insert = db.prepare('INSERT INTO terms (log, kind, token, owner, box) VALUES (?, ?, ?, ?, ?)');
    this.#findShape = db.prepare(
      `SELECT id FROM shapes WHERE route = ? AND operation = ? AND dest = ? AND result = ? AND type = ?
       AND disposition = ?`,
    );
    this.#insertShape = db.prepare(
      `INSERT INTO shapes (route, operation, dest, result, type, disposition, log) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#shapeById = db.prepare(
      'SELECT s.*, t.token, t.box FROM shapes s JOIN terms t ON t.id = s.route WHERE s.id = ?',
    );
  }

  /** Drops what is remembered: after a transaction that was undone, its numbers may stand for others. */
  forget(): void {
    this.#ids.clear();
    this.#shapes.clear();
  }

  /** A term whose value may stand in the file as it is. */
  plain(
    log: Unlocked,
    kind: 'system' | 'purpose' | 'operation' | 'result' | 'grant' | 'emergency',
    value: string,
  ): number {
    return this.#term(log, kind, value, null, () => null);
  }

  reference(log: Unlocked, folded: string): number {
    return this.#term(log, 'reference', referenceToken(this.#keyring, log, folded), null, () => null);
  }

  route(log: Unlocked, content: RouteContent): number {
    const token = routeToken(this.#keyring, log, content);
    return this.#term(log, 'route', token, null, (place) => sealBox(log.key, place, JSON.stringify(content)));
  }

  /** A person in one function; what is erased already has no content. */
  person(log: Unlocked, owner: number, key: Buffer | undefined, content: PersonContent | undefined): number {
    if (key === undefined || content === undefined)
      return this.#term(log, 'person', `erased ${owner}`, owner, () => null);
    const json = JSON.stringify(content);
    const token = this.#keyring.alias(key, 'history person', `${owner}\0${json}`);
    return this.#term(log, 'person', token, owner, (place) => sealBox(key, place, json));
  }

  shape(log: Unlocked, shape: Shape): KnownShape {
    const { system, method, path, operation, dest, type, disposition, result } = shape;
    const name = [log.id, system, method, path, operation, dest, result, type, disposition].join('\0');
    const known = this.#shapes.get(name);
    if (known !== undefined) return known;
    const route = this.route(log, { system, method, path });
    const id = this.#shapeId(log, [route, operation, dest, result, type, disposition]);
    const plain = operation === 'read' && !result.startsWith('refused:');
    const brief = this.#shapeId(log, [plain ? 0 : route, operation, '', result, '', '']);
    const made = { ...this.#known(log, id, shape, route), brief };
    remember(this.#shapes, name, made);
    return made;
  }

  /** @param values route, operation, destination, result, type, disposition */
  #shapeId(log: Unlocked, values: readonly [number, string, string, string, string, string]): number {
    const row = this.#findShape.get(...values);
    return row === undefined
      ? Number(this.#insertShape.run(...values, log.id).lastInsertRowid)
      : int(row, 'id');
  }

  /** The route and all of a shape that is known by its number. */
  shapeOf(log: Unlocked, id: number): Shape {
    const row = this.#shapeById.get(id);
    if (row === undefined) throw new Error('history.db names a shape that it does not have');
    const route = openRoute(log, row) ?? { system: '', method: '', path: '' };
    return {
      ...route,
      operation: text(row, 'operation'),
      dest: text(row, 'dest'),
      type: text(row, 'type'),
      disposition: text(row, 'disposition'),
      result: text(row, 'result'),
    };
  }

  #known(log: Unlocked, id: number, shape: Shape, route: number): Omit<KnownShape, 'brief'> {
    const { system, operation, result, dest, type, disposition } = shape;
    const terms = [
      route,
      ...(system === '' ? [] : [this.plain(log, 'system', system)]),
      ...(operation === '' ? [] : [this.plain(log, 'operation', operation)]),
      this.plain(log, 'result', resultClass(result)),
    ];
    return { id, route, terms, operation, result, dest, type, disposition };
  }

  #term(
    log: Unlocked,
    kind: TermKind,
    token: string,
    owner: number | null,
    box: (place: string) => Buffer | null,
  ): number {
    const name = `${log.id} ${kind} ${token}`;
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const row = this.#find.get(log.id, termKinds[kind], token);
    const id =
      row === undefined
        ? Number(
            this.#insert.run(log.id, termKinds[kind], token, owner, box(placeOfTerm(log.id, kind, token)))
              .lastInsertRowid,
          )
        : int(row, 'id');
    remember(this.#ids, name, id);
    return id;
  }
}

function remember<K, V>(cache: Map<K, V>, name: K, value: V): void {
  if (cache.size >= mostRemembered) cache.clear();
  cache.set(name, value);
}
