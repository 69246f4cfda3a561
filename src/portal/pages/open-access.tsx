/** Who is in now, with Stop, and what a stop did. */
import type { JSX } from 'preact';
import type { Language } from '../../core/model.ts';
import { duration, hour, milliseconds, rfc3339, size } from '../formats.ts';
import type { Say } from '../language.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import { CutFacts } from './cut-facts.tsx';
import { DrillTile, type NamedDrill, TryIt } from './drill.tsx';
import type { Frame } from './layout.tsx';
import { Csrf, Notice, State } from './parts.tsx';

const words = texts.controller;

export interface OpenAccess {
  readonly id: string;
  readonly name: string;
  readonly function: string;
  readonly purpose: string;
  readonly reference: string;
  readonly note: string;
  readonly systems: string;
  readonly since: number;
  readonly until: number;
  /** It was declared an emergency. */
  readonly emergency: boolean;
  /** Stopped here, but not yet recorded. */
  readonly blocked: boolean;
  readonly running: readonly {
    readonly id: string;
    readonly what: string;
    readonly up: number;
    readonly down: number;
  }[];
}

export interface OpenNowProps {
  readonly say: Say;
  readonly language: Language;
  readonly zone: string;
  readonly now: number;
  readonly csrf: string;
  readonly open: readonly OpenAccess[];
  /** Tests that run. */
  readonly drills: readonly NamedDrill[];
}

export function OpenNow(props: OpenNowProps): JSX.Element {
  const { say, open, drills, csrf } = props;
  return (
    <section aria-labelledby="open-now">
      <h2 id="open-now">{say(words.openNow)}</h2>
      {open.length === 0 && <p class="empty">{say(words.nobody)}</p>}
      {open.length + drills.length > 0 && (
        <>
          <ul class="tiles wide">
            {drills.map((drill) => (
              <DrillTile key={drill.id} panes={props} drill={drill} />
            ))}
            {open.map((access) => (
              <OpenTile key={access.id} panes={props} access={access} />
            ))}
          </ul>
          <form method="post" action="/stop" class="row">
            <Csrf token={csrf} />
            <input type="hidden" name="opening" value="all" />
            <p class="quiet">{say(words.stopAllHint)}</p>
            <button type="submit" class="danger" id="stop-all">
              {say(words.stopAll)}
            </button>
          </form>
        </>
      )}
      <TryIt say={say} csrf={csrf} />
    </section>
  );
}

function OpenTile({
  panes,
  access,
}: {
  readonly panes: OpenNowProps;
  readonly access: OpenAccess;
}): JSX.Element {
  const { say, language, zone, now, csrf } = panes;
  return (
    <li class="tile">
      <div class="row">
        <div>
          <h3>{access.name}</h3>
          <p class="quiet">{access.function}</p>
          {access.emergency && <State kind="bad">{say(texts.emergencies.tag)}</State>}
        </div>
        {access.blocked ? (
          <State kind="bad">{say(words.blocked)}</State>
        ) : (
          <form method="post" action="/stop">
            <Csrf token={csrf} />
            <input type="hidden" name="opening" value={access.id} />
            <button
              type="submit"
              class="danger"
              id={`stop-${access.id}`}
              aria-label={say(words.stopNamed(access.name, access.reference))}
            >
              {say(words.stop)}
            </button>
          </form>
        )}
      </div>
      <dl class="facts">
        <dt>{say(words.purpose)}</dt>
        <dd>{access.purpose}</dd>
        <dt>{say(words.reference)}</dt>
        <dd>{access.reference}</dd>
        {access.note !== '' && (
          <>
            <dt>{say(words.note)}</dt>
            <dd class="text">{access.note}</dd>
          </>
        )}
        <dt>{say(words.systems)}</dt>
        <dd>{access.systems}</dd>
        <dt>{say(words.since)}</dt>
        <dd>
          <time dateTime={rfc3339(access.since)}>{hour(access.since, zone, language)}</time>
        </dd>
        <dt>{say(words.until)}</dt>
        <dd>
          <time dateTime={rfc3339(access.until)}>{hour(access.until, zone, language)}</time>{' '}
          <span class="quiet">({duration(access.until - now, language)})</span>
        </dd>
      </dl>
      {access.running.length === 0 ? (
        <p class="quiet">{say(words.idle)}</p>
      ) : (
        <ul class="running">
          {access.running.map((exchange) => (
            <li key={exchange.id}>
              <State kind="good">{say(words.running)}</State> <code>{exchange.what}</code>{' '}
              {say(words.bytesDown(size(exchange.down, language)))}
              {exchange.up > 0 && `, ${say(words.bytesUp(size(exchange.up, language)))}`}
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={`/activity?session=${access.id}`}>{say(words.onlyThis)}</a>
      </p>
    </li>
  );
}

export function StopResult({
  frame,
  notice,
}: {
  readonly frame: Frame;
  readonly notice: StopNotice;
}): JSX.Element {
  const { say } = frame;
  if (notice.kind === 'seated' || notice.kind === 'declined') {
    return (
      <Notice kind="good">
        <p>{say(notice.kind === 'seated' ? words.seatDone : texts.proposals.declined)}</p>
      </Notice>
    );
  }
  if (notice.kind === 'drill-began' || notice.kind === 'drill-stopped') {
    const { beganNotice, stoppedNotice } = texts.drills;
    const took = milliseconds(notice.cutMs, frame.language);
    return (
      <Notice kind="good">
        <p class="strong">{say(notice.kind === 'drill-began' ? beganNotice : stoppedNotice(took))}</p>
      </Notice>
    );
  }
  const nothing = notice.openings === 0 && notice.exchanges === 0;
  return (
    <Notice kind={notice.recorded ? 'good' : 'bad'}>
      <p class="strong">{say(nothing ? words.nothingToStop : words.stopped(notice.openings))}</p>
      {!nothing && <CutFacts frame={frame} notice={notice} />}
    </Notice>
  );
}
