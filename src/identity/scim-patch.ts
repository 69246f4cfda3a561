/**
 * PATCH of a user (RFC 7644, section 3.5.2) in the dialects of the large directories: operations in any case, values
 * without a path, dotted names within them, "False" for false. Written here because the attributes are six and
 * closed: a library that walks any path walks `__proto__` too. Pure.
 */
import { isObject, type Json, type JsonObject, member, ScimFault, userSchema } from './scim-user.ts';

type Verb = 'add' | 'replace' | 'remove';
type Draft = Map<string, Json>;

interface Path {
  readonly attribute: string;
  readonly filter: { readonly name: string; readonly value: Json } | undefined;
  readonly part: string | undefined;
}

const mostOperations = 100;
/** By their names in small letters; everything else is accepted and not kept. */
const kept = new Map(
  ['userName', 'externalId', 'displayName', 'name', 'emails', 'active'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** The attributes after all operations, in order; all or none. Throws ScimFault. The result is still to be checked. */
export function patched(attributes: JsonObject, body: JsonObject): JsonObject {
  const operations = member(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimFault(400, 'invalidSyntax', 'Operations must be a list with at least one operation');
  if (operations.length > mostOperations) throw new ScimFault(400, 'tooMany', 'too many operations');
  const draft: Draft = new Map(Object.entries(attributes));
  for (const operation of operations as readonly Json[]) applyOperation(draft, operation);
  return Object.fromEntries(draft);
}

function applyOperation(draft: Draft, operation: Json): void {
  if (!isObject(operation)) throw new ScimFault(400, 'invalidSyntax', 'an operation must be an object');
  const op = member(operation, 'op');
  const verb = typeof op === 'string' ? op.toLowerCase() : '';
  if (verb !== 'add' && verb !== 'replace' && verb !== 'remove')
    throw new ScimFault(400, 'invalidSyntax', 'op must be add, replace or remove');
  const path = member(operation, 'path');
  const value = member(operation, 'value');
  if (path === undefined || path === '') return applyAll(draft, verb, value);
  if (typeof path !== 'string') throw new ScimFault(400, 'invalidPath', 'path must be a text');
  apply(draft, verb, path, value);
}

/** Without a path the value names the attributes. */
function applyAll(draft: Draft, verb: Verb, value: Json | undefined): void {
  if (verb === 'remove') throw new ScimFault(400, 'noTarget', 'remove needs a path');
  if (!isObject(value)) throw new ScimFault(400, 'invalidValue', 'without a path, value must be an object');
  for (const [name, inner] of Object.entries(value)) apply(draft, verb, name, inner ?? undefined);
}

function apply(draft: Draft, verb: Verb, text: string, value: Json | undefined): void {
  const path = readPath(text);
  const attribute = path === undefined ? undefined : kept.get(path.attribute.toLowerCase());
  if (path === undefined || attribute === undefined) return;
  if (verb === 'remove' && (attribute === 'userName' || attribute === 'active'))
    throw new ScimFault(400, 'mutability', `${attribute} cannot be removed`);
  if (verb !== 'remove' && value === undefined && attribute === 'active')
    throw new ScimFault(400, 'invalidValue', 'active needs a value');
  if (attribute === 'emails') return applyEmails(draft, verb, path, value);
  if (path.filter !== undefined) throw new ScimFault(400, 'invalidPath', `${attribute} is not a list`);
  if (attribute === 'name') return applyName(draft, verb, path.part, value);
  if (path.part !== undefined) throw new ScimFault(400, 'invalidPath', `${attribute} has no parts`);
  set(draft, attribute, verb === 'remove' ? undefined : value);
}

function set(draft: Draft, attribute: string, value: Json | undefined): void {
  if (value === undefined) draft.delete(attribute);
  else draft.set(attribute, value);
}

/** `attribute`, `attribute.part`, `attribute[filter]`, `attribute[filter].part`; undefined: of another schema. */
function readPath(text: string): Path | undefined {
  const own = text.toLowerCase().startsWith(`${userSchema.toLowerCase()}:`);
  const local = own ? text.slice(userSchema.length + 1) : text;
  if (/^urn:/i.test(local) || local.toLowerCase() === 'schemas') return undefined;
  const found = /^([a-z$][\w$-]{0,99})(?:\[([^\]]{1,500})\])?(?:\.([a-z$][\w$-]{0,99}))?$/i.exec(local);
  if (found?.[1] === undefined) throw new ScimFault(400, 'invalidPath', 'the path cannot be read');
  const filter = found[2] === undefined ? undefined : readFilter(found[2]);
  return { attribute: found[1], filter, part: found[3] };
}

/** `name eq value`; the value a JSON text, true or false. Throws ScimFault for every other filter. */
export function readFilter(text: string): { readonly name: string; readonly value: Json } {
  const found = /^\s*([\w$.:-]{1,200})\s+eq\s+("(?:[^"\\]|\\.){0,500}"|true|false)\s*$/i.exec(text);
  try {
    if (found?.[1] !== undefined && found[2] !== undefined) {
      const value = found[2].startsWith('"') ? found[2] : found[2].toLowerCase();
      return { name: found[1], value: JSON.parse(value) as Json };
    }
  } catch {
    // told below
  }
  throw new ScimFault(400, 'invalidFilter', 'only filters such as userName eq "name" are understood');
}

function applyName(draft: Draft, verb: Verb, part: string | undefined, value: Json | undefined): void {
  if (part === undefined && (verb === 'remove' || value === undefined)) return set(draft, 'name', undefined);
  const before = draft.get('name') ?? {};
  const change = part === undefined ? value : { [part]: verb === 'remove' ? null : (value ?? null) };
  if (!isObject(before) || !isObject(change))
    throw new ScimFault(400, 'invalidValue', 'name must be an object');
  draft.set('name', merged(before, change));
}

/** The members of `before` and those of `change` in their place; names without regard to case, null takes out. */
function merged(before: JsonObject, change: JsonObject): JsonObject {
  const changed = new Set(Object.keys(change).map((name) => name.toLowerCase()));
  const left = Object.entries(before).filter(([name]) => !changed.has(name.toLowerCase()));
  return Object.fromEntries([...left, ...Object.entries(change).filter(([, value]) => value !== null)]);
}

function applyEmails(draft: Draft, verb: Verb, { filter, part }: Path, value: Json | undefined): void {
  const before = listOf(draft.get('emails'));
  if (filter === undefined && part === undefined) {
    draft.set('emails', wholeList(before, verb, value));
    return;
  }
  const change = part === undefined ? (value ?? {}) : { [part]: value ?? null };
  if (!isObject(change)) throw new ScimFault(400, 'invalidValue', 'emails must be objects');
  const matches = (email: JsonObject) =>
    filter === undefined || isAs(member(email, filter.name), filter.value);
  if (verb === 'remove') {
    const gone = (email: JsonObject) => (part === undefined ? [] : [merged(email, { [part]: null })]);
    draft.set(
      'emails',
      before.flatMap((email) => (matches(email) ? gone(email) : [email])),
    );
    return;
  }
  // Directories replace what is not there yet; it is added then.
  const found = before.some(matches);
  const added = filter === undefined ? change : merged({ [filter.name]: filter.value }, change);
  const after = found
    ? before.map((email) => (matches(email) ? merged(email, change) : email))
    : [...before, added];
  draft.set('emails', after);
}

function wholeList(
  before: readonly JsonObject[],
  verb: Verb,
  value: Json | undefined,
): readonly JsonObject[] {
  const given = listOf(value);
  switch (verb) {
    case 'replace':
      return given;
    case 'add':
      return [...before.filter((email) => !given.some((other) => sameAddress(email, other))), ...given];
    case 'remove':
      return value === undefined
        ? []
        : before.filter((email) => !given.some((other) => sameAddress(email, other)));
  }
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
  if (!list.every(isObject)) throw new ScimFault(400, 'invalidValue', 'emails must be objects');
  return list as readonly JsonObject[];
}

function sameAddress(a: JsonObject, b: JsonObject): boolean {
  return isAs(member(a, 'value'), member(b, 'value') ?? null);
}

/** Texts within emails compare without regard to case. */
function isAs(a: Json | undefined, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  return a === b;
}
