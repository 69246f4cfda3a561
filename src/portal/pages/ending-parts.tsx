/** Pieces of the pages on the end of a contract that both sides see alike. */
import type { JSX } from 'preact';
import { inBoth } from '../../core/both-languages.ts';
import { isSettled } from '../../core/ending.ts';
import type { CertificateShown, EndingShown } from '../ending-shown.ts';
import { date } from '../formats.ts';
import type { NoticeRow } from '../notices-of-erasure.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Notice, Table, Time } from './parts.tsx';
import { EarlierVersions, Version, type VersionShown } from './versions.tsx';

const words = texts.endings;

/** Where it stands, and that it was to be done by a day that is over. */
export function Standing(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly shown: EndingShown;
}): JSX.Element {
  const { frame, zone, shown } = props;
  const { standing, over, open, late } = shown;
  return (
    <Notice kind={over && !isSettled(open) ? 'bad' : 'calm'}>
      <p class="strong">{standing}</p>
      {late !== undefined && (
        <p>{frame.say(words.late(inBoth((language) => date(late - 1, zone, language))))}</p>
      )}
    </Notice>
  );
}

/** What the client signed last, and before. */
export function Decided(props: {
  readonly frame: Frame;
  readonly versions: readonly VersionShown[];
}): JSX.Element {
  const { frame, versions } = props;
  const [current, ...earlier] = versions;
  if (current === undefined) return <p class="empty">{frame.say(words.none)}</p>;
  const shown = { heading: 'h3', nothing: frame.say(words.said.nothing) } as const;
  return (
    <>
      <Version shown={current} {...shown} />
      <EarlierVersions frame={frame} versions={earlier} {...shown} />
    </>
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
