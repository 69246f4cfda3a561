/** Whether a page follows what happens: live, paused or cut, each in words with a sign. Without scripts nothing is claimed. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';

const words = texts.controller;

export function LiveState({ frame }: { readonly frame: Frame }): JSX.Element {
  const { say } = frame;
  return (
    <div aria-live="polite">
      <p class="quiet" data-live-on hidden>
        <Sign>●</Sign> {say(words.live)}
      </p>
      <p class="notice calm" data-live-paused hidden>
        <Sign>⏸</Sign> {say(words.livePaused)}
      </p>
      <p class="notice bad" data-live-cut hidden>
        <Sign>⚠</Sign> {say(words.liveCut)}
      </p>
    </div>
  );
}

/** A sign that the words beside it say as well. */
function Sign({ children }: { readonly children: string }): JSX.Element {
  return <span aria-hidden="true">{children}</span>;
}
