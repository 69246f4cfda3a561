/** Pages of the copy register: one's own copies, a client's, all clients'. */
import type { JSX } from 'preact';
import { goneWays, longestGone } from '../../core/copies.ts';
import type { GoneForm } from '../attesting-copies.ts';
import type { CopyRow } from '../copy-rows.ts';
import { instant } from '../formats.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { Gone, There } from './copy-tables.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, Group, Hidden, Input, Notice, State, Table } from './parts.tsx';
import { PlannedRuns, type RunRow } from './planned-runs.tsx';

const words = texts.copies;
/** Boxes for the copies that are there, what happened to them, when and how. */
function Attest(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly csrf: string;
  readonly action: string;
  readonly hidden: Readonly<Record<string, string>>;
  readonly rows: readonly CopyRow[];
  readonly form: GoneForm;
}): JSX.Element {
  const { frame, zone, rows, form } = props;
  const { say, language } = frame;
  return (
    <form method="post" action={props.action} class="panel stack" noValidate>
      <h3>{say(words.attest)}</h3>
      <p class="hint">{say(words.attestHint)}</p>
      <Csrf token={props.csrf} />
      <Hidden values={props.hidden} />
      <Group name="copy" legend={say(words.choose)} errors={form.errors}>
        {rows.map((row) => (
          <label key={row.id} class="choice">
            <input type="checkbox" name="copy" value={row.id} checked={form.copies.includes(row.id)} />
            <span>
              {row.reference}, {instant(row.taken, zone, language)} – {row.what}{' '}
              <span class="quiet">({row.facts})</span>
            </span>
          </label>
        ))}
      </Group>
      <Radios
        name="how"
        legend={say(words.way)}
        errors={form.errors}
        offer={goneWays.map((id) => ({ id, label: say(words.ways[id]) }))}
        chosen={form.how}
      />
      <Input name="done" label={say(words.day)} type="date" value={form.done} errors={form.errors} />
      <Input
        name="text"
        label={say(words.said)}
        hint={say(words.saidHint)}
        value={form.text}
        errors={form.errors}
        maxLength={longestGone}
      />
      <p class="actions">
        <button type="submit">{say(words.submit)}</button>
      </p>
    </form>
  );
}

export function MyCopiesPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly clients: readonly {
    readonly id: string;
    readonly name: string;
    readonly zone: string;
    readonly rows: readonly CopyRow[];
    readonly form: GoneForm;
    /** What is to be known of copies once the contract is over; undefined: it goes on. */
    readonly ended: string | undefined;
  }[];
  readonly recorded: boolean;
}): JSX.Element {
  const { frame, csrf, clients } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.mine)}>
      {props.recorded && (
        <Notice kind="good">
          <p>{say(words.recorded)}</p>
        </Notice>
      )}
      {clients.map(({ id, form }) => (
        <ErrorSummary key={id} errors={form.errors} say={say} />
      ))}
      <p class="lead">{say(words.mineIntro)}</p>
      {clients.length === 0 && <p class="empty">{say(words.mineNone)}</p>}
      {clients.map(({ id, name, zone, rows, form, ended }) => (
        <section key={id} aria-labelledby={`at-${id}`}>
          <h2 id={`at-${id}`}>{name}</h2>
          {ended !== undefined && (
            <Notice kind="calm">
              <p class="strong">{ended}</p>
            </Notice>
          )}
          <There frame={frame} zone={zone} rows={rows} caption={name} accessAt="/openings" />
          <Attest
            frame={frame}
            zone={zone}
            csrf={csrf}
            action="/copies/gone"
            hidden={{ client: id }}
            rows={rows.filter(({ shape }) => shape !== 'running')}
            form={form}
          />
        </section>
      ))}
    </Layout>
  );
}

/** A client's copies, for the client or for the provider's own people. */
export function CopiesPage(props: {
  readonly frame: Frame;
  readonly zone: string;
  /** The client's name, for the provider's people; undefined: the client itself reads. */
  readonly at: string | undefined;
  readonly rows: readonly CopyRow[];
  /** Accounts not returned, where the contract is over; undefined: it is not. */
  readonly ended: number | undefined;
  /** What robots were to do here. */
  readonly runs: readonly RunRow[];
  /** Where the end of the contract is told. */
  readonly endingAt: string;
  /** The contact's form; undefined: whoever looks only reads. */
  readonly attest: { readonly csrf: string; readonly action: string; readonly form: GoneForm } | undefined;
}): JSX.Element {
  const { frame, zone, at, rows, attest } = props;
  const { say } = frame;
  const own = at === undefined;
  const there = rows.filter(({ gone }) => gone === undefined);
  const gone = rows.filter((row) => row.gone !== undefined && row.state !== 'nothing');
  const accessAt = own ? '/history' : undefined;
  return (
    <Layout frame={frame} title={say(own ? words.title : words.at(at))}>
      {attest !== undefined && <ErrorSummary errors={attest.form.errors} say={say} />}
      <p class="lead">{say(own ? words.intro : words.introAt)}</p>
      {props.ended !== undefined && (
        <Notice kind={there.length + props.ended > 0 ? 'bad' : 'calm'}>
          <p class="strong">{say(words.endTitle)}</p>
          <p>{say(own ? words.endIntro : words.endIntroAt)}</p>
          <p>
            {own ? (
              <a href="/credentials">{say(words.endCredentials(props.ended))}</a>
            ) : (
              say(words.endCredentials(props.ended))
            )}
          </p>
          <p>
            <a href={props.endingAt}>{say(texts.endings.see)}</a>
          </p>
        </Notice>
      )}
      <section aria-labelledby="there">
        <h2 id="there">{say(words.there)}</h2>
        {there.length === 0 ? (
          <p class="empty">{say(words.thereNone)}</p>
        ) : (
          <There frame={frame} zone={zone} rows={there} caption={say(words.there)} accessAt={accessAt} />
        )}
        {attest !== undefined && there.length > 0 && (
          <Attest
            {...attest}
            frame={frame}
            zone={zone}
            hidden={{}}
            rows={there.filter(({ shape }) => shape !== 'running')}
          />
        )}
      </section>
      <section aria-labelledby="gone">
        <h2 id="gone">{say(words.gone)}</h2>
        {gone.length === 0 ? (
          <p class="empty">{say(words.goneNone)}</p>
        ) : (
          <Gone frame={frame} zone={zone} rows={gone} accessAt={accessAt} />
        )}
      </section>
      <p class="quiet">{say(words.most)}</p>
      <PlannedRuns frame={frame} rows={props.runs} accessAt={accessAt} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

export function CopiesAcrossPage(props: {
  readonly frame: Frame;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly ended: boolean;
    readonly there: number;
    readonly overdue: number;
    readonly unanswered: number;
  }[];
}): JSX.Element {
  const { frame, rows } = props;
  const { say } = frame;
  const { client, count, overdueCount, unansweredCount, look } = words;
  return (
    <Layout frame={frame} title={say(words.across)}>
      <p class="lead">{say(words.acrossIntro)}</p>
      <Table
        caption={say(words.across)}
        headers={[client, count, overdueCount, unansweredCount, look].map(say)}
        none={say(words.acrossNone)}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            row.ended ? `${row.name} (${say(words.ended)})` : row.name,
            String(row.there),
            row.overdue === 0 ? (
              '0'
            ) : (
              <State key="o" kind="bad">{`${row.overdue} ${say(words.states.overdue)}`}</State>
            ),
            String(row.unanswered),
            <a key="look" href={`/provider/copies/${row.id}`}>
              {say(look)}
              <span class="unseen"> – {row.name}</span>
            </a>,
          ],
        }))}
      />
    </Layout>
  );
}
