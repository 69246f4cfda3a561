/** Contesting an agreement as unlawful: the form of the provider's staff, the client's answer, and what others see of it. */
import type { JSX } from 'preact';
import { contestOutcomes } from '../../core/contests.ts';
import type { Text } from '../../core/model.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { type Frame, Layout } from './layout.tsx';
import type { MatterCard } from './matters.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, State } from './parts.tsx';

const words = texts.contests;

export interface Choice {
  readonly id: string;
  readonly label: string;
}

export interface ContestFormProps {
  readonly frame: Frame;
  readonly csrf: string;
  /** A technician, whose list holds their own. */
  readonly own: boolean;
  readonly id: string;
  readonly clients: readonly Choice[];
  /** Undefined: one is chosen first. */
  readonly client: Choice | undefined;
  readonly grants: readonly Choice[];
  readonly instructions: readonly Choice[];
  readonly values: { readonly grant: string; readonly instruction: string; readonly ground: string };
  readonly errors: FieldErrors;
}

export function ContestFormPage(props: ContestFormProps): JSX.Element {
  const { frame, client, clients, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.formTitle)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.formIntro)}</p>
      <p>{say(words.formLimits)}</p>
      {clients.length === 0 && <p class="empty">{say(words.noClient)}</p>}
      {clients.length > 1 && <Clients {...props} />}
      {client !== undefined && <Contest {...props} client={client} />}
      <p class="actions">
        <a href="/matters">{say(props.own ? words.nav : texts.matters.nav)}</a>
      </p>
    </Layout>
  );
}

function Clients({ frame, clients, client }: ContestFormProps): JSX.Element {
  const { say } = frame;
  return (
    <form method="get" action="/contests/new" class="stack">
      <div class="field">
        <label for="client">{say(words.client)}</label>
        <select id="client" name="client">
          {clients.map(({ id, label }) => (
            <option key={id} value={id} selected={id === client?.id}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <p class="actions">
        <button type="submit" class="plain">
          {say(words.seeClient)}
        </button>
      </p>
    </form>
  );
}

function Contest(props: ContestFormProps & { readonly client: Choice }): JSX.Element {
  const { frame, csrf, client, errors, values } = props;
  const { say } = frame;
  if (props.grants.length === 0) return <p class="empty">{say(words.noAgreement)}</p>;
  return (
    <form method="post" action="/contests" class="panel stack" noValidate>
      <h2>{client.label}</h2>
      <Csrf token={csrf} />
      <Hidden values={{ id: props.id, client: client.id }} />
      <Radios
        name="grant"
        legend={say(words.agreement)}
        offer={props.grants}
        chosen={values.grant}
        errors={errors}
      />
      <Radios
        name="instruction"
        legend={say(words.instruction)}
        offer={[{ id: 'agreement', label: say(words.itself) }, ...props.instructions]}
        chosen={values.instruction}
        errors={errors}
      />
      <Input
        name="ground"
        label={say(words.ground)}
        hint={say(words.groundHint)}
        value={values.ground}
        errors={errors}
        maxLength={500}
        long
      />
      <button type="submit" class="danger">
        {say(words.send)}
      </button>
    </form>
  );
}

/** What is contested, as both sides read it. */
export interface ContestFacts {
  readonly agreement: string;
  /** The agreement's page, for the client's people. */
  readonly href: string | undefined;
  readonly what: string;
}

export function ContestedFacts({
  frame,
  facts,
}: {
  readonly frame: Frame;
  readonly facts: ContestFacts;
}): JSX.Element {
  const { say } = frame;
  return (
    <>
      <dt>{say(words.about)}</dt>
      <dd>{facts.href === undefined ? facts.agreement : <a href={facts.href}>{facts.agreement}</a>}</dd>
      <dt>{say(words.what)}</dt>
      <dd>{facts.what}</dd>
    </>
  );
}

/** How a representative answers. */
export function Decide(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly card: MatterCard;
  readonly token: string;
  readonly value: string;
  readonly decision: string;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, errors } = props;
  const { say } = frame;
  return (
    <form method="post" action={`/matters/${props.card.id}/close`} class="panel stack" noValidate>
      <h2>{say(words.decideTitle)}</h2>
      <p>{say(words.decideIntro)}</p>
      <Csrf token={props.csrf} />
      <Hidden values={{ key: props.token }} />
      <Radios
        name="decision"
        legend={say(words.decision)}
        errors={errors}
        offer={contestOutcomes.map((id) => ({
          id,
          label: say(words.choices[id].label),
          about: say(words.choices[id].about),
        }))}
        chosen={props.decision}
      />
      <Input
        name="outcome"
        label={say(words.reasons)}
        hint={say(words.reasonsHint)}
        value={props.value}
        errors={errors}
        maxLength={500}
        long
      />
      <button type="submit">{say(words.decide)}</button>
    </form>
  );
}

/** What was contested about one agreement, where it is shown or resumed. */
export interface ContestNote {
  readonly id: string;
  readonly who: string;
  readonly text: string;
  readonly state: Text;
  readonly open: boolean;
}

export function ContestNotes({
  frame,
  notes,
}: {
  readonly frame: Frame;
  readonly notes: readonly ContestNote[];
}): JSX.Element | null {
  const { say } = frame;
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="contested">
      <h2 id="contested">{say(words.resumeTitle)}</h2>
      <ul class="plainlist">
        {notes.map(({ id, who, text, state, open }) => (
          <li key={id} class="panel">
            <p class="strong">{who}</p>
            <p class="text">{text}</p>
            <p>
              <State kind={open ? 'bad' : 'calm'}>{say(state)}</State>
            </p>
            <p>
              <a href={`/matters/${id}`}>
                {say(words.see)}
                <span class="unseen"> – {who}</span>
              </a>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
