/**
 * *End of the contract* for the client's own people: everybody reads where it stands; a representative gives notice and chooses, in
 * two steps like instructions: a form, then the full text, which is signed.
 */
import { fileEnd, writeEnding } from '../core/ending.ts';
import { type Seated, seatedOf } from './controller.ts';
import { copyRow } from './copy-rows.ts';
import { sendDownload } from './download.ts';
import { mustBeRead, ownDraft } from './drafts.ts';
import { certificateReport } from './ending-certificate.ts';
import {
  checkEnding,
  type EndingErrors,
  type EndingForm,
  endingFormOf,
  endingSentences,
  readEndingForm,
} from './ending-form.ts';
import { endingShown } from './ending-shown.ts';
import { type EndingState, endingState } from './endings.ts';
import { sayErrors } from './language.ts';
import { type EndingDraft, memoryOf } from './memory.ts';
import { EndingFormPage, EndingPage } from './pages/ending.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { makePdf } from './report-pdf.ts';
import { sendToSign } from './sign-page.tsx';
import { goOn, sendSigningOptions, signatureOf } from './signatures.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.endings;

/** GET `/ending`: where it stands, what was decided, what is open, and the certificate. */
export async function showEnding(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  const { deps, now } = visit;
  const { archive } = deps;
  const state = await endingState(visit, client);
  const copies = await archive.copies(client.id);
  const there = copies.filter(({ gone }) => gone === undefined);
  const matters = (await archive.matters(client.id)).filter(({ status }) => status === 'open').length;
  const programs = (await archive.connections(client.id)).filter(
    ({ revokedAt, expiresAt }) => revokedAt === undefined && now < expiresAt,
  ).length;
  sendPage(
    visit.res,
    <EndingPage
      frame={frame(visit, { self: '/ending' })}
      zone={client.zone}
      decide={decidable(visit, state)}
      shown={endingShown(visit, state, client, copies)}
      matters={matters}
      programs={programs}
      copies={there.map((copy) => copyRow(visit, client, copy))}
    />,
  );
}

/** After the certificate only a notice can be taken back, so that a contract may go on. */
function decidable({ role }: Visit, { certificate, statement }: EndingState) {
  if (role !== 'representative') return 'readOnly';
  if (certificate === undefined) return statement === undefined ? 'choose' : 'change';
  return (statement?.lastDay ?? '') === '' ? undefined : 'goOn';
}

/** GET `/ending/certificate`: the text whose hash stands in the log, byte for byte. */
export async function sendCertificate(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const { text } = await certificateOf(visit, seated);
  await sendDownload(visit, seated, {
    view: 'certificate',
    type: 'application/json',
    name: `end-of-contract-${seated.client.id}.json`,
    async *chunks() {
      yield Buffer.from(text);
    },
  });
}

/** GET `/ending/certificate/pdf`. */
export async function sendCertificatePdf(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const { state } = await certificateOf(visit, seated);
  const report = certificateReport(visit, seated.client, state);
  if (report === undefined) throw none();
  await sendDownload(visit, seated, {
    view: 'certificate',
    type: 'application/pdf',
    name: `end-of-contract-${seated.client.id}.pdf`,
    async *chunks() {
      yield await makePdf(report);
    },
  });
}

async function certificateOf(
  visit: Visit,
  { client }: Seated,
): Promise<{ readonly state: EndingState; readonly text: string }> {
  const state = await endingState(visit, client);
  const text = state.ending?.certificate?.text;
  if (text === undefined) throw none();
  return { state, text };
}

function none(): Refusal {
  return new Refusal(404, 'not_found', texts.errors.notFound, words.notYet);
}

/** GET `/ending/new`. */
export async function showEndingForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = memoryOf(visit.req).ending;
  const again = field(visit.req.query, 'again') !== '' && draft?.client === seated.client.id;
  const { statement } = await endingState(visit, seated.client);
  sendForm(visit, frame, seated, endingFormOf(again ? draft.terms : statement), new Map());
}

function sendForm(
  visit: Visit,
  frame: Framer,
  { client }: Seated,
  form: EndingForm,
  errors: EndingErrors,
): void {
  sendPage(
    visit.res,
    <EndingFormPage
      frame={frame(visit, { self: '/ending/new' })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      form={form}
      errors={sayErrors(errors, visit.say)}
    />,
    errors.size === 0 ? 200 : 422,
  );
}

/** POST `/ending/new`: checks the form, writes the text, leads to its review. */
export async function draftEnding(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, controller } = seated;
  const { language, say, now } = visit;
  const { statement } = await endingState(visit, client);
  const form = readEndingForm(visit.req.body);
  const terms = checkEnding(form, statement, { zone: client.zone, end: fileEnd(client).until, now });
  if (!('note' in terms)) return sendForm(visit, frame, seated, form, terms);
  const version = (statement?.version ?? 0) + 1;
  const sentences = endingSentences(terms).map(say);
  const of = { client: client.id, version, language, author: controller.name, zone: client.zone };
  const written = writeEnding(of, terms, sentences);
  memoryOf(visit.req).ending = { client: client.id, version, language, terms, ...written };
  visit.res.redirect(303, '/ending/review');
}

/** The draft of this session; only while it still follows what was signed last. */
async function draftOf(visit: Visit, seated: Seated): Promise<EndingDraft> {
  const draft = ownDraft(memoryOf(visit.req).ending, seated, words.formIntro);
  const { statement } = await endingState(visit, seated.client);
  if (draft.version !== (statement?.version ?? 0) + 1) throw stale();
  return draft;
}

function stale(): Refusal {
  return new Refusal(409, 'version_stale', words.errors.stale, words.errors.staleNext);
}

/** GET `/ending/review`: the whole text, and how to sign it. */
export async function reviewEnding(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  sendToSign(visit, frame, seated, await draftOf(visit, seated), {
    title: words.reviewTitle,
    intro: words.reviewIntro,
    to: '/ending/sign',
    change: '/ending/new?again=1',
    cancel: '/ending',
  });
}

/** The draft, provided that the text named is the one that was read. */
async function readDraftOf(visit: Visit, seated: Seated): Promise<EndingDraft> {
  const draft = await draftOf(visit, seated);
  mustBeRead(visit, draft, words.reviewIntro);
  return draft;
}

/** POST `/ending/sign/options` (JSON `textHash`): what the browser needs to sign with a passkey. */
export async function endingOptions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = await readDraftOf(visit, seated);
  await sendSigningOptions(visit, seated, draft.textHash);
}

/** POST `/ending/sign`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signEnding(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = await readDraftOf(visit, seated);
  const { evidence } = await signatureOf(visit, seated, draft.textHash, draft.language);
  const { client, text } = draft;
  const answer = await visit.deps.authority.run({ do: 'ending-set', client, text, evidence });
  if ('refused' in answer) throw refused(answer.refused);
  delete memoryOf(visit.req).ending;
  goOn(visit, '/ending');
}

type Why =
  | 'not_seated'
  | 'not_yet'
  | 'version_stale'
  | 'ending_day'
  | 'ending_certified'
  | 'code_wrong'
  | 'code_locked'
  | 'unsigned';

function refused(why: Why): Refusal {
  switch (why) {
    case 'version_stale':
      return stale();
    case 'ending_day':
      return new Refusal(409, why, words.errors.lastDay, words.errors.staleNext);
    case 'ending_certified':
      return new Refusal(409, why, words.errors.certified, words.errors.staleNext);
    default:
      return new Refusal(409, why, texts.agreements.errors[why], words.intro);
  }
}
