/** The end of the contract: where it stands, what was decided, what is still open, and the form of what is signed. */

import type { JSX } from 'preact';
import { inBoth } from '../../core/both-languages.ts';
import { type EndingOpen, isSettled, longestEndingNote } from '../../core/ending.ts';
import type { CopyRow } from '../copy-rows.ts';
import type { EndingForm } from '../ending-form.ts';
import type { VersionShown } from '../endings.ts';
import { date } from '../formats.ts';
import type { NoticeRow } from '../notices-of-erasure.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { There } from './copy-tables.tsx';
import { FormPage } from './form-page.tsx';
import { type Frame, Layout } from './layout.tsx';
import { type FieldErrors, Input, Notice, Table, Time } from './parts.tsx';

const words = texts.endings;

export interface CertificateShown {
  readonly made: string;
  readonly facts: readonly (readonly [string, string])[];
}

export function EndingPage(props: {
  readonly frame: Frame;
  readonly zone: string;
  /** What whoever looks may do about it; undefined: nothing is left to be decided. */
  readonly decide: 'choose' | 'change' | 'goOn' | 'readOnly' | undefined;
  readonly standing: string;
  readonly over: boolean;
  /** By when it was to be done; undefined: it is not late. */
  readonly late: number | undefined;
  readonly versions: readonly VersionShown[];
  readonly open: EndingOpen & { readonly matters: number; readonly programs: number };
  readonly copies: readonly CopyRow[];
  /** Copies that were destroyed although their return was chosen. */
  readonly other: number;
  readonly notices: readonly NoticeRow[];
  readonly certificate: CertificateShown | undefined;
}): JSX.Element {
  const { frame, zone, decide, over, open, copies, certificate } = props;
  const { say } = frame;
  const settled = isSettled(open);
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <Notice kind={over && !settled ? 'bad' : 'calm'}>
        <p class="strong">{props.standing}</p>
        <Late frame={frame} zone={zone} late={props.late} />
      </Notice>
      <section aria-labelledby="choice">
        <h2 id="choice">{say(words.choice)}</h2>
        <Versions frame={frame} versions={props.versions} />
        {decide !== undefined && decide !== 'readOnly' && (
          <p class="actions">
            <a class="button" href="/ending/new">
              {say(words[decide])}
            </a>
          </p>
        )}
        {decide === 'readOnly' && <p class="quiet">{say(words.readOnly)}</p>}
      </section>
      <section aria-labelledby="open">
        <h2 id="open">{say(words.open)}</h2>
        {settled && <p class="empty">{say(words.openNone)}</p>}
        <ul>
          <Open count={open.openings} say={say} text={words.openAccesses} href="/" />
          <Open count={open.copies} say={say} text={words.openCopies} href="/copies" />
          <Open count={open.credentials} say={say} text={words.openCredentials} href="/credentials" />
          <Open count={open.matters} say={say} text={words.openMatters} href="/matters" />
          <Open count={open.programs} say={say} text={words.openPrograms} href="/connections" />
        </ul>
        {props.other > 0 && <p>{say(words.otherThanChosen(props.other))}</p>}
        {copies.length > 0 && (
          <There
            frame={frame}
            zone={zone}
            rows={copies}
            caption={say(texts.copies.there)}
            accessAt="/history"
          />
        )}
      </section>
      <ErasureNotices frame={frame} zone={zone} rows={props.notices} />
      <section aria-labelledby="certificate">
        <h2 id="certificate">{say(words.certificate)}</h2>
        {certificate === undefined ? (
          <p class="empty">{say(words.notYet)}</p>
        ) : (
          <>
            <Certificate frame={frame} shown={certificate} />
            <p class="actions">
              <a class="button" href="/ending/certificate/pdf">
                {say(words.pdf)}
              </a>
              <a href="/ending/certificate">{say(words.json)}</a>
            </p>
          </>
        )}
      </section>
      <section aria-labelledby="stays">
        <h2 id="stays">{say(words.stays)}</h2>
        <p>{say(words.staysText)}</p>
        <p>
          <a href="/take-away">{say(words.take)}</a>
        </p>
      </section>
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function Open(props: {
  readonly count: number;
  readonly say: Frame['say'];
  readonly text: (count: number) => { readonly en: string; readonly fr: string };
  readonly href: string;
}): JSX.Element | null {
  const { count, say, text, href } = props;
  if (count === 0) return null;
  return (
    <li>
      <a href={href}>{say(text(count))}</a>
    </li>
  );
}

/** That it was to be done by a day that is over. */
export function Late(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly late: number | undefined;
}): JSX.Element | null {
  const { frame, zone, late } = props;
  if (late === undefined) return null;
  return <p>{frame.say(words.late(inBoth((language) => date(late - 1, zone, language))))}</p>;
}

/** What the client signed last, and before. */
export function Versions(props: {
  readonly frame: Frame;
  readonly versions: readonly VersionShown[];
}): JSX.Element {
  const { frame, versions } = props;
  const [current, ...earlier] = versions;
  if (current === undefined) return <p class="empty">{frame.say(words.none)}</p>;
  return (
    <>
      <Version shown={current} />
      {earlier.length > 0 && (
        <details>
          <summary>{frame.say(words.earlier)}</summary>
          {earlier.map((shown) => (
            <Version key={shown.version} shown={shown} />
          ))}
        </details>
      )}
    </>
  );
}

function Version({ shown }: { readonly shown: VersionShown }): JSX.Element {
  const id = `version-${shown.version}`;
  return (
    <section class="panel" aria-labelledby={id}>
      <h3 id={id}>{shown.title}</h3>
      <ul>
        {shown.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

export function ErasureNotices(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly rows: readonly NoticeRow[];
}): JSX.Element {
  const { frame, zone, rows } = props;
  const { say, language } = frame;
  const { noticeWhat, noticeGiven, noticeFrom, noticeBy, noticeText } = words;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">{say(words.notices)}</h2>
      <Table
        caption={say(words.notices)}
        headers={[noticeWhat, noticeFrom, noticeGiven, noticeBy, noticeText].map(say)}
        none={say(words.noticesNone)}
        rows={rows.map((row) => ({
          key: `${row.at} ${row.what}`,
          cells: [
            row.what,
            <span key="from" class="strong">
              {date(row.from, zone, language)}
            </span>,
            <Time key="at" at={row.at} zone={zone} language={language} />,
            row.name,
            row.text,
          ],
        }))}
      />
    </section>
  );
}

export function Certificate(props: { readonly frame: Frame; readonly shown: CertificateShown }): JSX.Element {
  const { frame, shown } = props;
  return (
    <div class="panel">
      <p class="strong">{shown.made}</p>
      <dl class="facts">
        {shown.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="text">{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">{frame.say(words.proof)}</p>
    </div>
  );
}

export function EndingFormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly form: EndingForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, form, errors } = props;
  const { say } = frame;
  const { choices } = words;
  return (
    <FormPage
      frame={frame}
      csrf={csrf}
      title={words.formTitle}
      intro={words.formIntro}
      action="/ending/new"
      errors={errors}
      submit={words.review}
      cancel="/ending"
    >
      <Input
        name="lastDay"
        type="date"
        label={`${say(words.lastDay)} (${props.zone})`}
        hint={say(words.lastDayHint)}
        value={form.lastDay}
        errors={errors}
      />
      <Radios
        name="choice"
        legend={say(words.copies)}
        errors={errors}
        chosen={form.choice}
        offer={(['return', 'delete', 'later'] as const).map((id) => ({ id, label: say(choices[id]) }))}
      />
      <Input
        name="by"
        type="date"
        label={say(words.by)}
        hint={say(words.byHint)}
        value={form.by}
        errors={errors}
      />
      <Input
        name="note"
        label={say(words.note)}
        hint={say(words.noteHint)}
        value={form.note}
        errors={errors}
        maxLength={longestEndingNote}
      />
    </FormPage>
  );
}
