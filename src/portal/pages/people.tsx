/** The list of people who act for a client, the form that invites one, and what an invitation shows once. */
import type { JSX } from 'preact';
import type { ControllerRole, ControllerUser } from '../../core/model.ts';
import { instant } from '../formats.ts';
import { controllerRoleTexts } from '../texts/everywhere.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { FrameList, type FrameRow } from './frames.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, Table, Time } from './parts.tsx';

const words = texts.people;

export interface PersonRow {
  readonly person: ControllerUser;
  readonly alone: boolean;
  /** Why they may not be reached. */
  readonly notes: readonly string[];
  /** Undefined: named, not enrolled. */
  readonly seated:
    | { readonly at: number; readonly by: string; readonly grantsFrom: number | undefined }
    | undefined;
}

export interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly function: string;
  readonly role: string;
  /** May be empty. */
  readonly mail: string;
}

export function PeoplePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly rows: readonly PersonRow[];
  /** Whether whoever looks may invite and remove. */
  readonly may: boolean;
  /** The contract is over: no frame is given any more. */
  readonly over: boolean;
  readonly frames: readonly FrameRow[];
  /** Whoever looks: nobody confirms themselves. */
  readonly me: string;
  readonly form: NewPerson;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, rows, may, me, form, errors } = props;
  const { say } = frame;
  const headers = [words.name, words.job, words.role, words.way, words.since, ...(may ? [words.act] : [])];
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={headers.map(say)}
        rows={rows.map((row) => ({
          key: row.person.id,
          cells: [
            ...cellsOf(row, props),
            ...(may ? [<Acts key="acts" frame={frame} csrf={csrf} row={row} me={me} />] : []),
          ],
        }))}
      />
      {may && <InviteForm frame={frame} csrf={csrf} form={form} errors={errors} />}
      <FrameList frame={frame} csrf={csrf} rows={props.frames} may={may} mayGive={may && !props.over} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function cellsOf(
  { person, alone, notes, seated }: PersonRow,
  { frame, zone }: { readonly frame: Frame; readonly zone: string },
): readonly (JSX.Element | string)[] {
  const { say, language } = frame;
  const since =
    seated === undefined ? (
      say(words.notYet)
    ) : (
      <div>
        <Time at={seated.at} zone={zone} language={language} /> {seated.by}
        {seated.grantsFrom !== undefined && (
          <p class="quiet">{say(texts.controller.agreesFrom(instant(seated.grantsFrom, zone, language)))}</p>
        )}
      </div>
    );
  const way = say(alone ? words.passkey : words.account);
  const name =
    notes.length === 0 ? (
      person.name
    ) : (
      <div>
        {person.name}
        {notes.map((note) => (
          <p key={note} class="quiet">
            {note}
          </p>
        ))}
      </div>
    );
  return [name, person.function, say(controllerRoleTexts[person.role]), way, since];
}

function Acts(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly row: PersonRow;
  readonly me: string;
}): JSX.Element {
  const { frame, csrf, row, me } = props;
  const { say } = frame;
  return (
    <div class="actions">
      <form method="post" action="/people">
        <Csrf token={csrf} />
        <Hidden values={{ person: row.person.id }} />
        <button class="plain" type="submit">
          {say(row.seated === undefined ? words.invite : words.inviteAgain)}
        </button>
      </form>
      {row.seated?.grantsFrom !== undefined && row.person.id !== me && (
        <form method="post" action={`/people/${row.person.id}/confirm`}>
          <Csrf token={csrf} />
          <button class="plain" type="submit">
            {say(words.confirm)}
          </button>
        </form>
      )}
      {row.seated !== undefined && <a href={`/people/${row.person.id}/remove`}>{say(words.remove)}</a>}
    </div>
  );
}

const roles: readonly ControllerRole[] = ['representative', 'delegate', 'reader'];

function InviteForm(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly form: NewPerson;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, form, errors } = props;
  const { say } = frame;
  return (
    <form method="post" action="/people" class="panel stack">
      <h2>{say(words.newTitle)}</h2>
      <p>{say(words.newIntro)}</p>
      <Csrf token={csrf} />
      <Hidden values={{ id: form.id }} />
      <Input name="name" label={say(words.name)} value={form.name} errors={errors} maxLength={80} />
      <Input name="function" label={say(words.job)} value={form.function} errors={errors} maxLength={80} />
      <Input
        name="mail"
        label={say(words.mail)}
        hint={say(words.mailHint)}
        value={form.mail}
        errors={errors}
        maxLength={254}
      />
      <Radios
        name="role"
        legend={say(words.role)}
        errors={errors}
        offer={roles.map((id) => ({ id, label: say(controllerRoleTexts[id]) }))}
        chosen={form.role}
      />
      <button type="submit">{say(words.invite)}</button>
    </form>
  );
}

export function InvitedPage(props: {
  readonly frame: Frame;
  readonly name: string;
  readonly link: string;
  readonly code: string;
}): JSX.Element {
  const { frame, name, link, code } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.invited(name))}>
      <p class="lead">{say(words.invitedText)}</p>
      <h2>{say(words.link)}</h2>
      <pre class="paste" id="link">
        {link}
      </pre>
      <h2>{say(words.code)}</h2>
      <pre class="paste" id="code">
        {code}
      </pre>
      <p class="quiet">{say(words.newIntro)}</p>
      <p>
        <a href="/people">{say(words.toPeople)}</a>
      </p>
    </Layout>
  );
}

export function RemovePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly person: ControllerUser;
}): JSX.Element {
  const { frame, csrf, person } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.removeTitle(person.name))}>
      <p class="lead">{say(words.removeText)}</p>
      <form method="post" action={`/people/${person.id}/remove`} class="actions">
        <Csrf token={csrf} />
        <button type="submit" class="danger">
          {say(words.remove)}
        </button>
        <a href="/people">{say(texts.cancel)}</a>
      </form>
    </Layout>
  );
}
