/** Frames for delegates: the list on the page of people, and the form. */
import type { ComponentChildren, JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import type { AgreementOffer } from '../agreement-form.ts';
import type { FrameForm } from '../frames.tsx';
import { texts } from '../texts.ts';
import { ScopeBoxes } from './agreement-form.tsx';
import { Boxes, Radios } from './choices.tsx';
import { FormPage } from './form-page.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input, Table } from './parts.tsx';

const words = texts.frames;

export interface FrameRow {
  readonly id: string;
  readonly delegate: string;
  readonly scope: string;
  readonly when: string;
  readonly by: string;
  readonly state: 'active' | 'coming' | 'ended' | 'withdrawn';
}

export function FrameList(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly rows: readonly FrameRow[];
  /** Take frames back. */
  readonly may: boolean;
  readonly mayGive: boolean;
}): JSX.Element {
  const { frame, csrf, rows, may, mayGive } = props;
  const { say } = frame;
  const shown = [words.delegate, words.scope, words.when, words.by, words.state];
  const headers = may ? [...shown, texts.people.act] : shown;
  return (
    <section aria-labelledby="frames">
      <h2 id="frames">{say(words.title)}</h2>
      <p>{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={headers.map(say)}
        none={say(words.none)}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            row.delegate,
            row.scope,
            row.when,
            row.by,
            say(words[row.state]),
            ...(may ? [<Withdraw key="withdraw" frame={frame} csrf={csrf} row={row} />] : []),
          ],
        }))}
      />
      {rows.length > 0 && <p class="quiet">{say(words.withdrawHint)}</p>}
      {mayGive && (
        <p class="actions">
          <a class="button" href="/people/frames/new">
            {say(words.give)}
          </a>
          <a class="button" href="/people/substitutes/new">
            {say(texts.substitutes.name)}
          </a>
        </p>
      )}
    </section>
  );
}

function Withdraw(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly row: FrameRow;
}): JSX.Element {
  const { frame, csrf, row } = props;
  if (row.state !== 'active' && row.state !== 'coming') return <span>–</span>;
  return (
    <form method="post" action={`/people/frames/${row.id}/revoke`}>
      <Csrf token={csrf} />
      <button class="plain" type="submit">
        {frame.say(words.withdraw)}
        <span class="unseen"> – {row.delegate}</span>
      </button>
    </form>
  );
}

export function FrameFormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly delegates: readonly { readonly id: string; readonly label: string }[];
  readonly offer: AgreementOffer;
  readonly form: FrameForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, offer, form, errors, delegates } = props;
  const { say } = frame;
  const days = words.dayNames.map((name, at) => ({ id: String(at + 1), label: say(name) }));
  return (
    <DelegateFormPage
      frame={frame}
      csrf={csrf}
      title={words.formTitle}
      intro={words.intro}
      action="/people/frames/new"
      delegates={delegates}
      chosen={form.delegate}
      errors={errors}
    >
      <ScopeBoxes frame={frame} offer={offer} form={form} errors={errors} />
      <Input
        name="minutes"
        label={say(words.minutes)}
        value={form.minutes}
        errors={errors}
        type="number"
        min={1}
        max={1440}
      />
      <Boxes name="days" legend={say(words.days)} errors={errors} offer={days} chosen={form.days} />
      <Input
        name="hoursFrom"
        label={say(words.hoursFrom)}
        hint={say(words.hoursHint(props.zone))}
        value={form.hoursFrom}
        errors={errors}
        maxLength={5}
      />
      <Input
        name="hoursUntil"
        label={say(words.hoursUntil)}
        value={form.hoursUntil}
        errors={errors}
        maxLength={5}
      />
      <Input
        name="until"
        label={say(words.until)}
        hint={say(words.untilHint)}
        value={form.until}
        errors={errors}
        type="date"
      />
    </DelegateFormPage>
  );
}

/** A form about one of those who sit as delegates; without one there is nothing to fill in. */
export function DelegateFormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly title: Text;
  readonly intro: Text;
  readonly action: string;
  readonly delegates: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: string;
  readonly errors: FieldErrors;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { frame, title, intro, delegates, chosen, errors } = props;
  const { say } = frame;
  if (delegates.length === 0)
    return (
      <Layout frame={frame} title={say(title)}>
        <ErrorSummary errors={errors} say={say} />
        <p class="lead">{say(intro)}</p>
        <p>
          {say(words.noDelegate)} <a href="/people">{say(texts.people.title)}</a>
        </p>
      </Layout>
    );
  return (
    <FormPage {...props} submit={words.review} cancel="/people">
      <Radios
        name="delegate"
        legend={say(words.delegate)}
        offer={delegates}
        chosen={chosen}
        errors={errors}
      />
      {props.children}
    </FormPage>
  );
}
