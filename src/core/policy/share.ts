/**
 * Makes equal parts of plain data one and the same: a thousand clients say much alike, and each would keep its own copy.
 * Nothing of the text that a string was read from stays with it. Pure, but for the data that it is given.
 */

/** The same data, whose equal parts are the same objects, also those of what was given before. Nobody may change it any more. */
export type Share = <T>(value: T) => T;

/** From this length on, in UTF-16 units, V8 keeps a part of a text as a view that holds the whole text. */
const shortestView = 13;

/** Remembers all it was given for as long as it lives. */
export function createShare(): Share {
  const strings = new Map<string, { readonly value: string; readonly mark: string }>();
  const objects = new Map<string, object>();
  const marks = new Map<object, string>();
  let count = 0;

  function known(text: string): { readonly value: string; readonly mark: string } {
    let found = strings.get(text);
    if (found === undefined) {
      count += 1;
      const value = text.length < shortestView ? text : structuredClone(text);
      found = { value, mark: `"${count}` };
      strings.set(value, found);
    }
    return found;
  }

  /** Of what is shared already: the same for what is the same, and for nothing else. */
  function markOf(value: unknown): string {
    if (typeof value === 'string') return known(value).mark;
    if (typeof value === 'object' && value !== null) return marks.get(value) ?? '';
    return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`;
  }

  function sharedObject(value: object): object {
    if (marks.has(value)) return value;
    count += 1;
    const mark = `#${count}`;
    const fields = value as Record<string, unknown>;
    const isList = Array.isArray(value);
    const mayChange = !Object.isFrozen(value);
    const says = [isList ? '[' : '{'];
    for (const name of isPlain(value) ? Object.keys(value) : []) {
      const inner = share(fields[name]);
      if (mayChange) fields[name] = inner;
      if (!isList) says.push(known(name).mark);
      says.push(markOf(inner));
    }
    const all = isPlain(value) ? says.join() : mark;
    const before = objects.get(all);
    if (before !== undefined) return before;
    objects.set(all, value);
    marks.set(value, mark);
    return value;
  }

  function share<T>(value: T): T {
    if (typeof value === 'string') return known(value).value as T;
    if (typeof value === 'object' && value !== null) return sharedObject(value) as T;
    return value;
  }
  return share;
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
