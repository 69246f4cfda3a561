/**
 * From the lines of a log, in their order, to the rows that a client takes away: an access waits for its end and is told
 * with it. Remembers what is open, never more. Pure but for that memory.
 */
import type { LeafFields } from './entries.ts';
import type { Line } from './ports.ts';
import { declaredOnly, type TakenRow } from './taken-rows.ts';

/** Groups of a line that the rows are made of. */
export const takenGroups: readonly string[] = ['person', 'role', 'work', 'target'];

/** Lines that tell nothing by themselves. */
const passedOver: ReadonlySet<string> = new Set([
  'access.progress',
  'heartbeat',
  'node.started',
  'node.stopped',
]);

/** Openings whose lines are kept at hand; another is looked up again. */
const mostOpenings = 5_000;

type Opened = Pick<
  TakenRow,
  'person' | 'function' | 'employer' | 'purpose' | 'reference' | 'agreement' | 'emergency'
>;

const nobody: Opened = {
  ...{ person: '', function: '', employer: '', purpose: '', reference: '', agreement: '' },
  emergency: false,
};

/**
 * Takes rows out of lines.
 * @param opening the line of an opening that began before the first line taken; undefined: there is none of that id
 */
export class Taking {
  readonly #opening: (id: string) => Line | undefined;
  readonly #openings = new Map<string, Opened>();
  readonly #pending = new Map<string, TakenRow>();

  constructor(opening: (id: string) => Line | undefined) {
    this.#opening = opening;
  }

  /** True while accesses wait for their end. */
  get waits(): boolean {
    return this.#pending.size > 0;
  }

  /** The rows that are complete with this line. */
  take(line: Line): TakenRow | undefined {
    const kind = text(line.leaf, 't');
    switch (kind) {
      case 'session.opened':
        this.#remember(text(line.leaf, 'id'), openedFrom(line));
        break;
      case 'session.corrected': {
        const session = text(line.leaf, 'session');
        const work = group(line, 'work');
        this.#remember(session, { ...this.#opened(session), reference: text(work, 'reference') });
        break;
      }
      case 'access.intent':
        this.#pending.set(text(line.leaf, 'id'), { ...this.#row(line, 'access'), outcome: 'running' });
        return undefined;
      case 'access.result':
        return this.ended(line);
      case 'drill.ran':
        return { ...this.#row(line, kind), outcome: 'test' };
      case 'access.refused': {
        const row = this.#row(line, kind);
        return { ...row, outcome: `refused:${text(line.leaf, 'reason')}` };
      }
    }
    return passedOver.has(kind) ? undefined : this.#row(line, kind);
  }

  /** The row of an access that ends with this line; undefined when it did not begin among the lines taken. */
  ended({ leaf }: Line): TakenRow | undefined {
    const id = text(leaf, 'request');
    const begun = this.#pending.get(id);
    if (begun === undefined) return undefined;
    this.#pending.delete(id);
    return {
      ...begun,
      outcome: text(leaf, 'outcome'),
      status: number(leaf, 'status'),
      up: number(leaf, 'up'),
      down: number(leaf, 'down'),
      ms: number(leaf, 'ms'),
      type: text(leaf, 'type'),
      digest: text(leaf, 'digest'),
    };
  }

  /** What has no end yet, oldest first. */
  unfinished(): readonly TakenRow[] {
    return [...this.#pending.values()];
  }

  #remember(id: string, opened: Opened): void {
    this.#openings.delete(id);
    if (this.#openings.size >= mostOpenings) {
      const [oldest] = this.#openings.keys();
      if (oldest !== undefined) this.#openings.delete(oldest);
    }
    this.#openings.set(id, opened);
  }

  #opened(id: string): Opened {
    const known = this.#openings.get(id);
    if (known !== undefined || id === '') return known ?? nobody;
    const line = this.#opening(id);
    const opened = line === undefined ? nobody : openedFrom(line);
    this.#remember(id, opened);
    return opened;
  }

  #row(line: Line, what: string): TakenRow {
    const { leaf } = line;
    const opening = what === 'session.opened' ? text(leaf, 'id') : text(leaf, 'session');
    const opened = opening === '' ? openedFrom(line) : this.#opened(opening);
    return {
      what,
      at: Date.parse(text(leaf, 'at')),
      ...opened,
      ...actorOf(line),
      agreement: text(leaf, 'grant') || opened.agreement,
      system: text(leaf, 'system') || text(leaf, 'systems'),
      operation: text(leaf, 'operation') || (opening === '' ? text(leaf, 'operations') : ''),
      method: text(leaf, 'method'),
      path: text(group(line, 'target'), 'path'),
      dest: text(leaf, 'dest'),
      outcome: text(leaf, 'outcome') || kindOfOutside(leaf),
      cause: text(leaf, 'cause'),
      status: undefined,
      up: undefined,
      down: undefined,
      ms: undefined,
      type: '',
      opening,
      id: text(leaf, 'id'),
      log: line.origin,
      index: line.index,
      said: text(group(line, 'work'), 'said'),
      digest: '',
    };
  }
}

/** Of what is outside it is told on each line that nobody observed it. */
function kindOfOutside(leaf: LeafFields): string {
  return leaf.t === 'session.declared' || (leaf.t === 'session.opened' && leaf.declared !== undefined)
    ? declaredOnly
    : '';
}

/**
 * Who acted. An access belongs to the person who opened it; what others do about it, by their seat or for their side, is
 * theirs, and the line alone says whose.
 */
function actorOf(line: Line): Pick<TakenRow, 'by' | 'seat'> & Partial<Opened> {
  const seat = text(line.leaf, 'seat');
  const by = text(line.leaf, 'by') || (seat === '' ? '' : 'client');
  if (by === '') return { by, seat };
  const { person, function: duty, employer } = openedFrom(line);
  return { by, seat, person, function: text(line.leaf, 'role') || duty, employer };
}

function openedFrom(line: Line): Opened {
  const role = group(line, 'role');
  return {
    person: line.groups.person === 'erased' ? '(erased)' : text(group(line, 'person'), 'name'),
    function: text(role, 'function'),
    employer: text(role, 'employer'),
    purpose: text(line.leaf, 'purpose'),
    reference: text(group(line, 'work'), 'reference'),
    agreement: text(line.leaf, 'grant'),
    emergency: line.leaf.emergency === true,
  };
}

function group(line: Line, name: string): LeafFields {
  const found = line.groups[name];
  return found === undefined || found === 'erased' ? {} : found;
}

function text(fields: LeafFields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function number(fields: LeafFields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}
