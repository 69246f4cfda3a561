/** Pages and forms of people who sign in by mail and code. All of them work without a script. */
import type { JSX } from 'preact';
import { encode } from 'uqr';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, Notice } from './parts.tsx';

const words = texts.mailSignIn;

export function AskMailPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  /** Where they wanted to go. */
  readonly wanted: string;
}): JSX.Element {
  const { frame, csrf, wanted } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <form method="post" action="/sign-in-by-mail" class="panel stack">
        <Csrf token={csrf} />
        <Hidden values={{ return: wanted }} />
        <Input name="address" label={say(words.address)} value="" errors={new Map()} maxLength={254} />
        <button type="submit">{say(words.send)}</button>
      </form>
    </Layout>
  );
}

/** `mailed`: what the mail's link filled in. */
export function MailCodePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly mailed: string;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, mailed, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.codeTitle)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.codeIntro)}</p>
      <form method="post" action="/sign-in-by-mail/code" class="panel stack">
        <Csrf token={csrf} />
        <Input
          name="mailed"
          label={say(words.mailed)}
          hint={say(words.mailedHint)}
          value={mailed}
          errors={errors}
          maxLength={40}
        />
        <AppCode frame={frame} errors={errors} />
        <button type="submit">{say(words.signIn)}</button>
      </form>
      <p class="actions">
        <a href="/sign-in-by-mail">{say(words.again)}</a>
      </p>
    </Layout>
  );
}

function AppCode(props: { readonly frame: Frame; readonly errors: FieldErrors }): JSX.Element {
  const { frame, errors } = props;
  return (
    <Input
      name="code"
      label={frame.say(words.code)}
      hint={frame.say(words.codeHint)}
      value=""
      errors={errors}
      maxLength={12}
    />
  );
}

/** What an app is to be set up with. */
export interface NewApp {
  readonly secret: string;
  /** The address that an app takes it from. */
  readonly address: string;
  readonly wrong: boolean;
}

/** Shows the key and asks for one code of it. `action`: where the form goes. */
export function SetUpApp(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly action: string;
  readonly app: NewApp;
}): JSX.Element {
  const { frame, csrf, action, app } = props;
  const { say } = frame;
  const errors = new Map(app.wrong ? [['code', say(words.refused.code_wrong)] as const] : []);
  return (
    <section class="stack" aria-labelledby="set-up">
      <h2 id="set-up">{say(words.setUp)}</h2>
      <ErrorSummary errors={errors} say={say} />
      <p>{say(words.setUpText)}</p>
      <Notice kind="calm">
        <p>{say(words.weaker)}</p>
      </Notice>
      <Qr text={app.address} label={say(words.picture)} />
      <dl class="facts">
        <div>
          <dt>{say(words.key)}</dt>
          <dd>
            <code>{(app.secret.match(/.{4}/g) ?? []).join(' ')}</code>
          </dd>
        </div>
      </dl>
      <p>
        <a href={app.address}>{say(words.openApp)}</a>
      </p>
      <form method="post" action={action} class="panel stack">
        <Csrf token={csrf} />
        <AppCode frame={frame} errors={errors} />
        <button type="submit">{say(words.finish)}</button>
      </form>
    </section>
  );
}

/** Modules of quiet around it, as readers want them, and pixels of a module. */
const border = 4;
const side = 4;

/** Dark on light in every colour scheme, because that is what readers read. */
function Qr({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { data, size } = encode(text, { ecc: 'M', border });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      role="img"
      aria-label={label}
      width={size * side}
      height={size * side}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Agrees to the very text that stands above, by the app's code. `to`: where such texts go. */
export function AgreeByCode(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly to: string;
  readonly textHash: string;
  /** The client's file accepts it. */
  readonly accepted: boolean;
}): JSX.Element {
  const { frame, csrf, to, textHash, accepted } = props;
  const { say } = frame;
  if (!accepted) {
    return (
      <Notice kind="bad">
        <p>{say(words.notAccepted)}</p>
      </Notice>
    );
  }
  return (
    <form method="post" action={to} class="panel stack">
      <Csrf token={csrf} />
      <Hidden values={{ textHash }} />
      <p>{say(words.agreeText)}</p>
      <AppCode frame={frame} errors={new Map()} />
      <button type="submit">{say(words.agree)}</button>
    </form>
  );
}
