/** Questions about accesses and disputes: the lists of them. */
import type { JSX } from 'preact';
import type { MatterWhat } from '../../core/matters.ts';
import type { Text, Who } from '../../core/model.ts';
import { instant } from '../formats.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { State } from './parts.tsx';

const words = texts.matters;

export interface MatterCard {
  readonly id: string;
  readonly what: MatterWhat;
  readonly client: string;
  readonly zone: string;
  readonly openedAt: number;
  /** How it begins; undefined: the provider looks, and nothing of it may be shown unrecorded. */
  readonly begins: string | undefined;
  readonly state: Text;
  readonly kind: 'good' | 'bad' | 'calm';
}

export function MatterList(props: {
  readonly frame: Frame;
  readonly cards: readonly MatterCard[];
  /** With the names of clients, for the provider. */
  readonly named: boolean;
  /** What is said when there is none. */
  readonly none?: Text;
}): JSX.Element {
  const { say, language } = props.frame;
  if (props.cards.length === 0) return <p class="empty">{say(props.none ?? words.none)}</p>;
  return (
    <ul class="plainlist">
      {props.cards.map((card) => (
        <li key={card.id} class="panel">
          <p>
            <a href={`/matters/${card.id}`}>
              {say(words.titles[card.what])}
              {props.named && ` – ${card.client}`}, {instant(card.openedAt, card.zone, language)}
            </a>
          </p>
          {card.begins !== undefined && <p class="text">{card.begins}</p>}
          <p>
            <State kind={card.kind}>{say(card.state)}</State>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** What waits for somebody who answers, on their first page; nothing when nothing does. */
export function MattersWaiting(props: {
  readonly frame: Frame;
  readonly cards: readonly MatterCard[];
}): JSX.Element | null {
  const { frame, cards } = props;
  const { say } = frame;
  if (cards.length === 0) return null;
  const contests = cards.filter(({ what }) => what === 'contest');
  const asked = cards.filter(({ what }) => what !== 'contest');
  return (
    <section aria-labelledby="matters">
      <h2 id="matters">{say(asked.length > 0 ? words.waitsForYou : texts.contests.open)}</h2>
      {asked.length > 0 && <MatterList frame={frame} cards={asked} named />}
      {asked.length > 0 && contests.length > 0 && <h3>{say(texts.contests.open)}</h3>}
      {contests.length > 0 && <MatterList frame={frame} cards={contests} named />}
      <p>
        <a href="/matters">{say(words.seeAll)}</a>
      </p>
    </section>
  );
}

/** What was asked about one access, on its own page, and the way to ask. */
export function MattersAbout(props: {
  readonly frame: Frame;
  readonly opening: string;
  readonly cards: readonly MatterCard[];
}): JSX.Element {
  const { say } = props.frame;
  return (
    <section aria-labelledby="matters">
      <h2 id="matters">{say(words.about)}</h2>
      <MatterList {...props} named={false} />
      <p class="actions">
        <a href={`/matters/new?opening=${props.opening}`}>{say(words.link)}</a>
      </p>
    </section>
  );
}

export function MattersPage(props: {
  readonly frame: Frame;
  /** Of whoever reads it. */
  readonly kind: Who['kind'];
  readonly cards: readonly MatterCard[];
}): JSX.Element {
  const { frame, kind, cards } = props;
  const { say } = frame;
  const ours = kind === 'controller';
  const own = kind === 'technician';
  const intro = ours ? words.listIntro : own ? texts.contests.listIntro : words.listIntroProvider;
  return (
    <Layout frame={frame} title={say(own ? texts.contests.nav : words.nav)}>
      <p class="lead">{say(intro)}</p>
      <MatterList frame={frame} cards={cards} named={!ours} none={own ? texts.contests.none : words.none} />
      {!ours && (
        <p class="actions">
          <a href="/contests/new">{say(texts.contests.link)}</a>
        </p>
      )}
    </Layout>
  );
}
