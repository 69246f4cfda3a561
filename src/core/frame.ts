/**
 * Lines in two hands: the caller's part of a leaf is brought into canonical form where it is known, cut at the places
 * where the writer's fields belong, and filled by the writer. The result is byte for byte what `canonicalFlat` makes
 * of all fields together; only the sorting is done once per shape instead of once per line. Pure but for its cache.
 */
import type { LeafFields } from './entries.ts';
import { canonicalValue, checkCallerFields, LeafFault } from './leaf.ts';

/** Between the pieces of a frame. Canonical JSON holds no raw line feed. */
const cut = '\n';

interface Plan {
  /** The caller's fields in the order of the line: name, and what is written before its value. */
  readonly members: readonly (readonly [string, string])[];
  /** The cuts after the last of them. */
  readonly end: string;
}

const plans = new WeakMap<readonly string[], Map<string, Plan>>();

/** More shapes than this are planned each time anew; ours are a handful. */
const shapeLimit = 64;

/** Short values as they are written: systems, agreements, operations and the like stand on every line. */
const written = new Map<string, string>();
const writtenLimit = 4_096;
const shortValue = 64;

/**
 * The caller's part of a line, cut at `slots`: the writer's fields, sorted. Each list of slots is a constant of its
 * caller: plans are kept per list and shape. Throws LeafFault for what a leaf cannot hold.
 */
export function frame(t: string, id: string, fields: LeafFields, slots: readonly string[]): string {
  const names = Object.keys(fields);
  const plan = planFor(names, slots);
  let framed = '';
  for (const [name, before] of plan.members) framed += before + memberValue(name, t, id, fields);
  return framed + plan.end;
}

function planFor(names: readonly string[], slots: readonly string[]): Plan {
  let known = plans.get(slots);
  if (known === undefined) {
    known = new Map();
    plans.set(slots, known);
  }
  const shape = names.join(' ');
  const kept = known.get(shape);
  if (kept !== undefined) return kept;
  checkCallerFields(names);
  const plan = planOf(names, slots);
  if (known.size < shapeLimit) known.set(shape, plan);
  return plan;
}

function memberValue(name: string, t: string, id: string, fields: LeafFields): string {
  if (name === 'id') return canonicalValue(id);
  if (name === 't') return writtenValue(t);
  if (name === 'v') return '1';
  const value = fields[name];
  if (value === undefined) throw new LeafFault(`field ${name} has no value`);
  return typeof value === 'string' ? writtenValue(value) : canonicalValue(value);
}

function writtenValue(value: string): string {
  const known = written.get(value);
  if (known !== undefined) return known;
  const made = canonicalValue(value);
  if (value.length <= shortValue) {
    if (written.size >= writtenLimit) written.clear();
    written.set(value, made);
  }
  return made;
}

function planOf(names: readonly string[], slots: readonly string[]): Plan {
  let cuts = 0;
  const members = [...names, 'id', 't', 'v'].sort().map((name, i) => {
    const passed = slots.filter((slot) => slot < name).length;
    const between = i > 0 && passed === cuts ? ',' : cut.repeat(passed - cuts);
    cuts = passed;
    return [name, `${between}${JSON.stringify(name)}:`] as const;
  });
  return { members, end: cut.repeat(slots.length - cuts) };
}

/** The whole leaf: `values` are the slots' values in canonical JSON, in the order of the slots. */
export function fillFrame(framed: string, slots: readonly string[], values: readonly string[]): string {
  const pieces = framed.split(cut);
  let leaf = '{';
  let comma = '';
  for (let i = 0; i <= slots.length; i += 1) {
    const piece = pieces[i] ?? '';
    if (piece !== '') {
      leaf += comma + piece;
      comma = ',';
    }
    if (i < slots.length) {
      leaf += `${comma}"${slots[i]}":${values[i]}`;
      comma = ',';
    }
  }
  return `${leaf}}`;
}
