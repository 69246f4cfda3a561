/** Agreements on top of the samples, signed by acme's representative for the evaluation as those are. */
import { randomBytes } from 'node:crypto';
import type { App } from '../../src/app.ts';
import type { Budget } from '../../src/core/budget.ts';
import { endAtLatest, type FirstUse } from '../../src/core/first-use.ts';
import { writeGrantText } from '../../src/core/grant-text.ts';

export interface AgreeOptions {
  readonly system: string;
  readonly people: readonly string[];
  readonly budget?: Budget;
  readonly firstUse?: FirstUse;
}

/** To read and copy for backup, from now for a day. Answers its id. */
export async function agree(app: App, { system, ...more }: AgreeOptions): Promise<string> {
  const { seats } = await app.archive.inForce('acme');
  const seat = seats.find(({ role }) => role === 'representative');
  if (seat === undefined || app.evaluation === undefined) throw new Error('nobody can agree');
  const id = randomBytes(12).toString('base64url');
  const from = Date.now();
  const scope = {
    ...{ id, version: 1, client: 'acme', systems: [system], purposes: ['backup'], from },
    operations: ['read', 'copy'] as const,
    until: more.firstUse === undefined ? from + 86_400_000 : endAtLatest(more.firstUse),
    ...more,
  };
  const named = { client: 'A', provider: 'B', contact: 'C', people: 'D', from: 'E', until: 'F' };
  const { text, textHash } = writeGrantText({
    ...scope,
    language: 'en',
    words: { ...named, systems: [system], purposes: ['backup'], author: 'G', function: 'H', authority: 'I' },
  });
  const answer = await app.authority.run({
    do: 'grant',
    grant: {
      ...scope,
      ...{ status: 'active', upstreamAccount: undefined, textHash, grantedBy: seat.id, grantedAt: from },
    },
    text,
    evidence: { seat: seat.id, role: seat.role, language: 'en', ...app.evaluation.sign(textHash) },
  });
  if ('refused' in answer) throw new Error(answer.refused);
  return id;
}
