/** How much a stop or a withdrawal cut, how fast, and whether it is already recorded. */
import type { JSX } from 'preact';
import { milliseconds } from '../formats.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';

const words = texts.controller;

export function CutFacts({
  frame,
  notice,
}: {
  readonly frame: Frame;
  readonly notice: StopNotice;
}): JSX.Element {
  const { say, language } = frame;
  const { exchanges, cutMs, recorded } = notice;
  return (
    <p>
      {exchanges > 0 && say(words.cutIn(exchanges, milliseconds(cutMs, language)))}
      {exchanges === 0 && notice.openings > 0 && say(words.nothingRan)}{' '}
      {say(recorded ? words.recorded : words.unrecorded)}
    </p>
  );
}
