/** A page that is one form: what is wrong, what it is for, its fields, the way on and the way out. */
import type { ComponentChildren, JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors } from './parts.tsx';

export function FormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly title: Text;
  readonly intro: Text;
  /** Where the form is sent. */
  readonly action: string;
  readonly errors: FieldErrors;
  /** What the button says. */
  readonly submit: Text;
  /** Where whoever cancels goes. */
  readonly cancel: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { frame, csrf, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(props.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(props.intro)}</p>
      <form method="post" action={props.action} class="stack" noValidate>
        <Csrf token={csrf} />
        {props.children}
        <p class="actions">
          <button type="submit">{say(props.submit)}</button>
          <a href={props.cancel}>{say(texts.cancel)}</a>
        </p>
      </form>
    </Layout>
  );
}
