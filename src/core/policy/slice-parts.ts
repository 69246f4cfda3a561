/**
 * A slice as its log keeps it: a text that names the hash of each part, and the parts' own texts, each kept once a log.
 * Joined again they are one text that a person or a comparison can read. Pure.
 */

/** One thing that a slice consists of: `file`, or one of the `profiles`. */
export interface SlicePart {
  readonly group: string;
  /** Of those groups that hold several. */
  readonly name?: string;
  /** Over the UTF-8 bytes of the text. */
  readonly hash: string;
  /** Canonical JSON. */
  text(): string;
}

/** Groups that hold parts by name; they are there even when they are empty. */
const named = ['certificates', 'profiles'];

/** The text whose hash a log carries: `{"client":…,"parts":{"file":"sha256:…","profiles":{"erp":"sha256:…"}}}`. */
export function rootOf(client: string, parts: readonly SlicePart[]): string {
  return canonicalMap({
    client: JSON.stringify(client),
    parts: canonicalMap(grouped(parts, ({ hash }) => JSON.stringify(hash))),
  });
}

/** The parts in one text: `{"client":…,"file":{…},"profiles":{"erp":{…}}}`. */
export function joined(client: string, parts: readonly SlicePart[]): string {
  return canonicalMap({ client: JSON.stringify(client), ...grouped(parts, (part) => part.text()) });
}

function grouped(
  parts: readonly SlicePart[],
  say: (part: SlicePart) => string,
): Readonly<Record<string, string>> {
  const groups = new Map<string, Record<string, string> | string>(named.map((group) => [group, {}]));
  for (const part of parts) {
    const group = groups.get(part.group);
    if (part.name === undefined) groups.set(part.group, say(part));
    else groups.set(part.group, { ...(typeof group === 'object' ? group : {}), [part.name]: say(part) });
  }
  return Object.fromEntries(
    [...groups].map(([group, held]) => [group, typeof held === 'string' ? held : canonicalMap(held)]),
  );
}

/**
 * Both joined, without the parts that are the same: whatever differs between the slices differs between these. The client's
 * file stays when its certificates differ, because it says what they are for.
 */
export function abridged(
  client: string,
  before: readonly SlicePart[],
  now: readonly SlicePart[],
): readonly [string, string] {
  const [old, fresh] = [new Set(before.map(keyOf)), new Set(now.map(keyOf))];
  const moved = (part: SlicePart, others: ReadonlySet<string>) => !others.has(keyOf(part));
  const certified =
    before.some((part) => part.group === 'certificates' && moved(part, fresh)) ||
    now.some((part) => part.group === 'certificates' && moved(part, old));
  const kept = (parts: readonly SlicePart[], others: ReadonlySet<string>) =>
    parts.filter((part) => moved(part, others) || (certified && part.group === 'file'));
  return [joined(client, kept(before, fresh)), joined(client, kept(now, old))];
}

function keyOf({ group, name, hash }: SlicePart): string {
  return `${hash} ${group} ${name ?? ''}`;
}

/** The hashes that such a text names; none of any other text. */
export function partsNamed(text: string): readonly string[] {
  return [...(partsIn(text)?.values() ?? [])].flatMap((held) =>
    typeof held === 'string' ? held : Object.values(held),
  );
}

/** A kept text as one text again. Undefined when a part is missing; what names no parts is whole already. */
export function wholeText(text: string, find: (hash: string) => string | undefined): string | undefined {
  const parts = readParts(text, find);
  if (parts === undefined) return text;
  if (parts === 'missing') return undefined;
  const { client } = JSON.parse(text) as { readonly client: string };
  return joined(client, parts);
}

/** The parts that a kept text names; undefined when it is one that names none. */
export function readParts(
  text: string,
  find: (hash: string) => string | undefined,
): readonly SlicePart[] | 'missing' | undefined {
  const groups = partsIn(text);
  if (groups === undefined) return undefined;
  const parts: SlicePart[] = [];
  for (const [group, held] of groups) {
    for (const [name, hash] of typeof held === 'string'
      ? [[undefined, held] as const]
      : Object.entries(held)) {
      const found = find(hash);
      if (found === undefined) return 'missing';
      parts.push({ group, ...(name === undefined ? {} : { name }), hash, text: () => found });
    }
  }
  return parts;
}

/** Only ever a text of ours, whose hash was looked at. */
function partsIn(text: string): ReadonlyMap<string, string | Readonly<Record<string, string>>> | undefined {
  const { parts } = JSON.parse(text) as { readonly parts?: Readonly<Record<string, string>> };
  return parts === undefined ? undefined : new Map(Object.entries(parts));
}

/** A map whose values are canonical already. Keys in the order of RFC 8785: by code unit. */
export function canonicalMap(parts: Readonly<Record<string, string>>): string {
  const members = Object.keys(parts)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${parts[key]}`);
  return `{${members.join(',')}}`;
}
