/** What the bench is asked to measure, and how long it may take. */
import { parseArgs } from 'node:util';
import { type TargetName, targetNames } from './running.ts';

const parts = [
  'requests',
  'transfers',
  'digest',
  'robot',
  'page',
  'enter',
  'memory',
  'loop',
  'decide',
  'policies',
  'history',
] as const;

export type Part = (typeof parts)[number];

/** Parts that compare: on one stage, the targets in turn. */
export const compared: readonly Part[] = ['requests', 'transfers', 'digest', 'robot'];
/** Parts that watch one target from its start on. */
export const watched: readonly Part[] = ['memory', 'loop'];

const usual: readonly Part[] = ['requests', 'transfers', 'page', ...watched];

export interface Options {
  readonly quick: boolean;
  readonly json: string | undefined;
  /** Of the history's log. */
  readonly lines: number;
  /** Where the history's log stays. */
  readonly keep: string | undefined;
  readonly parts: ReadonlySet<Part>;
  readonly targets: ReadonlySet<TargetName>;
}

/**
 * The command line's words.
 * @throws Error when an option or a target is not known.
 */
export function readOptions(args: readonly string[]): Options {
  const flags = Object.fromEntries(parts.map((part) => [part, { type: 'boolean' as const }]));
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...flags,
      quick: { type: 'boolean' },
      all: { type: 'boolean' },
      json: { type: 'string' },
      lines: { type: 'string' },
      keep: { type: 'string' },
      targets: { type: 'string' },
    },
  });
  const given = values as Readonly<Record<string, unknown>>;
  const named = parts.filter((part) => given[part] === true);
  const unnamed = values.quick === true ? (['requests'] as const) : usual;
  const wanted = values.targets?.split(',') ?? targetNames;
  const unknown = wanted.filter((name) => !targetNames.some((known) => known === name));
  if (unknown.length > 0) throw new Error(`unknown targets: ${unknown.join(', ')}`);
  return {
    quick: values.quick === true,
    json: values.json,
    lines: Number(values.lines ?? 10_000_000),
    keep: values.keep,
    parts: new Set(values.all === true ? parts : named.length > 0 ? named : unnamed),
    targets: new Set(targetNames.filter((name) => wanted.includes(name))),
  };
}

/** A bench that takes longer has failed; milliseconds. */
export function longestMs({ quick }: Pick<Options, 'quick'>): number {
  return quick ? 50_000 : 15 * 60_000;
}
