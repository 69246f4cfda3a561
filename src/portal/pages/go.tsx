/**
 * The page between portal and system. A form that redirected straight to another origin would be blocked by our own
 * content policy, so the browser stops here and moves on by itself, or by the link. A fragment that the browser carried here
 * is known to it alone: the script hands it on.
 */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

const words = texts.technician;

export function GoPage(props: {
  readonly frame: Frame;
  readonly system: string;
  readonly address: string;
  readonly opening: string;
}): JSX.Element {
  const { frame, system, address, opening } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.goTitle(system))} onward={address} scripted>
      <p class="lead" role="status">
        {say(words.goText)}
      </p>
      <p class="actions">
        <a class="button" href={address} data-go>
          {say(words.goLink)}
        </a>
        <a href={`/openings/${opening}`}>{say(words.companion)}</a>
      </p>
    </Layout>
  );
}
