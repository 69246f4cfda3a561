/**
 * Reads what stands after a command, and says what is wrong with it: a line of usage alone leaves people to find the fault. Values
 * are told back only as options, never their content, which may be a secret.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Text } from '../core/model.ts';
import type { Terminal } from './terminal.ts';
import type { Voice } from './voice.ts';

export interface Misread {
  readonly wrong: Text;
}

/** As Node's `parseArgs` answers, or what is wrong. */
export function readOptions<const C extends ParseArgsConfig>(
  config: C,
): ReturnType<typeof parseArgs<C>> | Misread {
  try {
    return parseArgs(config);
  } catch (error) {
    const wrong = wrongIn(error);
    if (wrong === undefined) throw error;
    return { wrong };
  }
}

function wrongIn(error: unknown): Text | undefined {
  if (!(Error.isError(error) && 'code' in error)) return undefined;
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const name = quoted.replace(/ <value>$/, '');
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return { en: `there is no option ${name}`, fr: `il n’y a pas d’option ${name}` };
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return error.message.includes('does not take')
        ? { en: `${name} takes no value`, fr: `${name} ne prend pas de valeur` }
        : { en: `${name} needs a value`, fr: `${name} demande une valeur` };
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return {
        en: 'there are words that belong to no option',
        fr: 'des mots n’appartiennent à aucune option',
      };
    default:
      return undefined;
  }
}

/** What is missing or wrong, in English: for whoever runs the installation. */
export function misread(wrong: string): Misread {
  return { wrong: { en: wrong, fr: wrong } };
}

/** Says what is wrong and how it is written; answers the exit code of a command that is not understood. */
export function misunderstood(
  name: string,
  wrong: string | undefined,
  usage: string | readonly string[],
  terminal: Terminal,
): number {
  if (wrong !== undefined) terminal.complain(`consentry ${name}: ${wrong}`);
  for (const line of [usage].flat()) terminal.complain(line);
  return 2;
}

/** The same to a technician, in their language. */
export function notUnderstood(
  name: string,
  { wrong }: Misread,
  usage: Text | readonly Text[],
  voice: Voice,
): number {
  voice.complain(`consentry ${name}: ${voice.say(wrong)}`);
  for (const line of [usage].flat()) voice.complain(line);
  return 2;
}
