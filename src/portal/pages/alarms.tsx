/** What every user of the client is to see first: somebody came in as an emergency, and nobody has reviewed it. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Notice } from './parts.tsx';

const words = texts.emergencies;

export interface Alarm {
  readonly href: string;
  readonly text: string;
  readonly due: string;
}

export function Alarms(props: { readonly frame: Frame; readonly alarms: readonly Alarm[] }): JSX.Element {
  const { frame, alarms } = props;
  return (
    <>
      {alarms.map((alarm) => (
        <Notice key={alarm.href} kind="bad">
          <p class="strong">{frame.say(words.told)}</p>
          <p>
            {alarm.text} {alarm.due}
          </p>
          <p class="actions">
            <a href={alarm.href}>
              {frame.say(words.look)}
              <span class="unseen"> – {alarm.text}</span>
            </a>
          </p>
        </Notice>
      ))}
    </>
  );
}
