/** What was done in systems outside: the line, the form for it, and who still owes one. */
import type { JSX } from 'preact';
import type { Opening } from '../../core/model.ts';
import { endOf, isLate, longestSaid, sayingTime } from '../../core/outside.ts';
import { instant } from '../formats.ts';
import type { Saying, Unsaid } from '../outside.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Csrf, Input, Notice, State } from './parts.tsx';

const words = texts.outside;

/** On the technician's page of an access that is over. */
export function SaidOutside(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly now: number;
  readonly opening: Opening;
  readonly ended: boolean;
  readonly saying: Saying;
}): JSX.Element | null {
  const { frame, csrf, zone, now, opening, saying } = props;
  const { say, language } = frame;
  const { said } = opening;
  if (said === undefined || !props.ended) return null;
  const end = endOf(opening);
  if (said !== 'owed') {
    return (
      <section class="panel" aria-labelledby="done-outside">
        <h2 id="done-outside">{say(words.title)}</h2>
        <p class="text">{said.text}</p>
        <p class="quiet">
          {say(words.observed)}, {instant(said.at, zone, language)}{' '}
          {isLate(end, said.at) && <State kind="calm">{say(words.late)}</State>}
        </p>
      </section>
    );
  }
  const until = end + sayingTime.last;
  if (now > until) return <p class="notice bad">{say(words.missing)}</p>;
  return (
    <form method="post" action={`/openings/${opening.id}/said`} class="panel stack" noValidate>
      <h2>{say(words.title)}</h2>
      <p>{say(words.owed(instant(until, zone, language)))}</p>
      <Csrf token={csrf} />
      <SaidInput frame={frame} saying={saying} hint={say(words.hint)} />
      <p class="actions">
        <button type="submit">{say(words.submit)}</button>
      </p>
    </form>
  );
}

export function SaidInput(props: {
  readonly frame: Frame;
  readonly saying: Saying;
  readonly hint: string;
}): JSX.Element {
  const { frame, saying, hint } = props;
  return (
    <Input
      name="said"
      label={frame.say(words.label)}
      hint={hint}
      value={saying.text}
      errors={saying.errors}
      maxLength={longestSaid}
    />
  );
}

/** At the desk: lines that the person owes. */
export function OwedLines(props: {
  readonly frame: Frame;
  readonly owed: readonly (Unsaid & { readonly zone: string; readonly open: boolean })[];
}): JSX.Element | null {
  const { frame, owed } = props;
  const { say, language } = frame;
  if (owed.length === 0) return null;
  return (
    <Notice kind="bad">
      <p class="strong">{say(words.deskTitle)}</p>
      <ul>
        {owed.map(({ id, name, reference, until, zone, open }) => (
          <li key={id}>
            <a href={`/openings/${id}`}>
              {say(words.give)} – {reference}
            </a>{' '}
            ({name}). {say(open ? words.owed(instant(until, zone, language)) : words.missing)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** On the client's pages: accesses of which nobody has said what was done. */
export function UnsaidOutside(props: {
  readonly frame: Frame;
  readonly unsaid: readonly Unsaid[];
  readonly zone: string;
  readonly now: number;
}): JSX.Element | null {
  const { frame, unsaid, zone, now } = props;
  const { say, language } = frame;
  if (unsaid.length === 0) return null;
  return (
    <Notice kind={unsaid.some(({ until }) => until < now) ? 'bad' : 'calm'}>
      <p class="strong">{say(words.clientTitle)}</p>
      <ul>
        {unsaid.map(({ id, name, reference, until }) => (
          <li key={id}>
            <a href={`/history/${id}`}>{reference}</a> – {name}.{' '}
            {say(until < now ? words.clientMissing : words.clientOwed(instant(until, zone, language)))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
