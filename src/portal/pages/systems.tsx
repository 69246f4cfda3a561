/** All the systems a technician is assigned to, by client, with what is open until when. */
import type { JSX } from 'preact';
import { hour } from '../formats.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { State } from './parts.tsx';

const words = texts.technician;

export interface SystemsClient {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  /** That it is still being prepared, or that the contract is over; undefined: neither. */
  readonly state: string | undefined;
  /** The contract is over: nothing can be declared. */
  readonly over: boolean;
  /** False when it could not be seen what is open. */
  readonly known: boolean;
  readonly systems: readonly {
    readonly id: string;
    readonly name: string;
    readonly test: boolean;
    /** The system's own address while something is open there; else where it is declared. */
    readonly address: string;
    /** Where another declaration begins although one is open. */
    readonly begin: string;
    readonly open: readonly {
      readonly id: string;
      readonly purpose: string;
      readonly reference: string;
      readonly endsAt: number;
    }[];
  }[];
}

export function SystemsList(props: {
  readonly frame: Frame;
  readonly clients: readonly SystemsClient[];
}): JSX.Element {
  const { frame, clients } = props;
  const { say } = frame;
  return (
    <>
      {clients.map((client) => (
        <section key={client.id} aria-labelledby={`client-${client.id}`}>
          <h3 id={`client-${client.id}`}>
            {client.name} {client.state !== undefined && <span class="tag">{client.state}</span>}
          </h3>
          {!client.known && <p class="notice bad">{say(words.unknownNow)}</p>}
          <ul class="tiles">
            {client.systems.map((system) => (
              <SystemTile key={system.id} frame={frame} client={client} system={system} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function SystemTile(props: {
  readonly frame: Frame;
  readonly client: SystemsClient;
  readonly system: SystemsClient['systems'][number];
}): JSX.Element {
  const { frame, client, system } = props;
  const { say, language } = frame;
  return (
    <li class="tile">
      <h4>
        {system.name} {system.test && <span class="tag">{say(words.test)}</span>}
      </h4>
      {system.open.length === 0 ? (
        <p class="quiet">{say(words.nothingOpen)}</p>
      ) : (
        <ul class="plainlist">
          {system.open.map((opening) => (
            <li key={opening.id}>
              <State kind="good">{say(words.openingLive)}</State>{' '}
              <a href={`/openings/${opening.id}`}>
                {opening.purpose} · {opening.reference}
              </a>{' '}
              {say(words.until(hour(opening.endsAt, client.zone, language)))}
            </li>
          ))}
        </ul>
      )}
      {!client.over && (
        <p class="actions">
          <a class="button" href={system.address}>
            {say(words.open)}
            <span class="unseen"> – {system.name}</span>
          </a>
          {system.open.length > 0 && <a href={system.begin}>{say(words.another)}</a>}
        </p>
      )}
    </li>
  );
}
