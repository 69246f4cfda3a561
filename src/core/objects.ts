/** Objects of which nothing is known yet, as JSON and YAML give them. Pure. */

export type Fields = Readonly<Record<string, unknown>>;

/** Whether it has fields: neither a list nor a single value. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands in it under that name; nothing that every object has. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** The object that a text of JSON is; undefined: it is none. */
export function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
