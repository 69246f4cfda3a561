/**
 * *Our instructions*: seen by every user of the client, changed by a representative only, in two steps like an agreement:
 * a form, then the full text, which is signed. Whether the version still follows the one in force is the writer's to say.
 */
import { inBoth } from '../core/both-languages.ts';
import { asksNothing, writeInstructions } from '../core/own-instructions.ts';
import { type Seated, seatedOf } from './controller.ts';
import { mustBeRead, ownDraft } from './drafts.ts';
import { instant } from './formats.ts';
import {
  checkForm,
  formOf,
  type InstructionErrors,
  type InstructionForm,
  peopleFor,
  readForm,
  sentencesOf,
} from './instruction-form.ts';
import { sayErrors } from './language.ts';
import { type InstructionDraft, memoryOf } from './memory.ts';
import { InstructionFormPage, InstructionsPage } from './pages/instructions.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { sendToSign } from './sign-page.tsx';
import { goOn, sendSigningOptions, signatureOf } from './signatures.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.instructions;

/** GET `/instructions`: what is in force, and every version before. */
export async function showInstructions(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  const { say, snapshot } = visit;
  const versions = await visit.deps.archive.instructions(client.id);
  const at = (when: number) => inBoth((language) => instant(when, client.zone, language));
  sendPage(
    visit.res,
    <InstructionsPage
      frame={frame(visit)}
      may={visit.role === 'representative'}
      byFile={client.instructions.map(({ text }) => say(text))}
      versions={versions.map(({ said, at: when }) => ({
        version: said.version,
        title: say(texts.versions.title(said.version, at(when))),
        sentences: asksNothing(said) ? [] : sentencesOf(said, snapshot, client).map(say),
      }))}
    />,
  );
}

/** GET `/instructions/new`. */
export async function showInstructionForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = memoryOf(visit.req).instructions;
  const again = field(visit.req.query, 'again') !== '' && draft?.client === seated.client.id;
  sendForm(
    visit,
    frame,
    seated,
    again ? formOf(draft.terms) : formOf(seated.inForce.instructions),
    new Map(),
  );
}

function sendForm(
  visit: Visit,
  frame: Framer,
  { client, inForce }: Seated,
  form: InstructionForm,
  errors: InstructionErrors,
): void {
  sendPage(
    visit.res,
    <InstructionFormPage
      frame={frame(visit, { self: '/instructions/new' })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      people={peopleFor(client, visit.snapshot, inForce.instructions, visit.now)}
      form={form}
      errors={sayErrors(errors, visit.say)}
    />,
    errors.size === 0 ? 200 : 422,
  );
}

/** POST `/instructions/new`: checks the form, writes the text, leads to its review. */
export async function draftInstructions(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, inForce, controller } = seated;
  const { snapshot, language, say, now } = visit;
  const form = readForm(visit.req.body);
  const people = peopleFor(client, snapshot, inForce.instructions, now).map(({ id }) => id);
  const terms = checkForm(form, people, client.zone, now);
  if (!('noCopy' in terms)) return sendForm(visit, frame, seated, form, terms);
  const version = (inForce.instructions?.version ?? 0) + 1;
  const sentences = [...sentencesOf(terms, snapshot, client), words.said.narrow].map(say);
  const of = { client: client.id, version, language, author: controller.name };
  const written = writeInstructions(of, terms, sentences);
  memoryOf(visit.req).instructions = { client: client.id, version, language, terms, ...written };
  visit.res.redirect(303, '/instructions/review');
}

/** The draft of this session; only while it still follows the version in force. */
function draftOf(visit: Visit, seated: Seated): InstructionDraft {
  const draft = ownDraft(memoryOf(visit.req).instructions, seated, words.formIntro);
  if (draft.version !== (seated.inForce.instructions?.version ?? 0) + 1) throw stale();
  return draft;
}

function stale(): Refusal {
  return new Refusal(409, 'version_stale', words.errors.stale, words.errors.staleNext);
}

/** GET `/instructions/review`: the whole text, and how to sign it. */
export async function reviewInstructions(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  sendToSign(visit, frame, seated, draftOf(visit, seated), {
    title: words.reviewTitle,
    intro: words.reviewIntro,
    to: '/instructions/sign',
    change: '/instructions/new?again=1',
    cancel: '/instructions',
  });
}

/** The draft, provided that the text named is the one that was read. */
function readDraftOf(visit: Visit, seated: Seated): InstructionDraft {
  const draft = draftOf(visit, seated);
  mustBeRead(visit, draft, words.reviewIntro);
  return draft;
}

/** POST `/instructions/sign/options` (JSON `textHash`): what the browser needs to sign with a passkey. */
export async function instructionOptions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = readDraftOf(visit, seated);
  await sendSigningOptions(visit, seated, draft.textHash);
}

/** POST `/instructions/sign`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signInstructions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = readDraftOf(visit, seated);
  const { evidence } = await signatureOf(visit, seated, draft.textHash, draft.language);
  const { client, text } = draft;
  const answer = await visit.deps.authority.run({ do: 'instruct', client, text, evidence });
  if ('refused' in answer) {
    if (answer.refused === 'version_stale') throw stale();
    throw new Refusal(409, answer.refused, texts.agreements.errors[answer.refused], words.intro);
  }
  delete memoryOf(visit.req).instructions;
  goOn(visit, '/instructions');
}
