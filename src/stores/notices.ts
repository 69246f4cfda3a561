/**
 * Mail as the rest of the program sees it: handed over once, kept, and sent by the portal's thread. It keeps the
 * messages for webhooks, which the main thread sends.
 */
import type { HookDelivery, HookMessage, HookQueue, HookState } from '../core/hooks.ts';
import type { Mailbox, MailNumbers, RefusedAddresses } from '../core/mail.ts';
import type { NoticesData, NoticesQuestion } from './notices-queue.ts';
import { PortalThread } from './portal-thread.ts';
import { ThreadLine } from './thread-line.ts';

/** Begins, and sends at once what an earlier run left. */
export function createMailbox(data: NoticesData, thread = new PortalThread()): Mailbox & HookQueue {
  const line = new ThreadLine(() => thread.open({ part: 'notices', data }));
  line.running();
  const ask = (question: NoticesQuestion): Promise<unknown> => line.send(question);
  return {
    offer: async (mails) => Number(await ask({ offer: mails })),
    since: async () => Number(await ask({ ask: 'since' })),
    numbers: async () => (await ask({ ask: 'numbers' })) as MailNumbers,
    refused: async () => (await ask({ ask: 'refused' })) as RefusedAddresses,
    offerHooks: async (messages, now) => Number(await ask({ hooks: 'offer', messages, now })),
    dueHooks: async (now, of) => (await ask({ hooks: 'due', now, of })) as readonly HookMessage[],
    noteHook: async (id, outcome, now) => {
      await ask({ hooks: 'note', message: id, outcome, now });
    },
    keepHooks: async (hooks) => {
      await ask({ hooks: 'keep', only: hooks });
    },
    hookStates: async (hooks) => (await ask({ hooks: 'states', of: hooks })) as readonly HookState[],
    hookDeliveries: async (of, limit) =>
      (await ask({ hooks: 'deliveries', of, limit })) as readonly HookDelivery[],
    settled: async () => {
      await ask({ ask: 'settled' });
    },
    close: () => line.close(),
  };
}
