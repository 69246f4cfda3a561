/** Signing a machine in by the code that it shows: the form, what the machine says of itself, and what came of it. */
import type { JSX } from 'preact';
import { type CommandLine, printUserCode } from '../../core/command-line.ts';
import type { Asking } from '../command-line/device-codes.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Group, Hidden, Input, Table, Time } from './parts.tsx';

const words = texts.commandLine;

interface Common {
  readonly frame: Frame;
  readonly csrf: string;
  readonly errors: FieldErrors;
}

export function DevicePage(
  props: Common & { readonly code: string; readonly machines: readonly CommandLine[] },
): JSX.Element {
  const { frame, csrf, errors, machines } = props;
  const { say, language } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.intro)}</p>
      <Warning frame={frame} />
      <form method="post" action="/device" class="panel stack" noValidate>
        <Csrf token={csrf} />
        <Input
          name="code"
          label={say(words.code)}
          hint={say(words.codeHint)}
          value={props.code}
          errors={errors}
          maxLength={20}
          first
        />
        <p class="actions">
          <button type="submit">{say(words.look)}</button>
        </p>
      </form>
      <h2>{say(words.listTitle)}</h2>
      {machines.length > 0 && <p>{say(words.endHint)}</p>}
      <Table
        caption={say(words.listTitle)}
        headers={[words.machine, words.address, words.since, words.used, words.end].map(say)}
        none={say(words.none)}
        rows={machines.map(({ hash, name, address, madeAt, usedAt }) => ({
          key: hash,
          cells: [
            name,
            address,
            <Time key="since" at={madeAt} zone={frame.imprint.zone} language={language} />,
            <Time key="used" at={usedAt} zone={frame.imprint.zone} language={language} />,
            <form key="end" method="post" action="/device/end">
              <Csrf token={csrf} />
              <Hidden values={{ session: hash }} />
              <button class="plain" type="submit">
                {say(words.end)}
                <span class="unseen"> – {name}</span>
              </button>
            </form>,
          ],
        }))}
      />
    </Layout>
  );
}

/** The known attack is a code that somebody else began: it is said before and while anything is confirmed. */
function Warning({ frame: { say } }: { readonly frame: Frame }): JSX.Element {
  return (
    <div class="notice bad">
      <p class="strong">{say(words.warningTitle)}</p>
      <p>{say(words.warning)}</p>
    </div>
  );
}

export function MachinePage(
  props: Common & { readonly machine: Asking; readonly here: string },
): JSX.Element {
  const { frame, csrf, errors, machine, here } = props;
  const { say, language } = frame;
  const { userCode, name, address, askedAt } = machine;
  return (
    <Layout frame={frame} title={say(words.askTitle)}>
      <ErrorSummary errors={errors} say={say} />
      <Warning frame={frame} />
      <dl class="facts">
        <dt>{say(words.shown)}</dt>
        <dd class="strong">{printUserCode(userCode)}</dd>
        <dt>{say(words.machine)}</dt>
        <dd>{name}</dd>
        <dt>{say(words.address)}</dt>
        <dd>{address === '' ? say(texts.none) : address}</dd>
        <dt>{say(words.yours)}</dt>
        <dd>{here === '' ? say(texts.none) : here}</dd>
        <dt>{say(words.asked)}</dt>
        <dd>
          <Time at={askedAt} zone={frame.imprint.zone} language={language} />
        </dd>
      </dl>
      {address !== here && <p class="notice bad">{say(words.elsewhere)}</p>}
      <form method="post" action="/device/confirm" class="panel stack">
        <Csrf token={csrf} />
        <Hidden values={{ code: userCode }} />
        <Group name="own" legend={say(words.askTitle)} errors={errors}>
          <label class="choice">
            <input type="checkbox" name="own" value="yes" />
            <span>{say(words.own)}</span>
          </label>
        </Group>
        <p class="actions">
          <button type="submit" name="answer" value="yes">
            {say(words.yes)}
          </button>
          <button class="plain" type="submit" name="answer" value="no">
            {say(words.no)}
          </button>
        </p>
      </form>
    </Layout>
  );
}

export function DeviceDonePage(props: {
  readonly frame: Frame;
  readonly name: string;
  readonly yes: boolean;
}): JSX.Element {
  const { frame, name, yes } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(yes ? words.doneTitle : words.refusedTitle)}>
      <p class="strong">{name}</p>
      <p class="lead">{say(yes ? words.done : words.refused)}</p>
      <p>
        <a href="/device">{say(words.title)}</a>
      </p>
    </Layout>
  );
}
