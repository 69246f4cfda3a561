/**
 * How the commands of technicians speak: French or English, by the terminal's own variables, as on the pages. What programs read (JSON,
 * codes, exit codes) is the same in both.
 */
import type { Environment } from '../config.ts';
import type { Language, Text } from '../core/model.ts';
import type { Terminal } from './terminal.ts';

export interface Voice {
  say(text: Text): string;
  /** One line to standard output. */
  print(line: Text | string): void;
  /** One line to standard error. */
  complain(line: Text | string): void;
  /** Asks whoever sits there; left out: nobody does. */
  ask?(question: Text): Promise<string>;
}

/** The first of LC_ALL, LC_MESSAGES and LANG that is set and not empty, as POSIX has it; English where it is not French. */
export function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language {
  return /^fr(?:[_.@-]|$)/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'fr' : 'en';
}

/** The commands in a sentence, as they are to be typed where this one was started by npx, as in a clone of the project. */
function typeable(text: string, { npm_command }: Environment): string {
  return npm_command === 'exec' ? text.replaceAll(/\bconsentry (?=[a-z]+\b(?!:))/g, 'npx consentry ') : text;
}

export function voiceOf(env: Environment, terminal: Terminal): Voice {
  const language = languageOf(env);
  const say = (text: Text | string): string =>
    typeof text === 'string' ? text : typeable(text[language], env);
  return {
    say,
    print: (line) => terminal.print(say(line)),
    complain: (line) => terminal.complain(say(line)),
    ...(terminal.ask === undefined
      ? {}
      : { ask: async (question: Text) => (await terminal.ask?.(say(question))) ?? '' }),
  };
}

/** A sentence in both languages that ends a command, as an error; its message is the English one. */
export class Told extends Error {
  readonly text: Text;

  constructor(text: Text, cause?: unknown) {
    super(text.en, { cause });
    this.text = text;
  }
}
