/** A month on one page, and the answer to a person whose data it is. Both print as they stand. */
import type { JSX } from 'preact';
import type { ReportChart, ReportWords } from '../report-words.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Input, Table } from './parts.tsx';
import { Unnoted } from './reading.tsx';

const words = texts.report;
const noErrors: ReadonlyMap<string, string> = new Map();

export function ReportPage(props: {
  readonly frame: Frame;
  readonly report: ReportWords;
  readonly noted: boolean;
}): JSX.Element {
  const { frame, report, noted } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={report.title}>
      <Unnoted frame={frame} noted={noted} />
      <form method="get" action="/report" class="row screen">
        <label>
          {say(words.month)} <input type="month" name="month" value={report.month} />
        </label>
        <p class="actions">
          <button type="submit">{say(words.show)}</button>
          <a class="button plain" href={`/report/pdf?month=${report.month}`}>
            {say(words.pdf)}
          </a>
        </p>
      </form>
      <p>{report.made}</p>
      <dl class="numbers">
        {report.numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.charts
        .filter(({ bars }) => bars.length > 0)
        .map((chart) => (
          <Ranks key={chart.title} chart={chart} />
        ))}
      <section aria-labelledby="each">
        <h2 id="each">{report.table.title}</h2>
        <Table
          caption={report.table.title}
          headers={report.table.headers}
          none={report.empty}
          rows={report.table.rows.map((cells, at) => ({
            key: String(at),
            cells: cells.map((cell) => <span key={cell}>{cell}</span>),
          }))}
        />
      </section>
      {report.notes.map((note) => (
        <p key={note} class="quiet">
          {note}
        </p>
      ))}
    </Layout>
  );
}

/** A bar and its number for each name: a table that is also a drawing. */
function Ranks({ chart }: { readonly chart: ReportChart }): JSX.Element {
  const most = Math.max(...chart.bars.map(([, count]) => count));
  return (
    <table class="ranks">
      <caption>{chart.title}</caption>
      <tbody>
        {chart.bars.map(([name, count]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(100 * count) / most} height="6" />
              </svg>
            </td>
            <td>{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** On one day, one system for one purpose. */
export interface ConsultedDay {
  readonly day: string;
  readonly system: string;
  readonly purpose: string;
  readonly count: number;
}

export function ConsultationPage(props: {
  readonly frame: Frame;
  readonly client: string;
  readonly form: { readonly from: string; readonly until: string; readonly system: string };
  readonly systems: readonly { readonly id: string; readonly name: string }[];
  readonly days: readonly ConsultedDay[];
  readonly whole: boolean;
  readonly noted: boolean;
  readonly made: string;
}): JSX.Element {
  const { frame, form, days } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.consultation)}>
      <Unnoted frame={frame} noted={props.noted} />
      <p class="lead">{say(words.consultationIntro(props.client))}</p>
      <form method="get" action="/report/consultation" class="filters screen">
        <Input name="from" type="date" label={say(words.from)} value={form.from} errors={noErrors} />
        <Input name="until" type="date" label={say(words.until)} value={form.until} errors={noErrors} />
        <div class="field">
          <label for="system">{say(words.where)}</label>
          <select id="system" name="system">
            <option value="">{say(words.allSystems)}</option>
            {props.systems.map(({ id, name }) => (
              <option key={id} value={id} selected={id === form.system}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <p class="actions">
          <button type="submit">{say(words.show)}</button>
        </p>
      </form>
      <Table
        caption={say(words.consultation)}
        headers={[words.day, words.where, words.purpose, words.times].map(say)}
        none={say(words.noDays)}
        rows={days.map(({ day, system, purpose, count }) => ({
          key: `${day} ${system} ${purpose}`,
          cells: [day, system, purpose, String(count)].map((cell) => <span key={cell}>{cell}</span>),
        }))}
      />
      {!props.whole && <p class="quiet">{say(words.cut)}</p>}
      <p class="quiet">{say(words.consultationLimit)}</p>
      <p class="quiet">{say(words.madeOn(props.made))}</p>
    </Layout>
  );
}
