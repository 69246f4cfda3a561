/** The fact sheet of a client: what protects it, with date and version, made to be printed. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

const words = texts.factSheet;
const groups = ['who', 'what', 'proof', 'limits'] as const;

export function FactSheetPage(
  props: {
    readonly frame: Frame;
    readonly client: string;
    readonly asOf: string;
    readonly changed: string | undefined;
    readonly version: string;
    readonly language: string;
    readonly own:
      | { readonly title: string; readonly hash: string; readonly sentences: readonly string[] }
      | undefined;
  } & { readonly [G in (typeof groups)[number]]: readonly string[] },
): JSX.Element {
  const { frame, own } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={`${say(words.title)} – ${props.client}`}>
      <p class="lead">{say(words.intro)}</p>
      <p>
        {props.asOf}
        {props.changed !== undefined && <> · {props.changed}</>}
      </p>
      <p class="quiet">
        {say(words.version)}: <code class="wrap">{props.version}</code>
      </p>
      {groups.map((group) => (
        <section key={group} aria-labelledby={group}>
          <h2 id={group}>{say(words.groups[group])}</h2>
          <ul>
            {props[group].map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {group === 'what' && <Own frame={frame} own={own} />}
        </section>
      ))}
      <p class="quiet">{say(words.print)}</p>
    </Layout>
  );
}

function Own({ frame, own }: Pick<Parameters<typeof FactSheetPage>[0], 'frame' | 'own'>): JSX.Element {
  const { say } = frame;
  if (own === undefined)
    return (
      <p>
        {say(words.noOwn)} <a href="/instructions">{say(words.giveOwn)}</a>
      </p>
    );
  return (
    <>
      <h3>{own.title}</h3>
      <ul>
        {own.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p class="quiet">
        <code class="wrap">{own.hash}</code>
      </p>
    </>
  );
}
