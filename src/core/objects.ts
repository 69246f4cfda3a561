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

/** What a text of JSON says, or its bytes; undefined: it is none. */
export function parseJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(
      typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text),
    );
  } catch {
    return undefined;
  }
}

/** The object that a text of JSON is; undefined: it is none. */
export function parseObject(text: string): Fields | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
