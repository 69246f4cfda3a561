/** Further signatures: the form under a text that is signed already once, and the page of the client's own rule. */
import type { JSX } from 'preact';
import type { StopNotice } from '../memory.ts';
import type { Ways } from '../signatures.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { AgreeByCode } from './mail-sign-in.tsx';
import { Csrf, Notice } from './parts.tsx';
import { PasskeyForm } from './passkey-form.tsx';

const words = texts.signing;

/** Signs the very text that stands above. */
export function SignForms(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly textHash: string;
  readonly ways: Ways;
}): JSX.Element {
  const { frame, csrf, textHash, ways } = props;
  const { say } = frame;
  return (
    <>
      {ways.passkey && (
        <PasskeyForm frame={frame} ceremony="further" csrf={csrf} act={say(texts.agreements.sign)}>
          <input type="hidden" name="textHash" value={textHash} />
        </PasskeyForm>
      )}
      {ways.evaluation && (
        <form method="post" action="/signing" class="panel">
          <Csrf token={csrf} />
          <input type="hidden" name="textHash" value={textHash} />
          <input type="hidden" name="evaluation" value="1" />
          <p>{say(texts.agreements.signEvaluationHint)}</p>
          <button type="submit">{say(texts.agreements.signEvaluation)}</button>
        </form>
      )}
      {ways.code !== undefined && (
        <AgreeByCode frame={frame} csrf={csrf} to="/signing" textHash={textHash} {...ways.code} />
      )}
      {!ways.passkey && ways.code === undefined && (
        <p>
          <a href="/seat">{say(texts.agreements.errors.noPasskey)}</a>
        </p>
      )}
    </>
  );
}

const done = {
  'rule-on': words.ruleSet,
  'rule-first': words.ruleFirst,
  'rule-off': words.ruleOff,
} as const;

export function RulePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly notice: StopNotice['kind'] | undefined;
  readonly two: boolean;
  /** Nobody else could sign. */
  readonly lonely: boolean;
  readonly may: boolean;
  readonly first: { readonly name: string; readonly until: string; readonly mine: boolean } | undefined;
  readonly offered: { readonly sentences: readonly string[]; readonly textHash: string } | undefined;
  readonly ways: Ways;
}): JSX.Element {
  const { frame, notice, two, first, offered } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      {notice !== undefined && notice in done && (
        <Notice kind="good">
          <p>{say(done[notice as keyof typeof done])}</p>
        </Notice>
      )}
      <p class="lead">{say(two ? words.twoNow : words.oneNow)}</p>
      {first !== undefined && <p>{say(words.firstSigned(first.name, first.until))}</p>}
      {first?.mine === true && <p>{say(words.signedAlready)}</p>}
      {!props.may && <p class="quiet">{say(words.onlyRepresentative)}</p>}
      {props.may && props.lonely && (
        <p>
          <a href="/people">{say(words.needTwo)}</a>
        </p>
      )}
      {offered !== undefined && (
        <section aria-labelledby="rule">
          <h2 id="rule">{say(two ? words.offTitle : words.onTitle)}</h2>
          <div class="panel document">
            {offered.sentences.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
          </div>
          <dl class="facts">
            <dt>{say(texts.agreements.hash)}</dt>
            <dd>
              <code>{offered.textHash}</code>
            </dd>
          </dl>
          <SignForms {...props} textHash={offered.textHash} />
        </section>
      )}
      <p class="actions">
        <a href="/agreements">{say(texts.back)}</a>
      </p>
    </Layout>
  );
}
