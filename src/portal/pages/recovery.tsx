/** The pages of recovery codes: the codes themselves, the form that takes one, and the new passkey. Made for a phone. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { type NewApp, SetUpApp } from './mail-sign-in.tsx';
import { Csrf, ErrorSummary, Input } from './parts.tsx';
import { PasskeyForm } from './passkey-form.tsx';

const words = texts.recovery;

/** Codes that were just made. */
export function CodesPage(props: { readonly frame: Frame; readonly codes: readonly string[] }): JSX.Element {
  const { frame, codes } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.codesTitle)}>
      <p class="lead">{say(words.codesText)}</p>
      <ol class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p class="actions">
        <a class="button" href="/seat">
          {say(words.noted)}
        </a>
      </p>
    </Layout>
  );
}

/** Where `passkey.js` writes the codes that come with a new passkey. */
export function CodesToCome({ frame: { say } }: { readonly frame: Frame }): JSX.Element {
  return (
    <section class="panel" data-codes hidden tabIndex={-1}>
      <h2>{say(words.codesTitle)}</h2>
      <p>{say(words.codesText)}</p>
      <ol class="codes" data-code-list />
      <p class="actions">
        <a class="button" href="/seat" data-onward>
          {say(words.noted)}
        </a>
      </p>
    </section>
  );
}

export function RecoverPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly wrong: boolean;
}): JSX.Element {
  const { frame, csrf, wrong } = props;
  const { say } = frame;
  const errors = new Map(wrong ? [['code', say(words.wrong)] as const] : []);
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.intro)}</p>
      <form method="post" action="/recover" class="panel stack">
        <Csrf token={csrf} />
        <Input
          name="code"
          label={say(words.code)}
          hint={say(words.hint)}
          value=""
          errors={errors}
          maxLength={40}
        />
        <button type="submit">{say(texts.enrolment.next)}</button>
      </form>
      <p class="quiet">{say(words.noCode)}</p>
    </Layout>
  );
}

export function ReturnPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly name: string;
  readonly client: string;
  /** What they have instead of a passkey. */
  readonly app: NewApp | undefined;
}): JSX.Element {
  const { frame, csrf, name, client, app } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.welcome(name, client))}>
      <p class="lead">{say(app === undefined ? words.what : words.whatApp)}</p>
      <ul>
        {(app === undefined ? words.effects : words.effectsApp).map((effect) => (
          <li key={effect.en}>{say(effect)}</li>
        ))}
      </ul>
      {app === undefined ? (
        <PasskeyForm frame={frame} ceremony="recover" csrf={csrf} act={say(words.create)} />
      ) : (
        <SetUpApp frame={frame} csrf={csrf} action="/recover/code" app={app} />
      )}
    </Layout>
  );
}
