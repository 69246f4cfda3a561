/** What waits for the client, as its first page shows it. */
import type { JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { type RequestCard, RequestTile } from './requests.tsx';

const words = texts.requests;

/** Something else that waits for the client, with the page on which it is dealt with. */
export interface Task {
  readonly href: string;
  readonly title: Text;
  readonly text: Text;
  readonly act: Text;
}

/** What the client's first page shows of requests that wait. */
export function WaitingForYou(props: {
  readonly frame: Frame;
  readonly cards: readonly RequestCard[];
  readonly tasks: readonly Task[];
}): JSX.Element | null {
  const { say } = props.frame;
  if (props.cards.length + props.tasks.length === 0) return null;
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">{say(words.waitingForYou)}</h2>
      <ul class="tiles wide">
        {props.tasks.map((task) => (
          <li key={task.href} class="tile">
            <h3>{say(task.title)}</h3>
            <p>{say(task.text)}</p>
            <p class="actions">
              <a class="button" href={task.href}>
                {say(task.act)}
                <span class="unseen"> – {say(task.title)}</span>
              </a>
            </p>
          </li>
        ))}
        {props.cards.map((card) => (
          <RequestTile key={card.id} frame={props.frame} card={card} own={false} heading="h3" />
        ))}
      </ul>
    </section>
  );
}
