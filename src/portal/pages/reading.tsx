/** What is to be said of a look into the log: that it could not be noted, and that its newest lines are not counted yet. */
import type { JSX } from 'preact';
import { instant } from '../formats.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Notice } from './parts.tsx';

export function Unnoted(props: { readonly frame: Frame; readonly noted: boolean }): JSX.Element | null {
  if (props.noted) return null;
  return (
    <Notice kind="bad">
      <p>{props.frame.say(texts.controller.readUnrecorded)}</p>
    </Notice>
  );
}

export function Behind(props: {
  readonly frame: Frame;
  readonly zone: string;
  /** Up to when it is counted; undefined: all of it is. */
  readonly behind: number | undefined;
}): JSX.Element | null {
  const { frame, zone, behind } = props;
  if (behind === undefined) return null;
  return (
    <Notice kind="calm">
      <p>{frame.say(texts.history.behind(instant(behind, zone, frame.language)))}</p>
    </Notice>
  );
}
