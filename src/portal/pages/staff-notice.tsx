/** The page that tells staff what is recorded of their work. */
import type { JSX } from 'preact';
import type { StaffNotice } from '../../core/staff-notice.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, Hidden } from './parts.tsx';

const words = texts.staffNotice;

export function StaffNoticePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly notice: StaffNotice;
  readonly back: string;
  /** Whether whoever looks confirmed it already. */
  readonly read: boolean;
}): JSX.Element {
  const { frame, csrf, notice, back, read } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      {(['recorded', 'readers', 'kept', 'rights'] as const).map((part) => (
        <section key={part}>
          <h2>{say(words.parts[part])}</h2>
          <p class="text">{say(notice[part])}</p>
        </section>
      ))}
      <p class="quiet">{say(words.version(notice.version))}</p>
      {read ? (
        <p>{say(words.done)}</p>
      ) : (
        <form method="post" action="/staff-notice" class="actions">
          <Csrf token={csrf} />
          <Hidden values={{ version: notice.version, back }} />
          <button type="submit">{say(words.confirm)}</button>
        </form>
      )}
    </Layout>
  );
}
