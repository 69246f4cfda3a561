/**
 * Ends of contracts as the provider's own people see them: which are over or near, and of one client what is open. The contact gives
 * notice of erasure and issues the certificate; whether either may be, is the writer's to say.
 */
import { dayAt } from '../core/days.ts';
import {
  earliestErasure,
  erasureSubjects,
  fileEnd,
  type HostedWay,
  hostedWays,
  isSettled,
} from '../core/ending.ts';
import type { Client } from '../core/model.ts';
import { isReason } from '../core/requests.ts';
import { everySystem } from '../core/systems.ts';
import { isPlain } from './declaration.ts';
import { certificateReport } from './ending-certificate.ts';
import { endingShown } from './ending-shown.ts';
import { dayOf, type EndingState, endingState, lastDayOf } from './endings.ts';
import { readDayEnd, readDayStart } from './local-times.ts';
import type { FieldErrors } from './pages/parts.tsx';
import {
  EndingAtPage,
  EndingsAcrossPage,
  type ErasureForm,
  type HostedForm,
} from './pages/provider-endings.tsx';
import { clientNamed, noteLook, providerUserOf } from './provider-look.ts';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { makePdf } from './report-pdf.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.endings;
/** How long before its end a contract is on the list. */
const near = 90 * 86_400_000;
const longestText = 500;

/** GET `/provider/endings`: contracts that are over or end soon. */
export async function showEndingsAcross(visit: Visit, frame: Framer): Promise<void> {
  const { deps, snapshot, now, say } = visit;
  const states = await deps.archive.endingStates();
  const close = [...snapshot.clients.values()].filter((client) => {
    const { ended, until } = fileEnd(client);
    const known = states.get(client.id);
    const ends = Math.min(until ?? Number.POSITIVE_INFINITY, known?.noticed ?? Number.POSITIVE_INFINITY);
    return known !== undefined && (ended || known.over || ends - now <= near);
  });
  const rows = await Promise.all(
    close.map(async (client) => {
      const state = await endingState(visit, client);
      const { over, coming, certificate, statement, late } = state;
      const { openings, copies, credentials } = state.book.open;
      const at = over?.since ?? coming ?? now;
      return {
        ...{ id: client.id, name: client.name, late, certified: certificate !== undefined, at },
        state: say(
          over === undefined
            ? words.states.coming(lastDayOf(at, client.zone))
            : words.states.over(dayOf(at, client.zone)),
        ),
        choice: say(words.chosen[statement?.choice ?? 'none']),
        open: openings + copies + credentials,
      };
    }),
  );
  sendPage(
    visit.res,
    <EndingsAcrossPage
      frame={frame(visit, { self: '/provider/endings' })}
      rows={rows.sort((a, b) => b.open - a.open || a.at - b.at)}
    />,
  );
}

/** GET `/provider/endings/:client`: recorded in the client's log before it is shown. */
export async function showEndingAt(visit: Visit, frame: Framer): Promise<void> {
  await sendEndingAt(visit, frame, clientNamed(visit), {});
}

interface Wrong {
  readonly erasure?: ErasureForm;
  readonly hosted?: HostedForm;
}

async function sendEndingAt(visit: Visit, frame: Framer, client: Client, wrong: Wrong): Promise<void> {
  await noteLook(visit, client, 'ending');
  const { deps, say, now } = visit;
  const state = await endingState(visit, client);
  const { ending, certificate } = state;
  const contact = visit.role === 'contact' && ending !== undefined;
  const csrf = deps.csrf.token(visit.req);
  sendPage(
    visit.res,
    <EndingAtPage
      frame={frame(visit)}
      client={{ id: client.id, name: client.name, zone: client.zone }}
      shown={endingShown(visit, state, client, await deps.archive.copies(client.id))}
      give={contact ? { csrf, form: wrong.erasure ?? usualErasure(client, now) } : undefined}
      attest={
        contact && certificate === undefined
          ? {
              csrf,
              form: wrong.hosted ?? usualHosted(client, state, say(words.attestWhyUsual)),
              ready: isSettled(state.book.open),
              systems: everySystem(client).map(({ id, name }) => ({
                id,
                legend: say(words.attestHosted(name)),
              })),
            }
          : undefined
      }
    />,
    wrong.erasure === undefined && wrong.hosted === undefined ? 200 : 422,
  );
}

function usualErasure(client: Client, now: number): ErasureForm {
  const from = dayAt(earliestErasure(now, client.zone), client.zone).toString();
  return { what: '', from, text: '', earliest: from, errors: new Map() };
}

/** Five years after the end: the usual time of limitation. */
function usualHosted({ zone }: Client, { ending }: EndingState, why: string): HostedForm {
  const until = dayAt(ending?.since ?? 0, zone)
    .add({ years: 5 })
    .toString();
  return { hosted: new Map(), until, why, errors: new Map() };
}

/** GET `/provider/endings/:client/certificate/pdf`: for the client that asks for it on paper. */
export async function sendCertificateAt(visit: Visit): Promise<void> {
  const client = clientNamed(visit);
  await noteLook(visit, client, 'ending');
  const report = certificateReport(visit, client, await endingState(visit, client));
  if (report === undefined) throw new Refusal(404, 'not_found', texts.errors.notFound, words.notYet);
  const name = `end-of-contract-${client.id}.pdf`;
  visit.res.type('application/pdf').set('content-disposition', `attachment; filename="${name}"`);
  visit.res.send(Buffer.from(await makePdf(report)));
}

/** POST `/provider/endings/:client/notice`: fields `what from text`. */
export async function giveErasureNotice(visit: Visit, frame: Framer): Promise<void> {
  const client = clientNamed(visit);
  const by = contactOf(visit);
  const { now, say } = visit;
  const said = (name: string) => field(visit.req.body, name).trim();
  const what = erasureSubjects.find((one) => one === said('what'));
  const text = said('text').replace(/\s+/g, ' ');
  const from = readDayStart(said('from'), client.zone);
  const errors = new Map<string, string>();
  const { refused } = words;
  if (what === undefined) errors.set('what', say(refused.what));
  if (from === undefined || from < earliestErasure(now, client.zone))
    errors.set('from', say(refused.too_soon));
  if (!isSentence(text)) errors.set('text', say(refused.text));
  if (errors.size > 0 || what === undefined || from === undefined) {
    const form = { ...usualErasure(client, now), what: said('what'), from: said('from'), text, errors };
    return sendEndingAt(visit, frame, client, { erasure: form });
  }
  const command = { do: 'ending-notify', client: client.id, by, what, from, text } as const;
  const answer = await visit.deps.authority.run(command);
  if ('refused' in answer) throw new Refusal(409, answer.refused, refused[answer.refused], refused.next);
  visit.res.redirect(303, `/provider/endings/${client.id}`);
}

/** POST `/provider/endings/:client/certificate`: fields `hosted-<system>` each, `until why`. */
export async function issueCertificate(visit: Visit, frame: Framer): Promise<void> {
  const client = clientNamed(visit);
  const by = contactOf(visit);
  const { now, say, snapshot } = visit;
  const said = (name: string) => field(visit.req.body, name).trim();
  const { refused } = words;
  const errors = new Map<string, string>();
  const hosted = new Map<string, HostedWay>();
  for (const { id } of everySystem(client)) {
    const how = hostedWays.find((one) => one === said(`hosted-${id}`));
    if (how === undefined) errors.set(`hosted-${id}`, say(refused.hosted));
    else hosted.set(id, how);
  }
  const why = said('why').replace(/\s+/g, ' ');
  const keptUntil = readDayEnd(said('until'), client.zone);
  if (keptUntil === undefined || keptUntil <= now) errors.set('until', say(refused.kept_until));
  if (!isSentence(why)) errors.set('why', say(refused.text));
  const again = (wrong: FieldErrors) =>
    sendEndingAt(visit, frame, client, { hosted: { hosted, until: said('until'), why, errors: wrong } });
  if (errors.size > 0 || keptUntil === undefined) return again(errors);
  const systems = [...hosted].map(([system, how]) => ({ system, how }));
  const answer = await visit.deps.authority.run({
    ...{ do: 'ending-certify', client: client.id, by, provider: snapshot.organisation, name: client.name },
    ...{ systems, keptUntil, why },
  });
  if ('refused' in answer) {
    if (answer.refused !== 'not_noticed')
      throw new Refusal(409, answer.refused, refused[answer.refused], refused.next);
    const deleted = systems.filter(({ how }) => how === 'deleted');
    return again(new Map(deleted.map(({ system }) => [`hosted-${system}`, say(refused.not_noticed)])));
  }
  visit.res.redirect(303, `/provider/endings/${client.id}`);
}

function isSentence(text: string): boolean {
  return text.length <= longestText && isPlain(text, false) && isReason(text);
}

function contactOf(visit: Visit): { readonly person: string; readonly name: string } {
  const { id, name } = providerUserOf(visit);
  return { person: id, name };
}
