/** The last step before a signature: the whole text, the ways to sign it, and the way back to its form. */
import type { ComponentChildren, JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import type { Ready } from '../signatures.ts';
import { texts } from '../texts.ts';
import { FullText } from './agreements.tsx';
import { type Frame, Layout } from './layout.tsx';
import { SignForms, type SignsAt } from './sign-forms.tsx';

export function SignPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly title: Text;
  readonly intro: Text;
  readonly ready: Ready;
  readonly to: SignsAt;
  readonly brief?: boolean;
  /** Where something can still be changed. */
  readonly change: string;
  /** Where nothing was begun. */
  readonly cancel: string;
  /** What is to be seen before the text. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { frame, csrf, ready, to, brief = false } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(props.title)}>
      <p class="lead">{say(props.intro)}</p>
      {props.children}
      <FullText frame={frame} {...ready} />
      <SignForms frame={frame} csrf={csrf} textHash={ready.textHash} ways={ready} to={to} brief={brief} />
      <p class="actions">
        <a href={props.change}>{say(texts.agreements.change)}</a>
        <a href={props.cancel}>{say(texts.cancel)}</a>
      </p>
    </Layout>
  );
}
