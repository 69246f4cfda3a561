/** What the provider proposes: the contact's form and list, and the page on which the client answers. */
import type { JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import { type Proposal, type ProposalStatus, robotsNamed } from '../../core/proposals.ts';
import type { AgreementForm, AgreementOffer } from '../agreement-form.ts';
import type { Foresight } from '../foresight.ts';
import { duration, instant } from '../formats.ts';
import { texts } from '../texts.ts';
import { RobotBoxes, ScopeBoxes } from './agreement-form.tsx';
import { Boxes, Radios } from './choices.tsx';
import { ContractOver } from './contract-over.tsx';
import { Foreseen } from './foreseen.tsx';
import { type Frame, Layout } from './layout.tsx';
import { type MatterCard, MattersWaiting } from './matters.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, Notice, State } from './parts.tsx';

const words = texts.proposals;
const agreed = texts.agreements;

function StateOf(props: {
  readonly frame: Frame;
  readonly status: ProposalStatus;
  readonly leftMs: number;
}): JSX.Element {
  const { say, language } = props.frame;
  const kind = props.status === 'accepted' ? 'good' : props.status === 'declined' ? 'bad' : 'calm';
  return (
    <>
      <State kind={kind}>{say(words.states[props.status])}</State>{' '}
      {props.status === 'waiting' && (
        <span class="quiet">{say(words.lapses(duration(props.leftMs, language)))}</span>
      )}
    </>
  );
}

export interface ProposingProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly id: string;
  readonly clients: readonly { readonly id: string; readonly label: string }[];
  readonly client: { readonly id: string; readonly name: string; readonly zone: string } | undefined;
  readonly templates: readonly { readonly id: string; readonly label: string; readonly about: string }[];
  readonly template: string;
  readonly errors: FieldErrors;
  readonly made: boolean;
  /** What clients asked and wait for. */
  readonly matters: readonly MatterCard[];
  readonly proposals: readonly {
    readonly id: string;
    readonly label: string;
    readonly status: ProposalStatus;
    readonly by: string;
    readonly proposedAt: number;
    readonly leftMs: number;
  }[];
}

export function ProposingPage(props: ProposingProps): JSX.Element {
  const { frame, client, errors, templates } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.makeTitle)}>
      <ErrorSummary errors={errors} say={say} />
      {props.made && client !== undefined && (
        <Notice kind="good">
          <p>{say(words.made(client.name))}</p>
        </Notice>
      )}
      <MattersWaiting frame={frame} cards={props.matters} />
      <p class="lead">{say(words.makeIntro)}</p>
      <form method="get" action="/proposals" class="stack">
        <Clients {...props} />
        <p class="actions">
          <button type="submit" class="plain">
            {say(words.seeClient)}
          </button>
        </p>
      </form>
      {templates.length === 0 && <p class="empty">{say(words.noTemplates)}</p>}
      {templates.length > 0 && client !== undefined && (
        <form method="post" action="/proposals" class="panel stack" noValidate>
          <Csrf token={props.csrf} />
          <Hidden values={{ id: props.id, client: client.id }} />
          <Radios
            name="template"
            legend={`${say(words.template)} – ${client.name}`}
            errors={errors}
            offer={templates}
            chosen={props.template}
          />
          <button type="submit">{say(words.send)}</button>
        </form>
      )}
      {client !== undefined && <Made {...props} client={client} />}
    </Layout>
  );
}

function Clients({ frame, clients, client, errors }: ProposingProps): JSX.Element {
  const error = errors.get('client');
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for="client">{frame.say(words.client)}</label>
      {error !== undefined && (
        <p class="error" id="client-error">
          {error}
        </p>
      )}
      <select id="client" name="client">
        {clients.map(({ id, label }) => (
          <option key={id} value={id} selected={id === client?.id}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Made(props: ProposingProps & { readonly client: { readonly name: string; readonly zone: string } }) {
  const { frame, client, proposals } = props;
  const { say, language } = frame;
  return (
    <section aria-labelledby="made">
      <h2 id="made">{say(words.madeBefore(client.name))}</h2>
      {proposals.length === 0 ? (
        <p class="empty">{say(words.none)}</p>
      ) : (
        <ul class="tiles wide">
          {proposals.map((one) => (
            <li key={one.id} class="tile">
              <h3>{one.label}</h3>
              <p>
                <StateOf frame={frame} status={one.status} leftMs={one.leftMs} />
              </p>
              <p class="quiet">
                {say(words.proposedBy(one.by, instant(one.proposedAt, client.zone, language)))}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export interface ProposalProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly label: Text;
  readonly about: string;
  readonly by: string;
  readonly proposal: Proposal;
  readonly status: ProposalStatus;
  readonly leftMs: number;
  readonly offer: AgreementOffer;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
  /** That the contract is over; undefined: it goes on. */
  readonly over: string | undefined;
  /** The reader may answer it now. */
  readonly may: boolean;
  /** What signing all of it would let happen; undefined: it cannot be signed any more. */
  readonly foresight: Foresight | undefined;
}

export function ProposalPage(props: ProposalProps): JSX.Element {
  const { frame, proposal, status, over, errors } = props;
  const { say, language } = frame;
  return (
    <Layout frame={frame} title={say(words.title(props.label))}>
      <ContractOver frame={frame} over={over} />
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{props.about}</p>
      <p>
        <StateOf frame={frame} status={status} leftMs={props.leftMs} />
        <span class="quiet block">
          {say(words.proposedBy(props.by, instant(proposal.proposedAt, props.zone, language)))}
        </span>
      </p>
      {status === 'waiting' && over === undefined && (
        <p>{say(props.may ? words.intro : words.onlyRepresentative)}</p>
      )}
      <Lines {...props} />
      {props.foresight !== undefined && <Foreseen frame={frame} foresight={props.foresight} />}
      {props.may && (
        <form method="post" action={`/proposals/${proposal.id}/decline`} class="actions">
          <Csrf token={props.csrf} />
          <button type="submit" class="danger">
            {say(words.decline)}
          </button>
        </form>
      )}
      <p class="actions">
        <a href="/activity">{say(texts.back)}</a>
        {proposal.grant !== undefined && <a href={`/agreements/${proposal.grant}`}>{say(words.see)}</a>}
      </p>
    </Layout>
  );
}

/** Each line with its tick, as proposed or as sent before. Who may not answer reads them and can change nothing. */
function Lines(props: ProposalProps): JSX.Element {
  const { frame, csrf, proposal, offer, form, errors } = props;
  const { say } = frame;
  const robots = robotsNamed(proposal.people);
  const named = proposal.people.filter((who) => who !== 'assigned' && !robots.includes(who));
  return (
    <form method="post" action={`/proposals/${proposal.id}/agree`} class="panel stack" noValidate>
      <Csrf token={csrf} />
      <fieldset class="bare stack" disabled={!props.may}>
        <ScopeBoxes frame={frame} offer={offer} form={form} errors={errors} />
        {proposal.people.includes('assigned') ? (
          <p>
            {say(agreed.people)}: {say(agreed.assigned)}
            <Hidden values={{ who: 'assigned' }} />
          </p>
        ) : (
          named.length > 0 && (
            <Boxes
              name="people"
              legend={say(agreed.people)}
              errors={errors}
              offer={offer.people}
              chosen={form.people}
            />
          )
        )}
        {robots.length > 0 && <RobotBoxes frame={frame} offer={offer} form={form} errors={errors} />}
        <Limits {...props} />
        <Input
          name="until"
          type="date"
          label={say(words.until)}
          hint={say(words.untilHint)}
          value={form.until}
          errors={errors}
        />
        {props.may && <button type="submit">{say(words.read)}</button>}
      </fieldset>
    </form>
  );
}

function Limits({ frame, proposal, form, errors }: ProposalProps): JSX.Element {
  const { say } = frame;
  const { budgets } = texts;
  const { budget, onceMinutes } = proposal;
  const limits = [
    ['budgetOpenings', budgets.openings, budget?.openings],
    ['budgetMinutes', budgets.minutes, budget?.minutes],
    ['budgetMegabytes', budgets.megabytes, inMegabytes(budget?.bytes)],
    ['budgetCopies', budgets.copies, budget?.copies],
    ['budgetCopiedMegabytes', budgets.copiedMegabytes, inMegabytes(budget?.copied)],
  ] as const;
  return (
    <>
      {onceMinutes !== undefined && (
        <Input
          name="onceMinutes"
          type="number"
          min={1}
          max={onceMinutes}
          label={say(words.once)}
          hint={say(words.lower)}
          value={form.onceMinutes}
          errors={errors}
        />
      )}
      {errors.has('budgetPer') && (
        <p class="error" id="budgetPer">
          {errors.get('budgetPer')}
        </p>
      )}
      {budget !== undefined &&
        limits.map(
          ([name, label, most]) =>
            most !== undefined && (
              <Input
                key={name}
                name={name}
                type="number"
                min={1}
                max={most}
                label={say(words.limit(label, budgets.periods[budget.per]))}
                hint={say(words.lower)}
                value={form[name]}
                errors={errors}
              />
            ),
        )}
      {budget?.keep !== undefined && (
        <Input
          name="budgetKeepDays"
          type="number"
          min={1}
          max={budget.keep}
          label={say(budgets.keepDays)}
          hint={say(words.lower)}
          value={form.budgetKeepDays}
          errors={errors}
        />
      )}
    </>
  );
}

function inMegabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1e6;
}
