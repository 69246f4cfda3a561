/**
 * *What protects you*: the measures that are on for this client now, told from the very snapshot and agreements that
 * requests are decided on. What is not set is not said; limits are told beside the measures.
 */
import { inBoth, joinTexts } from '../core/both-languages.ts';
import { checksToldOf } from '../core/doors-told.ts';
import type { Client, Snapshot, Text } from '../core/model.ts';
import { asksNothing } from '../core/own-instructions.ts';
import type { InForce } from '../core/ports.ts';
import { robotInWords, robotsIn } from '../core/robots.ts';
import { everySystem } from '../core/systems.ts';
import { systemsOf } from './arrival.ts';
import { seatedOf } from './controller.ts';
import { openDoors } from './door-words.ts';
import { countries, date, instant, size } from './formats.ts';
import { sentencesOf } from './instruction-form.ts';
import { FactSheetPage } from './pages/fact-sheet.tsx';
import { type Framer, sendPage } from './render.tsx';
import { systemName } from './system-names.ts';
import { serviceTexts } from './texts/fact-sheet.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const { said, ...words } = texts.factSheet;

export interface Measures {
  readonly who: readonly Text[];
  readonly what: readonly Text[];
  readonly proof: readonly Text[];
  readonly limits: readonly Text[];
}

/** GET `/protection`: printable, with date and version. */
export async function showFactSheet(visit: Visit, frame: Framer): Promise<void> {
  const { client, inForce } = await seatedOf(visit);
  const { say, snapshot, now, language, deps } = visit;
  const measures = measuresOf(snapshot, client, inForce, now);
  const doors = openDoors(snapshot, client, await checksToldOf(deps.archive, client), now);
  const changed = deps.rulesChangedAt(client.id);
  const told = (texts: readonly Text[]) => texts.map(say);
  const own = inForce.instructions;
  sendPage(
    visit.res,
    <FactSheetPage
      frame={frame(visit)}
      client={client.name}
      asOf={say(words.asOf(inBoth((lang) => instant(now, client.zone, lang))))}
      changed={
        changed === undefined
          ? undefined
          : say(words.rules(inBoth((lang) => date(changed, client.zone, lang))))
      }
      version={client.sliceHash}
      own={
        own === undefined || asksNothing(own)
          ? undefined
          : {
              title: say(words.own(own.version)),
              hash: own.textHash,
              sentences: told(sentencesOf(own, snapshot, client)),
            }
      }
      who={told(measures.who)}
      what={told(measures.what)}
      proof={told(measures.proof)}
      limits={told([...doors, ...measures.limits])}
      language={language}
    />,
  );
}

/** The measures that are on. Pure; each sentence is bound in test/portal/protections.test.ts. */
export function measuresOf(snapshot: Snapshot, client: Client, inForce: InForce, now: number): Measures {
  return {
    who: whoMay(snapshot, client, inForce, now),
    what: whatMay(snapshot, client),
    proof: [said.recorded, said.stop],
    limits: [
      ...(client.acceptsWithoutSignature === true ? [said.unsigned] : []),
      ...(client.outside.size === 0
        ? []
        : [said.outside(joinTexts([...client.outside.keys()].map((id) => systemName(client, id))))]),
      said.screens,
    ],
  };
}

function whoMay(snapshot: Snapshot, client: Client, { grants }: InForce, now: number): readonly Text[] {
  const live = [...grants.values()].filter(
    (grant) => grant.status === 'active' && grant.from <= now && now < grant.until,
  );
  const strong = everySystem(client).filter(({ authentication }) => authentication !== undefined);
  const here = [...snapshot.people.values()].filter((one) => systemsOf(client, one, now).length > 0);
  const assigned = here.filter(({ robot }) => robot === undefined);
  const robots = robotsIn(here);
  const approved = [...snapshot.subProcessors.values()].filter(({ approvals }) => {
    const approval = approvals.get(client.id);
    return approval !== undefined && approval.from <= now && now < approval.until;
  });
  return [
    client.acceptsWithoutSignature === true ? said.grantUnsigned(live.length) : said.grant(live.length),
    said.person,
    ...(robots.length === 0
      ? []
      : [said.robots(joinTexts(robots.map(({ id }) => robotInWords(snapshot, id))))]),
    said.assignment(assigned.length),
    said.function,
    said.standing,
    said.place(inBoth((language) => countries(snapshot.territories, language))),
    ...(strong.length === 0
      ? []
      : [said.authentication(joinTexts(strong.map(({ id }) => systemName(client, id))))]),
    approved.length === 0 ? said.noProviders : said.providers(approved.map(({ name }) => name).join(', ')),
  ];
}

function whatMay(snapshot: Snapshot, client: Client): readonly Text[] {
  const codes = new Set(everySystem(client).flatMap(({ purposes }) => purposes));
  const purposes = [...snapshot.purposes.values()].filter(({ code }) => codes.has(code));
  const timed = purposes.filter(({ code }) => client.hours.has(code));
  const production = everySystem(client).some(({ environment }) => environment === 'production');
  const conditions = client.instructions.filter(
    ({ forbids, hours, noCopy, only }) => forbids.length > 0 || hours || noCopy || only,
  );
  const sizes = [...client.systems.values()].map(({ profile }) => profile.copy.bytes);
  return [
    said.contract(
      joinTexts(client.contract.services.map((code) => serviceTexts.get(code) ?? { en: code, fr: code })),
    ),
    ...(purposes.length === 0 ? [] : [said.purpose(joinTexts(purposes.map(({ label }) => label)))]),
    ...(timed.length === 0 ? [] : [said.hours(joinTexts(timed.map(({ label }) => label)))]),
    ...(purposes.length === 0 ? [] : [said.limits(Math.max(...purposes.map(({ minutes }) => minutes)))]),
    ...(conditions.length === 0 ? [] : [said.byFile(conditions.length)]),
    ...(production && purposes.some((purpose) => !purpose.production) ? [said.environment] : []),
    said.operation,
    ...(sizes.length === 0 ? [] : [said.copies(inBoth((language) => size(Math.max(...sizes), language)))]),
  ];
}
