/** The companion page of one access: what was declared, how long it still lasts, close it now. */
import type { JSX } from 'preact';
import type { Opening } from '../../core/model.ts';
import { duration, rfc3339 } from '../formats.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, Notice, State, Time } from './parts.tsx';

const words = texts.technician;

export interface OpeningProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly client: string;
  readonly zone: string;
  readonly now: number;
  readonly opening: Opening;
  readonly purpose: string;
  readonly systems: readonly { readonly name: string; readonly address: string | undefined }[];
  readonly ended: boolean;
  readonly cause: string | undefined;
  readonly notice: StopNotice | undefined;
}

export function OpeningPage(props: OpeningProps): JSX.Element {
  const { frame, opening, zone, ended, notice, csrf } = props;
  const { say, language } = frame;
  return (
    <Layout frame={frame} title={say(words.openingTitle)}>
      {notice !== undefined && (
        <Notice kind={notice.recorded ? 'good' : 'bad'}>
          <p>{say(notice.recorded ? words.closed : words.closedUnrecorded)}</p>
        </Notice>
      )}
      <p class="lead">
        {ended ? (
          <State kind="calm">{say(words.openingEnded)}</State>
        ) : (
          <>
            <State kind="good">{say(words.openingLive)}</State>{' '}
            <span data-until={rfc3339(opening.endsAt)} data-now={rfc3339(props.now)}>
              {say(words.openingLeft(duration(opening.endsAt - props.now, language)))}
            </span>
          </>
        )}{' '}
        {props.cause}
      </p>
      <dl class="facts">
        <dt>{say(words.client)}</dt>
        <dd>{props.client}</dd>
        <dt>{say(words.systems)}</dt>
        <dd>
          <ul class="plainlist">
            {props.systems.map((system) => (
              <li key={system.name}>
                {ended || system.address === undefined ? (
                  system.name
                ) : (
                  <a href={system.address}>{system.name}</a>
                )}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{say(words.purpose)}</dt>
        <dd>{props.purpose}</dd>
        <dt>{say(words.reference)}</dt>
        <dd>{opening.reference}</dd>
        {opening.note !== '' && (
          <>
            <dt>{say(words.note)}</dt>
            <dd class="text">{opening.note}</dd>
          </>
        )}
        <dt>{say(words.opened)}</dt>
        <dd>
          <Time at={opening.openedAt} zone={zone} language={language} />
        </dd>
        <dt>{say(words.ends)}</dt>
        <dd>
          <Time at={opening.endedAt ?? opening.endsAt} zone={zone} language={language} />
        </dd>
      </dl>
      {!ended && (
        <form method="post" action={`/openings/${opening.id}/close`} class="actions">
          <Csrf token={csrf} />
          <button type="submit" class="danger">
            {say(words.close)}
          </button>
        </form>
      )}
    </Layout>
  );
}
