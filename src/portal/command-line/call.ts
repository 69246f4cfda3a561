/** One call of a command line that is signed in, with who is behind it. */
import type { CommandLine } from '../../core/command-line.ts';
import type { Language } from '../../core/model.ts';
import type { Declaring } from '../declaring.ts';
import type { PortalMemory } from '../memory.ts';

export interface CommandLineCall extends Declaring {
  readonly session: CommandLine;
  /** Kept for the session in this process, so that the same refusal makes one line. */
  readonly memory: PortalMemory;
  readonly language: Language;
  readonly id: string;
  readonly body: unknown;
  readonly origin: { readonly address: string | undefined; readonly agent: string | undefined };
}
