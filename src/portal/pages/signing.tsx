/** The page of the client's own rule on how many sign. */
import type { JSX } from 'preact';
import type { StopNotice } from '../memory.ts';
import type { Ways } from '../signatures.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Notice } from './parts.tsx';
import { SignForms } from './sign-forms.tsx';

const words = texts.signing;

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
          <SignForms {...props} textHash={offered.textHash} to="/signing" />
        </section>
      )}
      <p class="actions">
        <a href="/agreements">{say(texts.back)}</a>
      </p>
    </Layout>
  );
}
