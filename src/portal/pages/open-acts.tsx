/** What one click does about a running access, wherever it is shown: some minutes more, or another purpose. */
import type { JSX } from 'preact';
import type { OtherPurpose } from '../other-purposes.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Csrf, Hidden } from './parts.tsx';

const words = texts.desk;

/** Lengthens at once, or asks the client; nothing where the purpose leaves no minutes. */
export function MoreMinutes(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly opening: {
    readonly id: string;
    readonly reference: string;
    readonly endsAt: number;
    readonly more: number;
  };
  /** Where the answer leads back to. */
  readonly from: 'desk' | 'page';
}): JSX.Element | null {
  const { frame, csrf, opening, from } = props;
  const { id, reference, endsAt, more } = opening;
  if (more === 0) return null;
  const back = from === 'desk' ? { from_desk: '1' } : {};
  return (
    <form method="post" action={`/openings/${id}/extend`}>
      <Csrf token={csrf} />
      <Hidden values={{ ...back, from: String(endsAt), minutes: String(more) }} />
      <button type="submit" class={from === 'desk' ? 'plain' : ''}>
        {frame.say(words.extend(more))}
        <span class="unseen"> – {reference}</span>
      </button>
    </form>
  );
}

/** The same case for another purpose: one click, declared like any other. */
export function Others(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly opening: { readonly id: string; readonly others: readonly OtherPurpose[] };
  /** Where the person wants to be then; undefined: at the beginning of its first system. */
  readonly carried?: Readonly<Record<string, string>>;
}): JSX.Element | null {
  const { frame, csrf, opening, carried = {} } = props;
  if (opening.others.length === 0) return null;
  return (
    <form method="post" action={`/openings/${opening.id}/purpose`} class="others">
      <Csrf token={csrf} />
      <Hidden values={carried} />
      <p class="quiet">{frame.say(words.change)}</p>
      {opening.others.map(({ code, label }) => (
        <button key={code} type="submit" name="purpose" value={code} class="plain">
          {label}
        </button>
      ))}
    </form>
  );
}
