/** Notices of erasure, as pages show them to both sides. */
import type { ErasureNotice } from '../core/ending.ts';
import { shown } from '../core/shown.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

export interface NoticeRow {
  readonly what: string;
  readonly at: number;
  readonly from: number;
  readonly name: string;
  readonly text: string;
}

export function noticeRow({ say }: Pick<Visit, 'say'>): (notice: ErasureNotice) => NoticeRow {
  return ({ what, at, from, name, text }) => ({
    ...{ what: say(texts.endings.subjects[what]), at, from },
    ...{ name: shown(name, 80), text: shown(text, 500) },
  });
}
