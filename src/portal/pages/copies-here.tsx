/** What of the copy register stands on other pages: of an access, at the desk, and first of all for the client. */
import type { JSX } from 'preact';
import { longestPlace } from '../../core/copies.ts';
import type { Text } from '../../core/model.ts';
import type { CopyRow } from '../copy-rows.ts';
import { instant, lastDay, size } from '../formats.ts';
import type { KeepForm, OwedCopies } from '../keeping-copies.ts';
import { texts } from '../texts.ts';
import { There } from './copy-tables.tsx';
import type { Frame } from './layout.tsx';
import { Csrf, Input, Notice } from './parts.tsx';

const words = texts.copies;

interface HereProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly opening: { readonly id: string };
  readonly keeping: KeepForm;
}

/** Beyond so many copies the older ones stay folded until somebody wants them. */
const unfolded = 5;

/** On the technician's page of an access: where its copies are, while that is to be said. */
export function KeepCopies({ frame, csrf, zone, opening, keeping }: HereProps): JSX.Element | null {
  const { say, language } = frame;
  if (keeping.owed === 0) return null;
  return (
    <section aria-labelledby="copies-here">
      <h2 id="copies-here">{say(words.desk)}</h2>
      <form method="post" action={`/openings/${opening.id}/copies`} class="panel stack" noValidate>
        <p>{say(words.keepIntro(keeping.owed, instant(keeping.until, zone, language)))}</p>
        <Csrf token={csrf} />
        <Input
          name="place"
          label={say(words.place)}
          hint={say(words.placeHint)}
          value={keeping.place}
          errors={keeping.errors}
          maxLength={longestPlace}
        />
        <Input
          name="custodian"
          label={say(words.custodian)}
          hint={say(words.custodianHint)}
          value={keeping.custodian}
          errors={keeping.errors}
          maxLength={longestPlace}
        />
        <p class="actions">
          <button type="submit">{say(words.keep)}</button>
        </p>
      </form>
    </section>
  );
}

/** On the technician's page of an access, where nothing follows: its copies, the latest first. */
export function CopiesHere({ frame, zone, keeping }: HereProps): JSX.Element | null {
  const { say } = frame;
  const latest = keeping.rows.slice(0, unfolded);
  const earlier = keeping.rows.slice(unfolded);
  if (latest.length === 0) return null;
  const table = { frame, zone, accessAt: undefined };
  return (
    <section aria-labelledby="copies-taken">
      <h2 id="copies-taken">{say(words.here)}</h2>
      <There {...table} rows={latest} caption={say(words.here)} />
      {earlier.length > 0 && (
        <details>
          <summary>{say(words.earlier(earlier.length))}</summary>
          <There {...table} rows={earlier} caption={say(words.earlier(earlier.length))} />
        </details>
      )}
      <p class="actions">
        <a href="/copies">{say(words.mine)}</a>
      </p>
    </section>
  );
}

/** At the desk: what the person owes of copies. */
export function OwedCopiesNotice(props: {
  readonly frame: Frame;
  readonly owed: OwedCopies;
}): JSX.Element | null {
  const { say } = props.frame;
  const { unanswered, overdue } = props.owed;
  if (unanswered.length === 0 && overdue === 0) return null;
  return (
    <Notice kind="bad">
      <p class="strong">{say(words.desk)}</p>
      <ul>
        {overdue > 0 && (
          <li>
            <a href="/copies">{say(words.deskOverdue(overdue))}</a>
          </li>
        )}
        {unanswered.map(({ opening, reference }) => (
          <li key={opening}>
            <a href={`/openings/${opening}#copies-here`}>{say(words.deskUnanswered(reference))}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** On the client's first page: copies that should be gone. */
export function OverdueCopies(props: {
  readonly frame: Frame;
  readonly overdue: number;
}): JSX.Element | null {
  const { say } = props.frame;
  if (props.overdue === 0) return null;
  return (
    <Notice kind="bad">
      <p>
        <span class="strong">{say(words.overdue(props.overdue))}</span>.{' '}
        <a href="/copies">{say(words.see)}</a>
      </p>
    </Notice>
  );
}

/** On the client's page of an access: the copies that left in it. */
export function CopiesLeft(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly copies: readonly CopyRow[];
}): JSX.Element | null {
  const { frame, zone, copies } = props;
  const { say } = frame;
  if (copies.length === 0) return null;
  const there = copies.filter(({ gone }) => gone === undefined);
  return (
    <section aria-labelledby="copies-left">
      <h2 id="copies-left">{say(words.left)}</h2>
      {there.length > 0 && <p class="lead">{say(stillThere(frame, zone, there))}</p>}
      <There frame={frame} zone={zone} rows={copies} caption={say(words.left)} accessAt={undefined} />
      <p class="actions">
        <a href="/copies">{say(words.title)}</a>
      </p>
    </section>
  );
}

/** Of at least one: how many, how much, and the last day of all. */
function stillThere({ language }: Frame, zone: string, rows: readonly CopyRow[]): Text {
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const until = Math.max(...rows.map(({ destroyBy }) => destroyBy));
  return words.story(rows.length, size(bytes, language), lastDay(until, zone, language));
}
