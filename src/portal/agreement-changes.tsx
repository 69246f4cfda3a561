/**
 * Taking an agreement back, suspending or resuming it: asked once more on a page, done by one click. Taking away works
 * even while nothing can be recorded; giving back does not.
 */

import type { Command } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Grant } from '../core/model.ts';
import { changeOf as changeTold } from './activity-rows.ts';
import { cardOf, grantOf } from './agreements.tsx';
import { contestNotes } from './contests.tsx';
import { mustGoOn } from './contract-over.ts';
import { seatedOf, stopperOf } from './controller.ts';
import { memoryOf, plainNotice } from './memory.ts';
import { ConfirmPage } from './pages/agreements.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.agreements;

const changes = {
  revoke: { title: words.revokeTitle, text: words.revokeText, act: words.revoke },
  suspend: { title: words.suspendTitle, text: words.suspendText, act: words.suspend },
  resume: { title: words.resumeTitle, text: words.resumeText, act: words.resume },
} as const;

type Change = keyof typeof changes;

function changeOf(visit: Visit): Change {
  const change = visit.req.params.change;
  if (change === 'revoke' || change === 'suspend' || change === 'resume') return change;
  throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
}

/** GET `/agreements/:id/:change`: asks once more; nothing happens on a GET. */
export async function confirmChange(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const change = changeOf(visit);
  const { grant } = await grantOf(visit, seated);
  if (change === 'resume') await mustGoOn(visit, seated.client);
  const rest = change === 'resume' ? await restOf(visit, grant) : undefined;
  const contests = change === 'resume' ? await contestNotes(visit, grant) : [];
  const text = contests.length > 0 ? texts.contests.resumeText : changes[change].text;
  sendPage(
    visit.res,
    <ConfirmPage
      frame={frame(visit)}
      csrf={visit.deps.csrf.token(visit.req)}
      card={cardOf(visit, seated, grant)}
      change={change}
      title={visit.say(changes[change].title)}
      text={visit.say(rest === undefined ? text : words.restText)}
      rest={rest}
      contests={contests}
      act={visit.say(changes[change].act)}
    />,
  );
}

/** What changed when an agreement was put to rest because a system leads elsewhere; undefined: it was not. */
async function restOf(visit: Visit, { client, id }: Grant): Promise<string | undefined> {
  const kinds = ['consent.suspended', 'consent.resumed', 'policy.activated'] as const;
  const lines = await visit.deps.archive.lines({ client, kinds, limit: 200, disclose: ['change'] });
  const at = lines.findIndex(({ leaf }) => leaf.grant === id);
  const last = lines[at]?.leaf;
  if (last?.t !== 'consent.suspended' || last.cause !== 'policy') return undefined;
  const told = lines.slice(at + 1).find(({ leaf }) => leaf.t === 'policy.activated');
  return (told === undefined ? undefined : changeTold(told)?.[visit.language]) ?? '';
}

/** POST `/agreements/:id/:change`: withdraws or suspends (blocks and cuts first, then records), or resumes. */
export async function changeAgreement(visit: Visit): Promise<void> {
  const change = changeOf(visit);
  const { client, by } = await stopperOf(visit);
  const id = String(visit.req.params.id);
  if (change === 'resume') {
    await resume(visit, { do: 'grant-status', client: client.id, grant: id, to: 'active', by });
    memoryOf(visit.req).notice = plainNotice('resumed');
  } else {
    await mustBeLive(visit, client.id, id, change);
    const ended = await visit.deps.authority.withdraw(
      client.id,
      id,
      change === 'revoke' ? 'revoked' : 'suspended',
      by,
    );
    memoryOf(visit.req).notice = {
      kind: change === 'revoke' ? 'withdrawn' : 'suspended',
      openings: ended.openings.length,
      exchanges: ended.exchanges,
      cutMs: ended.cutMs,
      recorded: ended.recorded,
    };
  }
  visit.res.redirect(303, '/agreements');
}

/** Resumes; when it is in force already, or somebody decided otherwise at the same moment, a page says so. */
async function resume(visit: Visit, command: Extract<Command, { do: 'grant-status' }>): Promise<void> {
  try {
    const answer = await visit.deps.authority.run(command);
    if ('refused' in answer) throw refusedChange(answer.refused);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'ledger_conflict') throw error;
    throw new Refusal(409, 'grant_decided', words.errors.grant_decided, texts.signing.errors.next);
  }
}

/** An agreement of this client that can still be taken back; another client's does not exist here. */
async function mustBeLive(visit: Visit, client: string, id: string, change: Change): Promise<void> {
  const inForce = await visit.deps.authority.client(client);
  const grant = inForce.grants.get(id);
  if (grant !== undefined && (grant.status === 'active' || grant.status === 'suspended')) return;
  // What waits for its second signature is taken back, never suspended.
  if (grant?.status === 'waiting' && change === 'revoke') return;
  const known = (await visit.deps.archive.grants(client)).some((one) => one.id === id);
  throw refusedChange(known ? 'grant_ended' : 'grant_unknown');
}

function refusedChange(why: 'grant_unknown' | 'grant_ended' | 'grant_contested'): Refusal {
  const { contests } = texts;
  if (why === 'grant_contested')
    return new Refusal(409, why, contests.errors.grant_contested, contests.errors.contestedNext);
  return new Refusal(why === 'grant_unknown' ? 404 : 409, why, words.errors[why], texts.errors.notFoundNext);
}
