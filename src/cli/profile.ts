/**
 * `consentry profile learn`: prints a profile that is proposed from the recorded traffic of one opening. It reads what
 * the log has stored (templates, methods, types) and changes nothing.
 */
import { learnProfile, type Seen } from '../core/policy/learn-profile.ts';
import type { Line } from '../core/ports.ts';
import type { LedgerArchive } from '../stores/archive.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import type { CommandMain, Terminal } from './terminal.ts';
import { unset, withArchive } from './with-archive.ts';

const usage = [
  'consentry profile learn --client ID [--opening ID] [--system ID] [--name NAME]',
  '(the newest opening of the client when none is given; takes --data DIR and --keys DIR; default: CONSENTRY_DATA and',
  ' CONSENTRY_KEYS. Save what it prints as profiles/<application>.yaml and go through it.)',
];

const options = {
  client: { type: 'string' },
  opening: { type: 'string' },
  system: { type: 'string' },
  name: { type: 'string' },
  data: { type: 'string' },
  keys: { type: 'string' },
} as const;

type Values = { readonly [N in keyof typeof options]?: string | undefined };

/** Exit 0: printed. 1: nothing to learn from. 2: not understood. */
export const profileCommand: CommandMain = async (args, env, terminal) => {
  const values = read(args);
  if ('wrong' in values) return misunderstood('profile', values.wrong.en, usage, terminal);
  const { client } = values;
  const answer = await withArchive('profile', values, env, terminal, (archive) =>
    learn(archive, client, values, terminal),
  );
  return answer === 'unset' ? misunderstood('profile', unset, usage, terminal) : answer;
};

function read(args: readonly string[]): (Values & { readonly client: string }) | Misread {
  const read = readOptions({ args: [...args], options, allowPositionals: true });
  if ('wrong' in read) return read;
  if (read.positionals.join(' ') !== 'learn') return misread('what it does is: learn');
  const { client, name } = read.values;
  if (client === undefined) return misread('--client is missing');
  if (name !== undefined && !/^[^\p{C}]{1,200}$/u.test(name.trim()))
    return misread('--name takes one line of at most 200 characters');
  return { ...read.values, client };
}

async function learn(
  archive: LedgerArchive,
  client: string,
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if ((await archive.head(client)) === undefined)
    return complain(terminal, 'there is no log of this client: check the id');
  const opening = values.opening ?? (await newestOpening(archive, client));
  if (opening === undefined) return complain(terminal, 'nobody has entered a system of this client yet');
  const lines = await linesOf(archive, client, opening);
  const systems = [
    ...new Set(lines.flatMap(({ leaf }) => (isIntent({ leaf }) ? [String(leaf.system)] : []))),
  ];
  const system = values.system ?? systems[0];
  if (system === undefined || !systems.includes(system))
    return complain(terminal, 'nothing was opened there: work through the pages of the application first');
  if (values.system === undefined && systems.length > 1)
    return complain(terminal, `several systems were entered; say which with --system: ${systems.join(', ')}`);
  const name = values.name?.trim() ?? system;
  terminal.print(learnProfile({ en: name, fr: name }, seenIn(lines, system)).trimEnd());
  return 0;
}

function complain(terminal: Terminal, what: string): number {
  terminal.complain(`consentry profile: ${what}`);
  return 1;
}

async function newestOpening(archive: LedgerArchive, client: string): Promise<string | undefined> {
  const [line] = await archive.lines({ client, kinds: ['session.opened'], limit: 1, disclose: [] });
  return line === undefined ? undefined : String(line.leaf.id);
}

const page = 1_000;

/** All lines of the opening, newest first. */
async function linesOf(archive: LedgerArchive, client: string, session: string): Promise<readonly Line[]> {
  const all: Line[] = [];
  for (;;) {
    const last = all.at(-1);
    const before =
      last === undefined ? {} : { before: { at: Date.parse(String(last.leaf.at)), index: last.index } };
    const found = await archive.lines({ client, session, ...before, limit: page, disclose: ['target'] });
    all.push(...found);
    if (found.length < page) return all;
  }
}

function isIntent({ leaf }: Pick<Line, 'leaf'>): boolean {
  return leaf.t === 'access.intent' || leaf.t === 'access.static';
}

/** Each intent with its result. */
function seenIn(lines: readonly Line[], system: string): readonly Seen[] {
  const results = new Map(
    lines.flatMap(({ leaf }) => (leaf.t === 'access.result' ? [[String(leaf.request), leaf] as const] : [])),
  );
  return lines
    .filter((line) => isIntent(line) && line.leaf.system === system)
    .map((line) => {
      const { leaf, groups } = line;
      const result = results.get(String(leaf.id));
      const path =
        groups.target === undefined || groups.target === 'erased' ? '' : String(groups.target.path ?? '');
      return {
        method: String(leaf.method),
        dest: String(leaf.dest),
        path,
        covered: leaf.t === 'access.static',
        status: Number(result?.status ?? 0),
        type: String(result?.type ?? ''),
        disposition: String(result?.disposition ?? ''),
        outcome: String(result?.outcome ?? ''),
        ms: Number(result?.ms ?? 0),
      };
    });
}
