/** What a client signed in several versions: the one in force, and those before it. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';

export interface VersionShown {
  readonly version: number;
  readonly title: string;
  readonly sentences: readonly string[];
}

interface Shown {
  /** The heading of one version. */
  readonly heading: 'h2' | 'h3';
  /** What is said of a version that asks for nothing. */
  readonly nothing: string;
}

export function Version(props: Shown & { readonly shown: VersionShown }): JSX.Element {
  const { heading: Heading, nothing, shown } = props;
  const id = `version-${shown.version}`;
  return (
    <section class="panel" aria-labelledby={id}>
      <Heading id={id}>{shown.title}</Heading>
      {shown.sentences.length === 0 ? (
        <p>{nothing}</p>
      ) : (
        <ul>
          {shown.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Folded away; nothing where there are none. */
export function EarlierVersions(
  props: Shown & { readonly frame: Frame; readonly versions: readonly VersionShown[] },
): JSX.Element | null {
  const { frame, versions, heading, nothing } = props;
  if (versions.length === 0) return null;
  return (
    <details>
      <summary>{frame.say(texts.versions.earlier)}</summary>
      {versions.map((shown) => (
        <Version key={shown.version} heading={heading} nothing={nothing} shown={shown} />
      ))}
    </details>
  );
}
