/** Drills as pages show them: the button, a running one with Stop, and those of a period. Always marked as a test. */
import type { JSX } from 'preact';
import { type Drill, isRunning } from '../../core/drills.ts';
import type { Language } from '../../core/model.ts';
import { duration, hour, rfc3339 } from '../formats.ts';
import type { Say } from '../language.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Csrf, State, Time } from './parts.tsx';

const words = texts.drills;

/** A drill, and what whoever asked for it is called. */
export interface NamedDrill extends Drill {
  readonly name: string | undefined;
}

/** What a piece of a page needs to speak and to act. */
interface Panes {
  readonly say: Say;
  readonly language: Language;
  readonly zone: string;
  readonly csrf: string;
}

/** Tests that a page lists at most. */
const most = 20;

/** The button that begins one. */
export function TryIt({ say, csrf }: Pick<Panes, 'say' | 'csrf'>): JSX.Element {
  return (
    <form method="post" action="/drill" class="row">
      <Csrf token={csrf} />
      <p class="quiet">{say(words.tryHint)}</p>
      <button type="submit" class="plain" id="drill">
        {say(words.try)}
      </button>
    </form>
  );
}

/** One that runs, as an access would stand here. */
export function DrillTile({
  panes,
  drill,
}: {
  readonly panes: Panes;
  readonly drill: NamedDrill;
}): JSX.Element {
  const { say, language, zone, csrf } = panes;
  return (
    <li class="tile">
      <div class="row">
        <div>
          <h3>{say(words.tile)}</h3>
          <State kind="calm">{say(words.test)}</State>
        </div>
        <form method="post" action="/stop">
          <Csrf token={csrf} />
          <input type="hidden" name="opening" value={drill.id} />
          <button type="submit" class="danger" id={`stop-${drill.id}`}>
            {say(words.stopTest)}
          </button>
        </form>
      </div>
      <p>
        <time dateTime={rfc3339(drill.at)}>{hour(drill.at, zone, language)}</time>.{' '}
        {say(words.askedBy(drill.name ?? say(words.somebody)))}{' '}
        {say(words.ends(hour(drill.until, zone, language)))}
      </p>
    </li>
  );
}

/** Those of a period. */
export function DrillList(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly now: number;
  readonly drills: readonly NamedDrill[];
}): JSX.Element | null {
  const { frame, zone, now, drills } = props;
  const { say, language } = frame;
  if (drills.length === 0) return null;
  const how = (drill: Drill): string => {
    if (drill.stoppedAt !== undefined)
      return say(words.ranFor(duration(drill.stoppedAt - drill.at, language)));
    return say(isRunning(drill, now) ? words.running : words.ranOut);
  };
  return (
    <section aria-labelledby="tests">
      <h2 id="tests">{say(words.title)}</h2>
      <p class="quiet">{say(words.intro)}</p>
      <ul>
        {drills.slice(0, most).map((drill) => (
          <li key={drill.id}>
            <State kind="calm">{say(words.test)}</State>{' '}
            <Time at={drill.at} zone={zone} language={language} />: {how(drill)}.{' '}
            {say(words.askedBy(drill.name ?? say(words.somebody)))}
          </li>
        ))}
      </ul>
      {drills.length > most && <p>{say(words.more(drills.length - most))}</p>}
    </section>
  );
}
