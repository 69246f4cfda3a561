/** The client's first page: the verdict, what is worth a look, who is in now, what waits, what cannot be seen. */
import type { JSX } from 'preact';
import type { Verdict } from '../../core/verdict.ts';
import type { Timeline } from '../history-timeline.ts';
import type { StopNotice } from '../memory.ts';
import type { MissedRun } from '../missed-runs.ts';
import type { Unsaid } from '../outside.ts';
import { texts } from '../texts.ts';
import { type LateReference, LateReferences } from './activity.tsx';
import { type Alarm, Alarms } from './alarms.tsx';
import { OverdueCopies } from './copies-here.tsx';
import { type Frame, Layout } from './layout.tsx';
import { LiveState } from './live-state.tsx';
import { MissedRuns } from './missed-runs.tsx';
import { OpenNow, type OpenNowProps, StopResult } from './open-access.tsx';
import { UnsaidOutside } from './outside.tsx';
import { Notice, State, Time } from './parts.tsx';
import { Unnoted } from './reading.tsx';
import type { RequestCard } from './requests.tsx';
import { TimelineChart } from './timeline.tsx';
import { type Task, WaitingForYou } from './waiting.tsx';

const words = texts.now;

/** One thing that is worth a look. */
export interface LookLine {
  readonly key: string;
  readonly why: string;
  readonly href: string;
  readonly who: string;
  readonly purpose: string;
  readonly systems: string;
  readonly at: number;
}

export interface Overview {
  /** Undefined: nobody looked under this name before. */
  readonly since: string | undefined;
  readonly verdict: Verdict;
  readonly beyondEnd: number;
  /** A stop is in force that the log does not have yet. */
  readonly owed: boolean;
  /** Until when everything is counted; undefined: all of it is. */
  readonly behind: string | undefined;
  readonly looks: readonly LookLine[];
  readonly moreLooks: number;
  readonly absent: string | undefined;
}

export interface NowChart {
  readonly timeline: Timeline;
  purposeName(code: string): string;
}

export interface NowPanesProps extends OpenNowProps {
  readonly frame: Frame;
  readonly waiting: readonly RequestCard[];
  readonly tasks: readonly Task[];
  readonly alarms: readonly Alarm[];
}

/** That the contract is over, or ends soon. */
export interface EndingSoon {
  readonly text: string;
  /** It is over, and something is open. */
  readonly bad: boolean;
}

export interface NowProps {
  readonly frame: Frame;
  readonly client: string;
  readonly noted: boolean;
  readonly notice: StopNotice | undefined;
  /** Undefined: it cannot be read now. */
  readonly overview: Overview | undefined;
  readonly late: readonly LateReference[];
  readonly unsaid: readonly Unsaid[];
  readonly missed: readonly MissedRun[];
  /** Undefined: the contract goes on. */
  readonly ending: EndingSoon | undefined;
  /** How many copies are overdue. */
  readonly overdue: number;
  readonly panes: NowPanesProps;
  /** Undefined: it cannot be read now. */
  readonly chart: NowChart | undefined;
  /** What is to be said of other ways into the systems. */
  readonly doors: readonly string[];
  /** Names of systems that are outside. */
  readonly outside: string;
}

export function NowPage(props: NowProps): JSX.Element {
  const { frame, client, noted, notice, overview, panes, outside } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title(client))}>
      {notice !== undefined && <StopResult frame={frame} notice={notice} />}
      <Unnoted frame={frame} noted={noted} />
      <div class="first">
        {overview === undefined ? (
          <Notice kind="bad">
            <p>{say(words.unseen)}</p>
          </Notice>
        ) : (
          <VerdictSection frame={frame} overview={overview} />
        )}
        {overview !== undefined && overview.looks.length > 0 && (
          <Looks frame={frame} overview={overview} zone={panes.zone} />
        )}
        <div data-stream="/now/live" class="first">
          <NowPanes {...panes} />
        </div>
        {props.ending !== undefined && (
          <Notice kind={props.ending.bad ? 'bad' : 'calm'}>
            <p>
              <span class="strong">{props.ending.text}</span> <a href="/ending">{say(texts.endings.see)}</a>
            </p>
          </Notice>
        )}
        <MissedRuns frame={frame} missed={props.missed} />
        <OverdueCopies frame={frame} overdue={props.overdue} />
        <LateReferences frame={frame} late={props.late} zone={panes.zone} />
        <UnsaidOutside frame={frame} unsaid={props.unsaid} zone={panes.zone} now={panes.now} />
        <section aria-labelledby="blind" class="blind">
          <h2 id="blind">{say(words.blind)}</h2>
          {overview?.absent !== undefined && <p>{overview.absent}</p>}
          {outside !== '' && <p>{say(words.outside(outside))}</p>}
          {props.doors.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <p>{say(words.notHere)}</p>
        </section>
        {props.chart !== undefined && <TimelineChart frame={frame} values={{}} {...props.chart} />}
      </div>
      <LiveState frame={frame} />
      <p>
        <a href="/activity">{say(words.everyLine)}</a>
      </p>
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

/** What is refreshed while the page is open. */
export function NowPanes(props: NowPanesProps): JSX.Element {
  return (
    <>
      <Alarms frame={props.frame} alarms={props.alarms} />
      <OpenNow {...props} />
      <WaitingForYou frame={props.frame} cards={props.waiting} tasks={props.tasks} />
    </>
  );
}

function VerdictSection({
  frame,
  overview,
}: {
  readonly frame: Frame;
  readonly overview: Overview;
}): JSX.Element {
  const { say } = frame;
  const { since, verdict, beyondEnd, owed, behind } = overview;
  const calm = beyondEnd === 0 && verdict.unfinished === 0 && !owed;
  return (
    <section aria-labelledby="verdict" class={calm ? 'verdict good' : 'verdict bad'}>
      <h2 id="verdict">
        {say(since === undefined ? words.verdictFirst : words.verdict)}
        {since !== undefined && <span class="quiet"> {since}</span>}
      </h2>
      <p class="lead">
        {say(verdict.openings === 0 ? words.nobody : words.openings(verdict))}{' '}
        {beyondEnd > 0 && `${say(words.beyondEnd(beyondEnd))} `}
        {verdict.refused > 0 && `${say(words.refused(verdict.refused))} `}
        {say(verdict.worth === 0 ? words.nothingWorth : words.worth(verdict.worth))}
      </p>
      <p>
        {verdict.unfinished > 0
          ? say(words.unfinished(verdict.unfinished))
          : owed
            ? say(words.owed)
            : say(words.complete)}{' '}
        <a href="/verify">{say(words.prove)}</a>
      </p>
      {behind !== undefined && <p class="quiet">{say(words.behind(behind))}</p>}
    </section>
  );
}

function Looks(props: {
  readonly frame: Frame;
  readonly overview: Overview;
  readonly zone: string;
}): JSX.Element {
  const { frame, overview, zone } = props;
  const { say, language } = frame;
  return (
    <section aria-labelledby="look">
      <h2 id="look">{say(words.look)}</h2>
      <ul class="looks">
        {overview.looks.map((look) => (
          <li key={look.key}>
            <State kind="calm">{look.why}</State>
            <a href={look.href}>
              {look.who}, {look.purpose}, {look.systems}
            </a>
            <span class="quiet">
              <Time at={look.at} zone={zone} language={language} />
            </span>
          </li>
        ))}
      </ul>
      {overview.moreLooks > 0 && (
        <p>
          <a href="/history">{say(words.lookMore(overview.moreLooks))}</a>
        </p>
      )}
    </section>
  );
}
