/** What the commands of a signed-in machine share: the state, the portal's client, and how a refusal is told. */
import type * as z from 'zod';
import type { Environment } from '../config.ts';
import { createState, type Session, type State } from './command-line-state.ts';
import {
  type AskPortal,
  createPortalClient,
  PortalRefusal,
  PortalUnreachable,
  printable,
  type Question,
} from './portal-client.ts';
import { stateFolder } from './private-files.ts';
import { words } from './technician-texts.ts';
import type { Terminal } from './terminal.ts';
import { Told, type Voice, voiceOf } from './voice.ts';

export const api = '/api/command-line';

export interface SignedIn {
  readonly state: State;
  readonly session: Session;
  /** Below `/api/command-line`, with the token of the session. */
  ask(question: Omit<Question, 'token'>): ReturnType<AskPortal>;
}

/** Runs a command over what is kept. Answers its exit code; what stands in the way is told in sentences, with 1. */
export async function withState(
  name: string,
  env: Environment,
  terminal: Terminal,
  work: (state: State, voice: Voice) => Promise<number>,
): Promise<number> {
  const voice = voiceOf(env, terminal);
  try {
    return await work(createState(stateFolder(env)), voice);
  } catch (error) {
    const sentences = sentencesOf(error, voice);
    if (sentences === undefined) throw error;
    for (const sentence of sentences) voice.complain(`consentry ${name}: ${sentence}`);
    return 1;
  }
}

/** As `withState`, for a machine that is signed in. */
export function whileSignedIn(
  name: string,
  env: Environment,
  terminal: Terminal,
  work: (signedIn: SignedIn, voice: Voice) => Promise<number>,
): Promise<number> {
  return withState(name, env, terminal, async (state, voice) => {
    const session = await state.session();
    if (session !== undefined) return work(signedInBy(state, session, env), voice);
    voice.complain(`consentry ${name}: ${voice.say(words.notSignedIn)}`);
    return 1;
  });
}

export function signedInBy(state: State, session: Session, env: Environment): SignedIn {
  const client = createPortalClient(new URL(session.portal), env);
  return {
    state,
    session,
    ask: ({ path, ...question }) => client({ ...question, path: `${api}${path}`, token: session.token }),
  };
}

/** What the portal answered, in the form that it must have. Throws PortalUnreachable. */
export function understand<T>(answer: unknown, schema: z.ZodType<T>): T {
  const read = schema.safeParse(answer);
  if (!read.success) throw new PortalUnreachable(words.portal.older);
  return read.data;
}

function sentencesOf(error: unknown, { say }: Voice): readonly string[] | undefined {
  if (error instanceof Told) return [say(error.text)];
  if (!(error instanceof PortalRefusal)) return undefined;
  const page = printable(error.problem.page);
  return [
    `${error.title} (${error.code}). ${error.detail}`,
    ...(URL.canParse(page) ? [say(words.page(page))] : []),
  ];
}
