/** The page of the provider's own webhook. No form on it: the settings say where it leads. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Notice, State, Table, Time } from './parts.tsx';

const words = texts.providerHook;
const { hooks } = texts;

export interface DeliveryRow {
  readonly id: string;
  readonly client: string;
  readonly what: string;
  readonly madeAt: number;
  readonly state: string;
  /** How often it failed and when it is tried next; '' where neither is so. */
  readonly details: string;
  readonly kind: 'good' | 'bad' | 'calm';
}

export function ProviderHookPage(props: {
  readonly frame: Frame;
  /** Undefined: the settings name none. */
  readonly shown:
    | {
        readonly origin: string;
        readonly told: readonly string[];
        readonly takenAt: number | undefined;
        readonly state: string;
        readonly bad: boolean;
      }
    | undefined;
  readonly deliveries: readonly DeliveryRow[];
}): JSX.Element {
  const { frame, shown } = props;
  const { say, language, imprint } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      {shown === undefined ? (
        <p class="empty">{say(words.none)}</p>
      ) : (
        <>
          <Notice kind={shown.bad ? 'bad' : 'calm'}>
            <p class="strong">{shown.state}</p>
          </Notice>
          <dl class="facts">
            <dt>{say(hooks.where)}</dt>
            <dd>{shown.origin}</dd>
            <dt>{say(hooks.told)}</dt>
            <dd>
              <ul>
                {shown.told.map((event) => (
                  <li key={event}>{event}</li>
                ))}
              </ul>
            </dd>
            <dt>{say(hooks.taken)}</dt>
            <dd>
              {shown.takenAt === undefined ? (
                say(words.never)
              ) : (
                <Time at={shown.takenAt} zone={imprint.zone} language={language} />
              )}
            </dd>
          </dl>
          <Deliveries frame={frame} rows={props.deliveries} />
        </>
      )}
    </Layout>
  );
}

function Deliveries(props: { readonly frame: Frame; readonly rows: readonly DeliveryRow[] }): JSX.Element {
  const { frame, rows } = props;
  const { say, language, imprint } = frame;
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">{say(words.deliveries)}</h2>
      {rows.length === 0 ? (
        <p class="empty">{say(words.deliveriesNone)}</p>
      ) : (
        <Table
          caption={say(words.deliveries)}
          headers={[words.made, words.client, words.what, words.state].map(say)}
          rows={rows.map((row) => ({
            key: row.id,
            kind: row.kind,
            cells: [
              <Time key="made" at={row.madeAt} zone={imprint.zone} language={language} />,
              row.client,
              row.what,
              <span key="state">
                <State kind={row.kind}>{row.state}</State>
                {row.details !== '' && <span class="quiet block">{row.details}</span>}
              </span>,
            ],
          }))}
        />
      )}
    </section>
  );
}
