/**
 * Further signatures: under an agreement that waits for a second one or whose signer was removed, and under the client's own
 * rule that it wants two. What is signed is named by the hash of its text, so a form of another text signs nothing.
 */
import type { UnsignedRefusal } from '../core/answers.ts';
import { sentencesOf } from '../core/grant-text.ts';
import type { Grant } from '../core/model.ts';
import type { Signing } from '../core/ports.ts';
import { type RuleText, ruleTime, writeRuleText } from '../core/signers.ts';
import { type Seated, seatedOf } from './controller.ts';
import { lengthenRunning } from './extensions.ts';
import { lastDay } from './formats.ts';
import { memoryOf, plainNotice, takeNotice } from './memory.ts';
import { RulePage } from './pages/signing.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { goOn, sendSigningOptions, signatureOf, waysToSign } from './signatures.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.signing;

/** Whether this person's signature stands under an agreement already. */
export function hasSigned(seated: Seated, signing: Signing, grant: string): boolean {
  const mine = seated.inForce.seats.filter(({ controller }) => controller === seated.controller.id);
  return (signing.signers.get(grant) ?? []).some((one) => mine.some(({ id }) => id === one.seat));
}

/** Whether an agreement waits for another signature at that instant. */
export function waitsForSignature({ status, confirmBy, until }: Grant, now: number): boolean {
  if (until <= now) return false;
  return status === 'waiting' || ((status === 'active' || status === 'suspended') && confirmBy !== undefined);
}

/** GET `/signing`: how the client signs; for a representative the text that would change it. */
export async function showRule(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, controller, inForce } = seated;
  const signing = await visit.deps.archive.signing(client.id);
  const { two, pending } = signing;
  const representatives = new Set(
    inForce.seats.filter(({ role }) => role === 'representative').map((seat) => seat.controller),
  );
  const lonely = !two && representatives.size < 2;
  const may = visit.role === 'representative';
  const mine = inForce.seats.some(({ id, controller: who }) => id === pending?.seat && who === controller.id);
  const offered =
    may && !lonely && !mine ? (pending ?? draftRule(visit, seated, two ? 'off' : 'on')) : undefined;
  sendPage(
    visit.res,
    <RulePage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      notice={takeNotice(memoryOf(visit.req))?.kind}
      two={two}
      lonely={lonely}
      may={may}
      first={
        pending && {
          name: inForce.seats.find(({ id }) => id === pending.seat)?.name ?? '–',
          until: lastDay(pending.at + ruleTime, client.zone, visit.language),
          mine,
        }
      }
      offered={offered && { ...offered, sentences: sentencesOf(offered.text) ?? [] }}
      ways={waysToSign(visit, seated)}
    />,
  );
}

/** The text for this session; the same one until it is signed, so that a page that was left open still holds. */
function draftRule(visit: Visit, { client, controller }: Seated, wish: 'on' | 'off'): RuleText {
  const memory = memoryOf(visit.req);
  const { rule } = memory;
  if (rule?.client === client.id && rule.wish === wish && rule.language === visit.language) return rule.text;
  const text = writeRuleText({
    id: visit.deps.random(16).toString('base64url'),
    client: client.id,
    name: client.name,
    author: controller.name,
    wish,
    language: visit.language,
  });
  memory.rule = { client: client.id, wish, language: visit.language, text };
  return text;
}

type Signable = { readonly rule: RuleText } | { readonly grant: Grant };

/** What the hash of this request names, if it waits for a signature of this client. */
async function signableOf(visit: Visit, { client }: Seated): Promise<Signable> {
  const textHash = field(visit.req.body, 'textHash');
  const { rule } = memoryOf(visit.req);
  if (rule?.client === client.id && rule.text.textHash === textHash) return { rule: rule.text };
  const { pending } = await visit.deps.archive.signing(client.id);
  if (pending?.textHash === textHash) return { rule: pending };
  const grants = await visit.deps.archive.grants(client.id);
  const grant = grants.find((one) => one.textHash === textHash && waitsForSignature(one, visit.now));
  if (grant === undefined) throw new Refusal(409, 'nothing_to_sign', words.errors.nothing, words.errors.next);
  return { grant };
}

/** POST `/signing/options` (JSON `textHash`). */
export async function furtherOptions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  await signableOf(visit, seated);
  await sendSigningOptions(visit, seated, field(visit.req.body, 'textHash'));
}

/** POST `/signing`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signFurther(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const what = await signableOf(visit, seated);
  const textHash = field(visit.req.body, 'textHash');
  const { evidence } = await signatureOf(visit, seated, textHash, visit.language);
  const client = seated.client.id;
  const next = 'rule' in what ? '/signing' : '/agreements';
  if ('rule' in what) {
    const { id, wish, text } = what.rule;
    const rule = { id, wish, text, textHash };
    const answer = await visit.deps.authority.run({ do: 'rule', client, rule, evidence });
    if ('refused' in answer) throw refused(answer.refused);
    delete memoryOf(visit.req).rule;
    memoryOf(visit.req).notice = plainNotice(
      wish === 'on' ? 'rule-on' : answer.complete ? 'rule-off' : 'rule-first',
    );
  } else {
    const grant = what.grant.id;
    const answer = await visit.deps.authority.run({ do: 'sign', client, grant, evidence });
    if ('refused' in answer) throw refused(answer.refused);
    const { extended } = answer;
    const running = extended && seated.inForce.openings.get(extended.id);
    if (running !== undefined && extended !== undefined) await lengthenRunning(visit, running, extended);
    memoryOf(visit.req).notice = plainNotice(answer.complete ? 'signed' : 'signed-more');
  }
  goOn(visit, next);
}

type Why =
  | 'not_seated'
  | 'not_yet'
  | 'grant_unknown'
  | 'grant_ended'
  | UnsignedRefusal
  | keyof Omit<typeof words.errors, 'nothing' | 'next'>;

function refused(why: Why): Refusal {
  const { errors } = texts.agreements;
  switch (why) {
    case 'not_seated':
    case 'not_yet':
    case 'grant_ended':
    case 'code_wrong':
    case 'code_locked':
    case 'unsigned':
      return new Refusal(409, why, errors[why], words.errors.next);
    case 'grant_unknown':
      return new Refusal(404, why, errors.grant_unknown, texts.errors.notFoundNext);
    default:
      return new Refusal(409, why, words.errors[why], words.errors.next);
  }
}
