/** The form that connects a tool to an access, and the credential that is shown once. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf } from './parts.tsx';

const words = texts.tools;

export function ToolForm(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly opening: string;
}): JSX.Element {
  const { say } = props.frame;
  return (
    <form method="post" action={`/openings/${props.opening}/tools`} class="panel stack">
      <h2>{say(words.title)}</h2>
      <p>{say(words.intro)}</p>
      <Csrf token={props.csrf} />
      <p class="actions">
        <button type="submit">{say(words.submit)}</button>
      </p>
    </form>
  );
}

export function ToolPage(props: {
  readonly frame: Frame;
  readonly opening: string;
  readonly secret: string;
  readonly until: string;
  /** Of the first system of the access. */
  readonly address: string;
}): JSX.Element {
  const { frame, secret, address } = props;
  const { say } = frame;
  const own = say(words.credential);
  return (
    <Layout frame={frame} title={say(words.shownTitle)}>
      <p class="lead">{say(words.shown(props.until))}</p>
      <pre class="paste" id="token">
        {secret}
      </pre>
      <p>{say(words.careful)}</p>
      <h2>{say(words.waysTitle)}</h2>
      <p>{say(words.ways.header)}</p>
      <pre class="paste">{`curl -H 'Consentry-Access: ${own}' ${address}/`}</pre>
      <p>{say(words.ways.bearer)}</p>
      <pre class="paste">{`curl -H 'Authorization: Bearer ${own}' ${address}/`}</pre>
      <p>{say(words.ways.basic)}</p>
      <pre class="paste">{`curl -u any:${own} ${address}/`}</pre>
      <p>
        <a href={`/openings/${props.opening}`}>{say(words.back)}</a>
      </p>
    </Layout>
  );
}
