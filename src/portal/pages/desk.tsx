/** The technician's first page: search, what is open, what was used last, what waits, and everything they are assigned to. */
import type { ComponentProps, JSX } from 'preact';
import { duration, rfc3339 } from '../formats.ts';
import type { OwedCopies } from '../keeping-copies.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import { OwedCopiesNotice } from './copies-here.tsx';
import { type Frame, Layout } from './layout.tsx';
import { MoreMinutes, Others } from './open-acts.tsx';
import { Told } from './opening.tsx';
import { OwedLines } from './outside.tsx';
import { Csrf, firstField, Hidden, State } from './parts.tsx';
import { type SystemsClient, SystemsList } from './systems.tsx';

const words = texts.desk;
const { technician } = texts;

/** A system that was found or used lately. */
export interface DeskHit {
  readonly key: string;
  readonly client: string;
  readonly name: string;
  readonly test: boolean;
  /** Straight into the system while something is open, else to the declaration. */
  readonly href: string;
  readonly declare: string;
  /** What is open there; undefined: nothing. */
  readonly open: string | undefined;
  /** The purposes that could be declared, or empty. */
  readonly may: string;
  /** What stands in the way, when nothing could be declared. */
  readonly why: string | undefined;
}

export interface Found {
  readonly hits: readonly DeskHit[];
  readonly total: number;
  readonly problem: string | undefined;
}

export interface DeskOpening {
  readonly id: string;
  readonly client: string;
  readonly zone: string;
  readonly systems: readonly { readonly name: string; readonly address: string | undefined }[];
  readonly purpose: string;
  readonly reference: string;
  readonly endsAt: number;
  /** Minutes that one click adds; 0: the purpose leaves none. */
  readonly more: number;
  readonly others: readonly { readonly code: string; readonly label: string }[];
}

export interface DeskProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly now: number;
  readonly query: string;
  readonly found: Found | undefined;
  readonly notice: StopNotice | undefined;
  readonly open: readonly DeskOpening[];
  readonly recent: readonly DeskHit[];
  readonly requests: readonly {
    readonly id: string;
    readonly text: string;
    readonly where: string;
    readonly state: string;
  }[];
  readonly clients: readonly SystemsClient[];
  /** What the person has not said yet was done outside. */
  readonly owed: ComponentProps<typeof OwedLines>['owed'];
  /** What the person owes of copies. */
  readonly copies: OwedCopies;
}

/** Beyond so many systems the full list stays folded until somebody wants it. */
const unfolded = 6;

export function DeskPage(props: DeskProps): JSX.Element {
  const { frame, clients, notice } = props;
  const { say } = frame;
  const count = clients.reduce((sum, { systems }) => sum + systems.length, 0);
  return (
    <Layout frame={frame} title={say(technician.systemsTitle)}>
      {notice !== undefined && <Told notice={notice} frame={frame} />}
      <OwedLines frame={frame} owed={props.owed} />
      <OwedCopiesNotice frame={frame} owed={props.copies} />
      {count === 0 ? (
        <p class="lead">{say(technician.noSystems)}</p>
      ) : (
        <>
          <Search {...props} />
          <OpenNow {...props} />
          <Hits frame={frame} id="recent" title={say(words.recent)} hits={props.recent} />
          <Requests {...props} />
          <details open={count <= unfolded}>
            <summary>
              <h2>{say(words.all)}</h2>
            </summary>
            <p>{say(technician.systemsIntro)}</p>
            <SystemsList frame={frame} clients={clients} />
          </details>
        </>
      )}
    </Layout>
  );
}

function Search({ frame, query, found }: DeskProps): JSX.Element {
  const { say } = frame;
  return (
    <>
      <search>
        <form method="get" action="/" class="find" data-desk>
          <label for="q">{say(words.search)}</label>
          <p class="hint" id="q-hint">
            {say(words.searchHint)}
          </p>
          <div class="line">
            <input
              type="search"
              id="q"
              name="q"
              value={query}
              maxLength={4000}
              autocomplete="off"
              spellcheck={false}
              aria-describedby="q-hint"
              {...(found === undefined || found.hits.length === 0 ? firstField : {})}
            />
            <button type="submit" name="go" value="1">
              {say(words.find)}
            </button>
          </div>
        </form>
      </search>
      <div id="found" aria-live="polite">
        {found !== undefined && <FoundList frame={frame} found={found} />}
      </div>
    </>
  );
}

function FoundList({ frame, found }: { readonly frame: Frame; readonly found: Found }): JSX.Element {
  const { say } = frame;
  const { hits, total, problem } = found;
  if (total === 0) return <p class="notice bad">{problem ?? say(words.nothing)}</p>;
  const title = say(hits.length < total ? words.foundMore(hits.length, total) : words.found(total));
  return <Hits frame={frame} id="hits" title={title} hits={hits} first />;
}

function Hits(props: {
  readonly frame: Frame;
  readonly id: string;
  readonly title: string;
  readonly hits: readonly DeskHit[];
  /** The keyboard starts at the first. */
  readonly first?: boolean;
}): JSX.Element | null {
  const { frame, id, title, hits } = props;
  if (hits.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="hits">
        {hits.map((hit, index) => (
          <Hit key={hit.key} frame={frame} hit={hit} first={props.first === true && index === 0} />
        ))}
      </ul>
    </section>
  );
}

function Hit(props: { readonly frame: Frame; readonly hit: DeskHit; readonly first: boolean }): JSX.Element {
  const { frame, hit } = props;
  const { say } = frame;
  return (
    <li>
      <p>
        <a class="hit" href={hit.href} {...(props.first ? firstField : {})}>
          {hit.client} – {hit.name}
        </a>{' '}
        {hit.test && <span class="tag">{say(technician.test)}</span>}
        {hit.open !== undefined && <State kind="good">{say(technician.openingLive)}</State>}
      </p>
      <p class="quiet">
        {hit.open} {hit.may !== '' && say(words.may(hit.may))}
        {hit.why !== undefined && say(words.mayNot(hit.why))}{' '}
        <a href={hit.declare}>
          {say(hit.open === undefined ? words.why : technician.another)}
          <span class="unseen"> – {hit.name}</span>
        </a>
      </p>
    </li>
  );
}

function OpenNow(props: DeskProps): JSX.Element {
  const { frame, open } = props;
  const { say } = frame;
  return (
    <section aria-labelledby="open-now">
      <h2 id="open-now">{say(technician.openNow)}</h2>
      {open.length === 0 ? (
        <p class="empty">{say(technician.nothingOpen)}</p>
      ) : (
        <ul class="tiles">
          {open.map((opening) => (
            <OpenTile key={opening.id} {...props} opening={opening} />
          ))}
        </ul>
      )}
    </section>
  );
}

function OpenTile(props: DeskProps & { readonly opening: DeskOpening }): JSX.Element {
  const { frame, csrf, now, opening } = props;
  const { say, language } = frame;
  const back = { from_desk: '1' };
  return (
    <li class="tile">
      <h3>
        {opening.client} – {opening.reference}
      </h3>
      <p>
        {opening.purpose},{' '}
        <span class="strong" data-until={rfc3339(opening.endsAt)} data-now={rfc3339(now)}>
          {say(technician.openingLeft(duration(opening.endsAt - now, language)))}
        </span>
      </p>
      <ul class="plainlist">
        {opening.systems.map(({ name, address }) => (
          <li key={name}>{address === undefined ? name : <a href={address}>{name}</a>}</li>
        ))}
      </ul>
      <Others {...props} />
      <p>
        <a href={`/openings/${opening.id}`}>
          {say(technician.page)}
          <span class="unseen"> – {opening.reference}</span>
        </a>
      </p>
      <div class="actions">
        <MoreMinutes frame={frame} csrf={csrf} opening={opening} from="desk" />
        <form method="post" action={`/openings/${opening.id}/close`}>
          <Csrf token={csrf} />
          <Hidden values={back} />
          <button type="submit" class="plain">
            {say(words.close)}
            <span class="unseen"> – {opening.reference}</span>
          </button>
        </form>
      </div>
    </li>
  );
}

function Requests({ frame, requests }: DeskProps): JSX.Element | null {
  const { say } = frame;
  if (requests.length === 0) return null;
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{say(words.requests)}</h2>
      <ul class="hits">
        {requests.map((request) => (
          <li key={request.id}>
            <p>
              <a class="hit" href={`/requests/${request.id}`}>
                {request.text}
              </a>{' '}
              <State kind="calm">{request.state}</State>
            </p>
            <p class="quiet">{request.where}</p>
          </li>
        ))}
      </ul>
      <p>
        <a href="/requests">{say(words.allRequests)}</a>
      </p>
    </section>
  );
}
