/** Robots that were expected and did not come: a notice on first pages. */
import type { JSX } from 'preact';
import type { MissedRun } from '../missed-runs.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Notice } from './parts.tsx';

const words = texts.robots;

export function MissedRuns(props: {
  readonly frame: Frame;
  readonly missed: readonly MissedRun[];
  /** Names the client of each: for whoever sees several. */
  readonly across?: boolean;
}): JSX.Element | null {
  const { frame, missed, across = false } = props;
  const { say } = frame;
  if (missed.length === 0) return null;
  return (
    <Notice kind="bad">
      <p class="strong">{say(across ? words.missedAcross : words.missedTitle)}</p>
      <ul>
        {missed.map(({ key, client, system, sentence }) => (
          <li key={key}>
            {across && `${client}, `}
            {say(system)}: {say(sentence)}
          </li>
        ))}
      </ul>
      {!across && (
        <p>
          {say(words.missedNext)} <a href="/copies#runs">{say(words.runs.title)}</a>
        </p>
      )}
    </Notice>
  );
}
