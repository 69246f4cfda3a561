/** What an agreement would let happen, in sentences. */
import type { JSX } from 'preact';
import type { Foresight } from '../foresight.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';

export function Foreseen(props: { readonly frame: Frame; readonly foresight: Foresight }): JSX.Element {
  const { say } = props.frame;
  const { who, people, sentences } = props.foresight;
  return (
    <section class="panel" aria-labelledby="foreseen">
      <h2 id="foreseen">{say(texts.foresight.title)}</h2>
      <p class="hint">{say(texts.foresight.intro)}</p>
      {who !== undefined && <p class="strong">{say(who)}</p>}
      <ul>
        {people.map((person) => (
          <li key={person.en}>{say(person)}</li>
        ))}
      </ul>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence.en}>{say(sentence)}</li>
        ))}
      </ul>
    </section>
  );
}
