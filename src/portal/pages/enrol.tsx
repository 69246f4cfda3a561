/** The pages of whoever was invited: the code, then who they will be and the passkey. Made for a phone. */
import type { JSX } from 'preact';
import type { ControllerUser, Text } from '../../core/model.ts';
import { controllerRoleTexts } from '../texts/everywhere.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { type NewApp, SetUpApp } from './mail-sign-in.tsx';
import { Csrf, ErrorSummary, Input, Notice } from './parts.tsx';
import { PasskeyForm } from './passkey-form.tsx';
import { CodesToCome } from './recovery.tsx';

const words = texts.enrolment;

/** The first page names nobody: a link alone tells nothing. Its script takes the link's secret out of the address. */
export function EnrolPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly link: string;
  readonly error: Text | undefined;
}): JSX.Element {
  const { frame, csrf, link, error } = props;
  const { say } = frame;
  const errors = new Map(error === undefined ? [] : [['code', say(error)] as const]);
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.intro)}</p>
      <form method="post" action="/enrol" class="panel stack">
        <Csrf token={csrf} />
        <input type="hidden" name="link" value={link} data-link />
        <p class="notice bad" role="alert" data-no-link hidden>
          {say(words.needsLink)}
        </p>
        <Input
          name="code"
          label={say(words.code)}
          hint={say(words.codeHint)}
          value=""
          errors={errors}
          maxLength={40}
        />
        <button type="submit">{say(words.next)}</button>
      </form>
    </Layout>
  );
}

/** `signIn`: where the person must sign in first; undefined: the passkey can be made now. `app`: what they have instead of one. */
export function WelcomePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly nominee: ControllerUser;
  readonly client: string;
  readonly byClient: boolean;
  readonly signIn: string | undefined;
  readonly app: NewApp | undefined;
}): JSX.Element {
  const { frame, csrf, nominee, client, byClient, signIn, app } = props;
  const { say } = frame;
  const facts: readonly (readonly [Text, string])[] = [
    [words.you, `${nominee.name}, ${nominee.function}`],
    [words.role, say(controllerRoleTexts[nominee.role])],
    [words.authority, nominee.authority],
    [words.invitedBy, say(byClient ? words.byClient : words.byProvider(frame.imprint.organisation))],
  ];
  return (
    <Layout frame={frame} title={say(words.welcome(client))}>
      <dl class="facts">
        {facts.map(([term, value]) => (
          <div key={term.en}>
            <dt>{say(term)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{say(words.notYou)}</p>
      {app !== undefined ? (
        <SetUpApp frame={frame} csrf={csrf} action="/enrol/code" app={app} />
      ) : signIn === undefined ? (
        <PasskeyForm frame={frame} ceremony="enrol" csrf={csrf} act={say(words.create)}>
          <p>{say(words.passkeyWhy)}</p>
        </PasskeyForm>
      ) : (
        <Notice kind="calm">
          <p>{say(words.signInFirst)}</p>
          <p class="actions">
            <a class="button" href={signIn}>
              {say(words.signIn)}
            </a>
          </p>
        </Notice>
      )}
      <CodesToCome frame={frame} />
    </Layout>
  );
}
