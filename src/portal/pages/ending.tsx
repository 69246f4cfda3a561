/** The end of the contract: where it stands, what was decided, what is still open, and the form of what is signed. */
import type { JSX } from 'preact';
import { isSettled, longestEndingNote } from '../../core/ending.ts';
import type { CopyRow } from '../copy-rows.ts';
import type { EndingForm } from '../ending-form.ts';
import type { EndingShown } from '../ending-shown.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { There } from './copy-tables.tsx';
import { Certificate, Decided, ErasureNotices, Standing } from './ending-parts.tsx';
import { FormPage } from './form-page.tsx';
import { type Frame, Layout } from './layout.tsx';
import { type FieldErrors, Input } from './parts.tsx';

const words = texts.endings;

export function EndingPage(props: {
  readonly frame: Frame;
  readonly zone: string;
  /** What whoever looks may do about it; undefined: nothing is left to be decided. */
  readonly decide: 'choose' | 'change' | 'goOn' | 'readOnly' | undefined;
  readonly shown: EndingShown;
  /** What else of the client's own is open. */
  readonly matters: number;
  readonly programs: number;
  readonly copies: readonly CopyRow[];
}): JSX.Element {
  const { frame, zone, decide, shown, copies } = props;
  const { say } = frame;
  const { open, certificate } = shown;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <Standing frame={frame} zone={zone} shown={shown} />
      <section aria-labelledby="choice">
        <h2 id="choice">{say(words.choice)}</h2>
        <Decided frame={frame} versions={shown.versions} />
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
        {isSettled(open) && <p class="empty">{say(words.openNone)}</p>}
        <ul>
          <Open count={open.openings} say={say} text={words.openAccesses} href="/" />
          <Open count={open.copies} say={say} text={words.openCopies} href="/copies" />
          <Open count={open.credentials} say={say} text={words.openCredentials} href="/credentials" />
          <Open count={props.matters} say={say} text={words.openMatters} href="/matters" />
          <Open count={props.programs} say={say} text={words.openPrograms} href="/connections" />
        </ul>
        {shown.other > 0 && <p>{say(words.otherThanChosen(shown.other))}</p>}
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
      <ErasureNotices frame={frame} zone={zone} rows={shown.notices} />
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
