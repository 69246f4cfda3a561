/** For a client's own people: that the contract is over, and what stays possible. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Notice } from './parts.tsx';

export function ContractOver(props: {
  readonly frame: Frame;
  /** Since when and why; undefined: it goes on, and nothing is shown. */
  readonly over: string | undefined;
}): JSX.Element | null {
  const { over } = props;
  const { say } = props.frame;
  if (over === undefined) return null;
  return (
    <Notice kind="calm">
      <p class="strong">{over}</p>
      <p>{say(texts.contractOver.client)}</p>
      <p>
        <a href="/ending">{say(texts.endings.see)}</a>
      </p>
    </Notice>
  );
}
