/** The declaration: why, on which systems, under which reference, for how long; and what the client permits. */
import { Fragment, type JSX } from 'preact';
import type { OtherPurpose } from '../other-purposes.ts';
import { texts } from '../texts.ts';
import { CallWhom, type Contacts } from './call-whom.tsx';
import { DeclaredInputs } from './declared-inputs.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Others } from './open-acts.tsx';
import { Csrf, ErrorSummary, type FieldErrors, firstField, Group, Hidden, Notice } from './parts.tsx';

const words = texts.technician;

export interface DeclareChoice {
  readonly code: string;
  readonly label: string;
  readonly description: string;
  readonly operations: string;
  readonly minutes: number;
  /** True when at least one system would be served. */
  readonly possible: boolean;
  /** True when the system asked for would be. */
  readonly possibleHere: boolean;
  /** When it may be used and how its reference looks, where that is restricted. */
  readonly rules: readonly string[];
  /** Everything that stands in the way, and on which systems; what to do next, if nothing is left. */
  readonly refused: readonly { readonly system: string; readonly why: string; readonly next: string }[];
  /** Where to sign in again, when nothing else stands in the way. */
  readonly again: string | undefined;
  /** Where to ask the client, when an agreement is what is missing. */
  readonly ask: string | undefined;
  /** What may be said of an emergency, and whether one may be declared now; undefined: nothing. */
  readonly emergency: { readonly text: string; readonly open: boolean } | undefined;
}

export interface DeclareProps {
  readonly frame: Frame;
  readonly client: string;
  readonly csrf: string;
  readonly carried: Readonly<Record<string, string>>;
  readonly systems: readonly {
    readonly id: string;
    readonly name: string;
    readonly test: boolean;
    readonly asked: boolean;
  }[];
  readonly choices: readonly DeclareChoice[];
  /** Why nothing can be declared, when that lies in the person alone; no form then. */
  readonly barred: Barred | undefined;
  readonly agreements: readonly { readonly id: string; readonly text: string }[];
  /** Where to ask the client for an agreement. */
  readonly ask: string;
  /** Where an agreement or instruction is contested as unlawful. */
  readonly contest: string;
  readonly instructions: readonly { readonly id: string; readonly text: string }[];
  readonly callWhom: Contacts;
  /** That the review of an earlier emergency is late. */
  readonly overdue: string | undefined;
  /** The version of the client's own instructions that is to be confirmed; undefined: none. */
  readonly own: { readonly hash: string; readonly version: number; readonly confirmed: boolean } | undefined;
  /** What is open on the system asked for, with what else it could go on for under its reference. */
  readonly continuing: readonly {
    readonly id: string;
    readonly text: string;
    readonly others: readonly OtherPurpose[];
  }[];
  readonly values: {
    readonly systems: readonly string[];
    readonly purpose: string;
    readonly reference: string;
    readonly note: string;
    readonly minutes: string;
    readonly call: boolean;
    readonly emergency: boolean;
  };
  /** Whether some purpose takes a reference that stands for a ticket yet to come. */
  readonly call: boolean;
  readonly errors: FieldErrors;
  /** A second reference on the same system that is to be confirmed first. */
  readonly second: { readonly value: string; readonly others: readonly string[] } | undefined;
  /** A refusal or fault that belongs to no field. */
  readonly problem?: Problem | undefined;
}

export interface Problem {
  readonly title: string;
  readonly next: string;
  /** Where to sign in again, when that is what to do. */
  readonly again?: string | undefined;
}

export interface Barred extends Problem {
  /** What else stands in the way of everything. */
  readonly more: readonly Problem[];
}

export function DeclarePage(props: DeclareProps): JSX.Element {
  const { frame, errors, barred } = props;
  const problem = props.problem ?? barred;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.declareTitle(props.client))}>
      {problem !== undefined && <ProblemNotice problem={problem} frame={frame} />}
      {barred?.more.map((more) => (
        <ProblemNotice key={more.title} problem={more} frame={frame} />
      ))}
      <ErrorSummary errors={errors} say={say} />
      <Continuing {...props} />
      {barred === undefined && <p class="lead">{say(words.declareIntro)}</p>}
      <div class="split">
        {barred === undefined && <DeclareForm {...props} />}
        <aside>
          <Aside {...props} />
        </aside>
      </div>
    </Layout>
  );
}

function ProblemNotice({
  problem,
  frame,
}: {
  readonly problem: Problem;
  readonly frame: Frame;
}): JSX.Element {
  return (
    <Notice kind="bad">
      <p class="strong">{problem.title}</p>
      <p>{problem.next}</p>
      {problem.again !== undefined && (
        <p class="actions">
          <a href={problem.again}>{frame.say(words.signInAgain)}</a>
        </p>
      )}
    </Notice>
  );
}

function Continuing({ frame, continuing, csrf, carried }: DeclareProps): JSX.Element | null {
  const { say } = frame;
  if (continuing.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="continue">
      <h2 id="continue">{say(words.continueTitle)}</h2>
      {continuing.map((opening) => (
        <Fragment key={opening.id}>
          <form method="post" action="/continue" class="row">
            <Csrf token={csrf} />
            <Hidden values={{ ...carried, opening: opening.id }} />
            <p>{opening.text}</p>
            <button type="submit">{say(words.continue)}</button>
          </form>
          <Others frame={frame} csrf={csrf} opening={opening} carried={carried} />
        </Fragment>
      ))}
      <p class="quiet">{say(words.orNew)}</p>
    </section>
  );
}

function DeclareForm(props: DeclareProps): JSX.Element {
  const { frame, csrf, carried, systems, choices, values, errors } = props;
  const { say } = frame;
  return (
    <form method="post" action="/declare" class="stack" noValidate>
      <Csrf token={csrf} />
      <Hidden values={carried} />
      <Group name="systems" legend={say(words.systems)} errors={errors}>
        {systems.map((system) => (
          <label key={system.id} class="choice">
            <input
              type="checkbox"
              name="systems"
              value={system.id}
              checked={values.systems.includes(system.id)}
            />
            <span>
              {system.name} {system.test && <span class="tag">{say(words.test)}</span>}
              {system.asked && <span class="quiet"> – {say(words.asked)}</span>}
            </span>
          </label>
        ))}
      </Group>
      <Group name="purpose" legend={say(words.purpose)} errors={errors}>
        {choices.map((choice) => (
          <Choice key={choice.code} frame={frame} choice={choice} checked={values.purpose === choice.code} />
        ))}
      </Group>
      <DeclaredInputs
        frame={frame}
        values={values}
        errors={errors}
        note={{ label: say(words.note), hint: say(words.noteHint) }}
        minutesHint={say(words.minutesHint)}
        call={props.call ? values.call : undefined}
        first={firstOf(props)}
      />
      <SecondReference {...props} />
      <EmergencyTick {...props} />
      <Confirm {...props} />
      {props.instructions.length > 0 && <p class="quiet">{say(words.acknowledge)}</p>}
      <p class="actions">
        <button type="submit" {...(firstOf(props) === 'submit' ? firstField : {})}>
          {say(words.submit)}
        </button>
      </p>
    </form>
  );
}

/** Where the keyboard starts: what is still to be typed, or the button when nothing is. */
function firstOf({ values, choices, errors }: DeclareProps): 'reference' | 'submit' | undefined {
  const chosen = choices.find(({ code, possible }) => possible && code === values.purpose);
  if (chosen === undefined || errors.size > 0) return undefined;
  return values.reference === '' ? 'reference' : 'submit';
}

/** Two cases at once on one system: ticked, not typed twice. */
function SecondReference({ frame, second, errors }: DeclareProps): JSX.Element | null {
  if (second === undefined) return null;
  const { say } = frame;
  return (
    <Group name="second" legend={say(texts.desk.secondLegend)} errors={errors}>
      <ul>
        {second.others.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <label class="choice">
        <input type="checkbox" name="second" value={second.value} />
        <span>
          {say(texts.desk.secondConfirm)}
          <span class="hint">{say(texts.desk.secondHint)}</span>
        </span>
      </label>
    </Group>
  );
}

/** Offered where some purpose would be permitted by it alone; what was ticked is shown again. */
function EmergencyTick(props: DeclareProps): JSX.Element | null {
  const { frame, choices, values, overdue } = props;
  const { say } = frame;
  if (!values.emergency && !choices.some(({ emergency }) => emergency?.open === true)) return null;
  return (
    <fieldset>
      <legend>{say(texts.emergencies.declareLegend)}</legend>
      {overdue !== undefined && <p class="notice bad">{overdue}</p>}
      <label class="choice">
        <input type="checkbox" name="emergency" value="yes" checked={values.emergency} />
        <span>
          {say(texts.emergencies.declare)}
          <span class="hint">{say(texts.emergencies.declareHint)}</span>
        </span>
      </label>
    </fieldset>
  );
}

/** Confirmed once per version and sign-in; shown each time. */
function Confirm({ frame, own, errors }: DeclareProps): JSX.Element | null {
  if (own === undefined) return null;
  if (own.confirmed && !errors.has('confirmed'))
    return <input type="hidden" name="confirmed" value={own.hash} />;
  return (
    <Group name="confirmed" legend={frame.say(texts.instructions.confirmLegend)} errors={errors}>
      <label class="choice">
        <input type="checkbox" name="confirmed" value={own.hash} />
        <span>{frame.say(texts.instructions.confirm(own.version))}</span>
      </label>
    </Group>
  );
}

function Choice(props: {
  readonly frame: Frame;
  readonly choice: DeclareChoice;
  readonly checked: boolean;
}): JSX.Element {
  const { frame, choice, checked } = props;
  const { say } = frame;
  const possible = choice.possible || choice.emergency?.open === true;
  return (
    <label class={possible ? 'choice' : 'choice off'}>
      <input
        type="radio"
        name="purpose"
        value={choice.code}
        checked={checked && possible}
        disabled={!possible}
        aria-describedby={`about-${choice.code}`}
      />
      <span>
        <span class="strong">{choice.label}</span>
        <span class="hint" id={`about-${choice.code}`}>
          {choice.description} {say(words.permits(choice.operations))} {say(words.atMost(choice.minutes))}
          {choice.rules.map((rule) => ` ${rule}`)}
          {choice.refused.map((refusal) => (
            <span key={refusal.system} class="refused">
              {say(words.notHere(refusal.system))} {refusal.why}. {refusal.next}
            </span>
          ))}
          {choice.emergency !== undefined && <span class="refused">{choice.emergency.text}</span>}
          {choice.again !== undefined && (
            <span class="refused">
              <a href={choice.again}>{say(words.signInAgain)}</a>
            </span>
          )}
          {choice.ask !== undefined && (
            <span class="refused">
              <a href={choice.ask}>
                {say(texts.requests.ask)}
                <span class="unseen"> – {choice.label}</span>
              </a>
            </span>
          )}
        </span>
      </span>
    </label>
  );
}

function Aside({
  frame,
  instructions,
  agreements,
  ask,
  contest,
  barred,
  callWhom,
}: DeclareProps): JSX.Element {
  const { say } = frame;
  return (
    <>
      {instructions.length > 0 && (
        <section class="panel" aria-labelledby="instructions">
          <h2 id="instructions">{say(words.instructions)}</h2>
          <ul>
            {instructions.map((instruction) => (
              <li key={instruction.id}>{instruction.text}</li>
            ))}
          </ul>
        </section>
      )}
      <section class="panel" aria-labelledby="agreements">
        <h2 id="agreements">{say(words.agreements)}</h2>
        {agreements.length === 0 ? (
          <p>{say(words.noAgreement)}</p>
        ) : (
          <ul>
            {agreements.map((agreement) => (
              <li key={agreement.id}>{agreement.text}</li>
            ))}
          </ul>
        )}
        <p class="actions">
          <a href={contest}>{say(texts.contests.link)}</a>
        </p>
        {barred === undefined && (
          <>
            <p class="quiet">{say(texts.requests.askHint)}</p>
            <p class="actions">
              <a href={ask}>{say(texts.requests.ask)}</a>
            </p>
            <CallWhom frame={frame} callWhom={callWhom} />
          </>
        )}
      </section>
    </>
  );
}
