/** A page that says what went wrong, under which code, and what to do next. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

export interface ProblemProps {
  readonly frame: Frame;
  readonly title: string;
  readonly next: string;
  readonly code: string;
  readonly requestId: string;
}

export function ProblemPage({ frame, title, next, code, requestId }: ProblemProps): JSX.Element {
  const { say } = frame;
  return (
    <Layout frame={frame} title={title}>
      <p>{next}</p>
      <dl class="facts quiet">
        <dt>{say(texts.code)}</dt>
        <dd>
          <code>{code}</code>
        </dd>
        <dt>{say(texts.requestId)}</dt>
        <dd>
          <code>{requestId}</code>
        </dd>
      </dl>
      <p>
        <a href="/">{say(texts.nav.home)}</a>
      </p>
    </Layout>
  );
}
