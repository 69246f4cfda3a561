/** The webhooks of a client as a part of the connections page, the form that adds one, and the secret that is shown once. */
import type { JSX } from 'preact';
import { type Hook, hookEvents } from '../../core/hooks.ts';
import { texts } from '../texts.ts';
import { Boxes } from './choices.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, type FieldErrors, Input, State, Table, Time } from './parts.tsx';

const words = texts.hooks;

export interface NewHook {
  readonly address: string;
  readonly events: readonly string[];
}

export interface HookRow {
  readonly hook: Hook;
  readonly owner: string;
  readonly live: boolean;
  readonly takenAt: number | undefined;
  /** Why messages are not taken, in words; undefined: they are, or none was sent yet. */
  readonly trouble: string | undefined;
  readonly mayRemove: boolean;
}

export interface HooksProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly rows: readonly HookRow[];
  readonly mayAdd: boolean;
  readonly form: NewHook;
  readonly errors: FieldErrors;
}

export function Hooks(props: HooksProps): JSX.Element {
  const { frame, rows, mayAdd } = props;
  const { say } = frame;
  const headers = [words.where, words.told, words.by, words.added, words.taken, words.state];
  return (
    <section aria-labelledby="webhooks">
      <h2 id="webhooks">{say(words.title)}</h2>
      <p>{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={headers.map(say)}
        none={say(words.none)}
        rows={rows.map((row) => ({ key: row.hook.id, cells: cellsOf(row, props) }))}
      />
      {mayAdd && <Form {...props} />}
    </section>
  );
}

function cellsOf(row: HookRow, { frame, zone, csrf }: HooksProps): readonly (JSX.Element | string | null)[] {
  const { say, language } = frame;
  const { hook, owner, live, takenAt, trouble } = row;
  const kind = live ? (trouble === undefined ? 'good' : 'bad') : 'calm';
  return [
    hook.origin,
    hook.events.map((one) => say(words.event[one])).join(', '),
    owner,
    <Time key="added" at={hook.addedAt} zone={zone} language={language} />,
    takenAt === undefined ? null : <Time key="taken" at={takenAt} zone={zone} language={language} />,
    <div key="state">
      <State kind={kind}>{trouble ?? say(live ? words.live : words.over)}</State>
      {row.mayRemove && (
        <form method="post" action={`/connections/hooks/${hook.id}/remove`}>
          <Csrf token={csrf} />
          <button class="plain" type="submit">
            {say(words.remove)}
            <span class="unseen"> – {hook.origin}</span>
          </button>
        </form>
      )}
    </div>,
  ];
}

function Form({ frame, csrf, form, errors }: HooksProps): JSX.Element {
  const { say } = frame;
  return (
    <form method="post" action="/connections/hooks" class="panel stack" noValidate>
      <h3>{say(words.newTitle)}</h3>
      <Csrf token={csrf} />
      <Input
        name="address"
        label={say(words.addressLabel)}
        hint={say(words.addressHint)}
        value={form.address}
        errors={errors}
        maxLength={500}
      />
      <Boxes
        name="events"
        legend={say(words.told)}
        errors={errors}
        offer={hookEvents.map((id) => ({ id, label: say(words.event[id]) }))}
        chosen={form.events}
      />
      <button type="submit">{say(words.add)}</button>
    </form>
  );
}

export function HookSecretPage(props: {
  readonly frame: Frame;
  readonly origin: string;
  readonly secret: string;
}): JSX.Element {
  const { frame, origin, secret } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.secretTitle)}>
      <p class="lead">{say(words.secret)}</p>
      <h2>{origin}</h2>
      <pre class="paste" id="secret">
        {secret}
      </pre>
      <p>
        <a href="/connections">{say(words.back)}</a>
      </p>
    </Layout>
  );
}
