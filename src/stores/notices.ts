/** Mail as the rest of the program sees it: handed over once, kept, and sent by a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Mailbox, MailNumbers, RefusedAddresses } from '../core/mail.ts';
import type { NoticesData, NoticesQuestion } from './notices-worker.ts';
import { ThreadLine } from './thread-line.ts';

/** The process's own flag gives every thread a large young generation; this one needs little. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** Starts the thread, which sends at once what an earlier run left. */
export function createMailbox(workerData: NoticesData): Mailbox {
  const line = new ThreadLine(() => {
    const script = import.meta.url.endsWith('.ts') ? './notices-worker.ts' : './notices-worker.js';
    return new Worker(new URL(script, import.meta.url), { workerData, resourceLimits });
  });
  line.running();
  const ask = (question: NoticesQuestion): Promise<unknown> => line.send(question);
  return {
    offer: async (mails) => Number(await ask({ offer: mails })),
    since: async () => Number(await ask({ ask: 'since' })),
    numbers: async () => (await ask({ ask: 'numbers' })) as MailNumbers,
    refused: async () => (await ask({ ask: 'refused' })) as RefusedAddresses,
    settled: async () => {
      await ask({ ask: 'settled' });
    },
    close: () => line.close(),
  };
}
