/** The ways in which whoever looks can sign the very text that stands above. */
import type { JSX } from 'preact';
import type { Ways } from '../signatures.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { AgreeByCode } from './mail-sign-in.tsx';
import { Csrf, Hidden } from './parts.tsx';
import { PasskeyForm } from './passkey-form.tsx';

const words = texts.agreements;

/** Where what is signed goes. */
export type SignsAt = '/agreements/sign' | '/instructions/sign' | '/ending/sign' | '/signing';

export function SignForms(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly textHash: string;
  readonly ways: Ways;
  readonly to: SignsAt;
  /** In evaluation only the button. */
  readonly brief?: boolean;
}): JSX.Element {
  const { frame, csrf, textHash, ways, to, brief = false } = props;
  const { say } = frame;
  return (
    <>
      {ways.passkey && (
        <PasskeyForm frame={frame} ceremony="sign" to={to} csrf={csrf} act={say(words.sign)}>
          <Hidden values={{ textHash }} />
        </PasskeyForm>
      )}
      {ways.evaluation && (
        <form method="post" action={to} class="panel">
          <Csrf token={csrf} />
          <Hidden values={{ textHash, evaluation: '1' }} />
          {!brief && <p>{say(words.signEvaluationHint)}</p>}
          <button type="submit">{say(words.signEvaluation)}</button>
        </form>
      )}
      {ways.code !== undefined && (
        <AgreeByCode frame={frame} csrf={csrf} to={to} textHash={textHash} {...ways.code} />
      )}
      {!ways.passkey && !(brief && ways.evaluation) && ways.code === undefined && (
        <p>
          <a href="/seat">{say(words.errors.noPasskey)}</a>
        </p>
      )}
    </>
  );
}
