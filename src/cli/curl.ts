/**
 * `consentry curl URL …`: the machine's own curl, within an access that `consentry open` made. The credential is on no command line: curl
 * reads it from a file that names the hosts of the access, so that it goes to no other, also where curl follows a redirect.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Environment } from '../config.ts';
import { type SignedIn, signedInBy, withState } from './command-line.ts';
import { type KeptOpening, type State, systemsOf } from './command-line-state.ts';
import { openNow } from './openings.ts';
import { PortalUnreachable } from './portal-client.ts';
import { words as allWords } from './technician-texts.ts';
import type { CommandMain } from './terminal.ts';
import { languageOf, type Voice } from './voice.ts';

const words = allWords.curl;

/** Options whose next argument is a value that may look like an address. */
const withValue =
  /^(?:-[AbdeFHoXx]|--(?:user-agent|cookie|data|data-ascii|data-binary|data-raw|data-urlencode|json|referer|form|form-string|header|output|request|proxy|preproxy|request-target))$/;

/** Answers what curl answers; 1 when it may not go there, 2 when the command is not understood. */
export const curlCommand: CommandMain = (args, env, terminal) =>
  withState('curl', env, terminal, async (state, voice) => {
    const named = args[0] === '--opening' ? args[1] : undefined;
    const rest = args[0] === '--opening' ? args.slice(2) : args;
    const urls = addressesIn(rest);
    if (urls.length === 0) {
      for (const line of words.usage) voice.complain(line);
      return 2;
    }
    const kept = (await state.openings()).filter(({ id }) => named === undefined || id === named);
    const foreign = urls.find((url) => !kept.some((one) => isOf(one, url)));
    if (foreign !== undefined) return refuse(kept, voice);
    const all = kept.filter((one) => urls.every((url) => isOf(one, url)));
    const opening = await stillOpen(all, state, env, voice);
    return opening === undefined
      ? 1
      : run(argumentsFor(opening, state, [...languageFor(rest, env), ...rest]), env, voice);
  });

function addressesIn(args: readonly string[]): readonly string[] {
  return args
    .filter((_, at) => at === 0 || !withValue.test(args[at - 1] ?? ''))
    .map((arg) => arg.replace(/^--url=/, ''))
    .filter((arg) => /^[a-z][a-z0-9+.-]*:\/\//i.test(arg));
}

/** By its very beginning, so that no two programs can read it differently. */
function isOf({ systems }: KeptOpening, url: string): boolean {
  return systems
    .flatMap(({ origins }) => origins)
    .some((origin) => url.startsWith(origin) && /^(?:[/?#]|$)/.test(url.slice(origin.length)));
}

function refuse(kept: readonly KeptOpening[], voice: Voice): number {
  voice.complain(words.foreign);
  const origins = kept.flatMap(({ systems }) => systems.flatMap((one) => one.origins));
  if (origins.length > 0) voice.complain(words.here([...new Set(origins)].join(' ')));
  voice.complain(words.other);
  return 1;
}

/** The newest that is open, as the portal says; one whose portal does not answer is for curl to try. */
async function stillOpen(
  all: readonly KeptOpening[],
  state: State,
  env: Environment,
  voice: Voice,
): Promise<KeptOpening | undefined> {
  const session = await state.session();
  const [newest] = all;
  if (session === undefined || newest === undefined) {
    voice.complain(words.signedOut);
    return undefined;
  }
  // Of another portal nothing is known here; curl will tell.
  if (newest.portal !== session.portal) return newest;
  const live = await liveHere(signedInBy(state, session, env));
  const found = live === undefined ? newest : all.find(({ id }) => live.includes(id));
  if (found !== undefined) return found;
  voice.complain(words.ended(systemsOf(newest)));
  const reference = newest.reference.replaceAll("'", "'\\''");
  voice.complain(
    words.again(`open ${systemsOf(newest)} --purpose ${newest.purpose} --reference '${reference}'`),
  );
  return undefined;
}

async function liveHere(signedIn: SignedIn): Promise<readonly string[] | undefined> {
  try {
    return (await openNow(signedIn)).here.map(({ id }) => id);
  } catch (error) {
    if (error instanceof PortalUnreachable) return undefined;
    throw error;
  }
}

/**
 * Only the scheme of the access, so that nothing goes out in clear beside it. Where the application has a sign-in of its own, the
 * credential goes in a line of its own: curl knows no host for such a line, so it follows no redirect then.
 */
export function argumentsFor(opening: KeptOpening, state: State, args: readonly string[]): readonly string[] {
  const plain = opening.systems.some(({ origins }) => origins.some((one) => one.startsWith('http:')));
  const schemes = plain
    ? ['--proto', '=http', '--proto-default', 'https', '--noproxy', '*']
    : ['--proto', '=https', '--proto-default', 'http'];
  if (!hasOwnSignIn(args)) return ['--netrc-file', state.netrcFile(opening.id), ...schemes, ...args];
  return ['-q', ...schemes, '-H', `@${state.headerFile(opening.id)}`, ...args, '--no-location'];
}

/** What Consentry itself answers speaks the terminal's language, as the other commands do; whoever asks for one themselves gets that. */
function languageFor(args: readonly string[], env: Environment): readonly string[] {
  const own = args.some((arg) => /accept-language *[:;]/i.test(arg));
  return own ? [] : ['-H', `Accept-Language: ${languageOf(env)}`];
}

/** `-u`, also among other letters, a line `Authorization`, and the like. What is taken for one needlessly does no harm. */
function hasOwnSignIn(args: readonly string[]): boolean {
  return args.some(
    (arg, at) =>
      /^-[a-zA-Z]*u/.test(arg) ||
      /^--(?:user|oauth2-bearer|netrc.*|aws-sigv4|digest|ntlm|negotiate|anyauth)$/.test(arg) ||
      /^-H *authorization:/i.test(arg) ||
      (/^(?:-[a-zA-Z]*H|--header)$/.test(args[at - 1] ?? '') && /^(?:authorization:|@)/i.test(arg)),
  );
}

async function run(args: readonly string[], env: Environment, voice: Voice): Promise<number> {
  if (args.some((arg) => /^(?:--next|-:|-K.*|--config)$/.test(arg))) {
    voice.complain(words.oneOnly);
    return 2;
  }
  const child = spawn('curl', args, { stdio: 'inherit', env });
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } catch (error) {
    if (!(Error.isError(error) && 'code' in error && error.code === 'ENOENT')) throw error;
    voice.complain(words.missing);
    return 1;
  }
}
