/** The page on what the client handed over: account, who gave it and when, last use, replacement, return. */
import type { JSX } from 'preact';
import type { CredentialKind } from '../../core/credential.ts';
import type { Text } from '../../core/model.ts';
import { firstDay, lastDay } from '../formats.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { State, Table, Time } from './parts.tsx';

const words = texts.credentials;

export interface CredentialRow {
  readonly id: string;
  readonly system: Text;
  readonly kind: CredentialKind;
  readonly account: string;
  readonly handedOverBy: string;
  readonly handedOverOn: number | undefined;
  readonly document: string;
  readonly rotateBy: number | undefined;
  readonly rotatedAt: number | undefined;
  readonly returnedAt: number | undefined;
  readonly usedAt: number | undefined;
  readonly state: 'held' | 'overdue' | 'returned';
}

export function CredentialsPage(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly rows: readonly CredentialRow[];
}): JSX.Element {
  const { frame, rows, zone } = props;
  const { say } = frame;
  const { system, account, kind, handedOver, document, lastUsed, rotation, state } = words;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={[system, account, kind, handedOver, document, lastUsed, rotation, state].map(say)}
        none={say(words.none)}
        rows={rows.map((row) => ({ key: row.id, cells: cellsOf(row, frame, zone) }))}
      />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function cellsOf(row: CredentialRow, frame: Frame, zone: string): readonly (JSX.Element | string)[] {
  const { say, language } = frame;
  const day = row.handedOverOn === undefined ? '–' : firstDay(row.handedOverOn, zone, language);
  return [
    say(row.system),
    row.account,
    say(words.kinds[row.kind]),
    `${row.handedOverBy}, ${day}`,
    row.document,
    row.usedAt === undefined ? say(words.never) : <Time at={row.usedAt} zone={zone} language={language} />,
    rotationOf(row, frame, zone),
    <>
      <State kind={stateKinds[row.state]}>{say(words.states[row.state])}</State>
      {row.returnedAt !== undefined && (
        <>
          {' '}
          <Time at={row.returnedAt} zone={zone} language={language} />
        </>
      )}
    </>,
  ];
}

const stateKinds = { held: 'good', overdue: 'bad', returned: 'calm' } as const;

function rotationOf({ rotateBy, rotatedAt }: CredentialRow, frame: Frame, zone: string): string {
  const { say, language } = frame;
  const due = rotateBy === undefined ? words.noDay : words.due(lastDay(rotateBy, zone, language));
  const last = rotatedAt === undefined ? '' : `, ${say(words.last(firstDay(rotatedAt, zone, language)))}`;
  return `${say(due)}${last}`;
}
