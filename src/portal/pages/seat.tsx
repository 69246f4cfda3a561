/** The passkeys one has, and one more; or what to do for whoever was only named. */
import type { JSX } from 'preact';
import type { Seat } from '../../core/commands.ts';
import { instant } from '../formats.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, Notice } from './parts.tsx';
import { PasskeyForm } from './passkey-form.tsx';

const words = texts.controller;

const methodTexts = {
  passkey: words.seatPasskey,
  'evaluation-key': words.seatEvaluation,
  'mail-totp': texts.mailSignIn.seat,
} as const;

export function SeatPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly seats: readonly Pick<Seat, 'id' | 'method' | 'seatedAt'>[];
  /** What was just done, for which there is a sentence here. */
  readonly done: string | undefined;
  /** Whether this person signs in with a passkey alone, and so needs a way back without one. */
  readonly alone: boolean;
  /** Whether they sign in by mail and code, and have no passkey. */
  readonly byMail: boolean;
}): JSX.Element {
  const { frame, csrf, zone, seats, done, alone, byMail } = props;
  const { say, language } = frame;
  const enrolled = seats.length > 0;
  return (
    <Layout frame={frame} title={say(enrolled ? words.seatMine : words.seatTitle)}>
      {(done === 'seated' || done === 'returned') && (
        <Notice kind="good">
          <p>{say(done === 'seated' ? words.seatDone : texts.recovery.returned)}</p>
        </Notice>
      )}
      <p class="lead">
        {say(!enrolled ? words.seatIntro : byMail ? texts.mailSignIn.seatText : words.seatAdd)}
      </p>
      {enrolled && (
        <ul>
          {seats.map((seat) => (
            <li key={seat.id}>
              {say(methodTexts[seat.method])} {say(words.seatSince(instant(seat.seatedAt, zone, language)))}
            </li>
          ))}
        </ul>
      )}
      {enrolled && !byMail && (
        <PasskeyForm frame={frame} ceremony="seat" csrf={csrf} act={say(words.seatCreate)} />
      )}
      {enrolled && alone && (
        <form method="post" action="/seat/codes" class="panel stack">
          <h2>{say(texts.recovery.codesTitle)}</h2>
          <p>{say(texts.recovery.section)}</p>
          <Csrf token={csrf} />
          <button class="plain" type="submit">
            {say(texts.recovery.renew)}
          </button>
        </form>
      )}
    </Layout>
  );
}
