/** Ends of contracts for the provider's own people: the list, and one client with what is left to be done. */
import type { JSX } from 'preact';
import { erasureSubjects, type HostedWay, hostedWays, isSettled } from '../../core/ending.ts';
import type { EndingShown } from '../ending-shown.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { Certificate, Decided, ErasureNotices, Standing } from './ending-parts.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input, State, Table } from './parts.tsx';

const words = texts.endings;

export function EndingsAcrossPage(props: {
  readonly frame: Frame;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly choice: string;
    readonly open: number;
    readonly late: boolean;
    readonly certified: boolean;
  }[];
}): JSX.Element {
  const { frame, rows } = props;
  const { say } = frame;
  const { state, choiceAt, outstanding, certificate, look } = words;
  return (
    <Layout frame={frame} title={say(words.across)}>
      <p class="lead">{say(words.acrossIntro)}</p>
      <Table
        caption={say(words.across)}
        headers={[texts.copies.client, state, choiceAt, outstanding, certificate, look].map(say)}
        none={say(words.acrossNone)}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            row.name,
            row.state,
            row.choice,
            row.late ? (
              <State key="open" kind="bad">{`${row.open}, ${say(words.states.late)}`}</State>
            ) : (
              String(row.open)
            ),
            row.certified ? say(words.states.certified) : '–',
            <a key="look" href={`/provider/endings/${row.id}`}>
              {say(look)}
              <span class="unseen"> – {row.name}</span>
            </a>,
          ],
        }))}
      />
    </Layout>
  );
}

export interface ErasureForm {
  readonly what: string;
  readonly from: string;
  readonly text: string;
  /** The first day that may be named. */
  readonly earliest: string;
  readonly errors: FieldErrors;
}

export interface HostedForm {
  /** What was chosen, by system. */
  readonly hosted: ReadonlyMap<string, HostedWay>;
  readonly until: string;
  readonly why: string;
  readonly errors: FieldErrors;
}

interface Attest {
  readonly csrf: string;
  readonly form: HostedForm;
  /** Nothing is outstanding. */
  readonly ready: boolean;
  readonly systems: readonly { readonly id: string; readonly legend: string }[];
}

export function EndingAtPage(props: {
  readonly frame: Frame;
  readonly client: { readonly id: string; readonly name: string; readonly zone: string };
  readonly shown: EndingShown;
  /** The contact's forms; undefined: whoever looks only reads, or it is not time. */
  readonly give: { readonly csrf: string; readonly form: ErasureForm } | undefined;
  readonly attest: Attest | undefined;
}): JSX.Element {
  const { frame, client, shown, give, attest } = props;
  const { say } = frame;
  const { zone } = client;
  const { open, certificate } = shown;
  return (
    <Layout frame={frame} title={say(words.at(client.name))}>
      {give !== undefined && <ErrorSummary errors={give.form.errors} say={say} />}
      {attest !== undefined && <ErrorSummary errors={attest.form.errors} say={say} />}
      <p class="lead">{say(words.introAt)}</p>
      <Standing frame={frame} zone={zone} shown={shown} />
      <section aria-labelledby="choice">
        <h2 id="choice">{say(words.choiceAt)}</h2>
        <Decided frame={frame} versions={shown.versions} />
      </section>
      <section aria-labelledby="open">
        <h2 id="open">{say(words.open)}</h2>
        {isSettled(open) && <p class="empty">{say(words.openNone)}</p>}
        <ul>
          {open.openings > 0 && <li>{say(words.openAccesses(open.openings))}</li>}
          {open.copies > 0 && (
            <li>
              {say(words.openCopies(open.copies))}.{' '}
              <a href={`/provider/copies/${client.id}`}>{say(words.copiesAt)}</a>
            </li>
          )}
          {open.credentials > 0 && (
            <li>
              {say(words.openCredentials(open.credentials))}. {say(words.credentialsAt)}
            </li>
          )}
        </ul>
        {shown.other > 0 && <p>{say(words.otherThanChosen(shown.other))}</p>}
      </section>
      <ErasureNotices frame={frame} zone={zone} rows={shown.notices} />
      {give !== undefined && <GiveNotice frame={frame} client={client.id} {...give} />}
      <section aria-labelledby="certificate">
        <h2 id="certificate">{say(words.certificate)}</h2>
        {certificate !== undefined && (
          <>
            <Certificate frame={frame} shown={certificate} />
            <p class="actions">
              <a class="button" href={`/provider/endings/${client.id}/certificate/pdf`}>
                {say(words.pdf)}
              </a>
            </p>
          </>
        )}
        {certificate === undefined && attest?.ready !== true && <p class="empty">{say(words.waits)}</p>}
        {attest?.ready === true && <Issue frame={frame} client={client.id} {...attest} />}
      </section>
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function GiveNotice(props: {
  readonly frame: Frame;
  readonly client: string;
  readonly csrf: string;
  readonly form: ErasureForm;
}): JSX.Element {
  const { frame, form } = props;
  const { say } = frame;
  return (
    <form method="post" action={`/provider/endings/${props.client}/notice`} class="panel stack" noValidate>
      <h3>{say(words.give)}</h3>
      <p class="hint">{say(words.giveIntro)}</p>
      <Csrf token={props.csrf} />
      <Radios
        name="what"
        legend={say(words.giveWhat)}
        errors={form.errors}
        chosen={form.what}
        offer={erasureSubjects.map((id) => ({ id, label: say(words.subjects[id]) }))}
      />
      <Input
        name="from"
        type="date"
        label={say(words.giveFrom)}
        value={form.from}
        min={form.earliest}
        errors={form.errors}
      />
      <Input name="text" label={say(words.giveText)} value={form.text} errors={form.errors} maxLength={500} />
      <p class="actions">
        <button type="submit">{say(words.giveSubmit)}</button>
      </p>
    </form>
  );
}

function Issue(props: Attest & { readonly frame: Frame; readonly client: string }): JSX.Element {
  const { frame, form, systems } = props;
  const { say } = frame;
  return (
    <form
      method="post"
      action={`/provider/endings/${props.client}/certificate`}
      class="panel stack"
      noValidate
    >
      <h3>{say(words.attest)}</h3>
      <p class="hint">{say(words.attestIntro)}</p>
      <Csrf token={props.csrf} />
      {systems.map(({ id, legend }) => (
        <Radios
          key={id}
          name={`hosted-${id}`}
          legend={legend}
          errors={form.errors}
          chosen={form.hosted.get(id) ?? ''}
          offer={hostedWays.map((way) => ({ id: way, label: say(words.hosted[way]) }))}
        />
      ))}
      <Input
        name="until"
        type="date"
        label={say(words.attestUntil)}
        value={form.until}
        errors={form.errors}
      />
      <Input name="why" label={say(words.attestWhy)} value={form.why} errors={form.errors} maxLength={500} />
      <p class="actions">
        <button type="submit">{say(words.attestSubmit)}</button>
      </p>
    </form>
  );
}
