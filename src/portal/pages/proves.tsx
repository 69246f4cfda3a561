/** *What this proves and what it does not*: ten sentences, before somebody relies on an export. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

const words = texts.proves;

/** `pseudonyms`: this client reads technicians by them. */
export function ProvesPage({
  frame,
  pseudonyms,
}: {
  readonly frame: Frame;
  readonly pseudonyms: boolean;
}): JSX.Element {
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      {(['proves', 'needs', 'unseen'] as const).map((part) => (
        <section key={part} class="panel spaced" aria-labelledby={part}>
          <h2 id={part}>{say(words.headings[part])}</h2>
          <ul>
            {words.said[part].map((sentence) => (
              <li key={sentence.en}>{say(sentence)}</li>
            ))}
          </ul>
        </section>
      ))}
      {pseudonyms && <p>{say(words.pseudonyms)}</p>}
      <p class="quiet">{say(words.inside)}</p>
      <p>
        <a href="/verify">{say(words.how)}</a>
      </p>
    </Layout>
  );
}
