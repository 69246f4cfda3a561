/** What staff are told of the record before they first declare, as the policy says it, and that somebody read a version. Pure. */
import { textHash } from './leaf.ts';
import type { Text } from './model.ts';

export interface StaffNotice {
  readonly version: string;
  /** What is recorded of a technician's work. */
  readonly recorded: Text;
  readonly readers: Text;
  /** How long it is kept. */
  readonly kept: Text;
  readonly rights: Text;
}

/** That a person confirmed to have read it. Kept beside the logs: it concerns no client. */
export interface NoticeRead {
  readonly person: string;
  readonly version: string;
  /** Of the words as they stood. */
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The hash of the words in both languages. */
export function noticeHash({ version, recorded, readers, kept, rights }: StaffNotice): string {
  const words = [recorded, readers, kept, rights].map(({ en, fr }) => [en, fr]);
  return textHash(JSON.stringify([version, words]));
}
