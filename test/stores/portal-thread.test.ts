/** Sessions and what is to be sent share a thread, and nothing else: what happens to one is nothing to the other. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createMailbox } from '../../src/stores/notices.ts';
import { createSqliteSessionStore } from '../../src/stores/portal-sessions-sqlite.ts';
import { PortalThread } from '../../src/stores/portal-thread.ts';

const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const limits = { idle: 60_000, absolute: 600_000 };

test('a part that cannot be opened, or ends, leaves the other alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'consentry-portal-thread-'));
  try {
    const thread = new PortalThread();
    const file = join(folder, 'notices.db');
    mkdirSync(file);
    const mailbox = createMailbox(
      {
        file,
        outbox: join(folder, 'outbox'),
        smtpUrl: undefined,
        from: 'a@portal.example',
        domain: 'portal.example',
        retryAfter: 1,
      },
      thread,
    );
    const store = createSqliteSessionStore({ path: join(folder, 'portal.db'), clock, limits, thread });
    const found = () =>
      new Promise((resolve, reject) =>
        store.get('nobody', (error: unknown, data) =>
          error ? reject(error as Error) : resolve(data ?? null),
        ),
      );
    expect(await found()).toBeNull();
    await expect(mailbox.since()).rejects.toMatchObject({ code: 'ledger_unavailable' });
    expect(await found()).toBeNull();
    rmSync(file, { recursive: true });
    expect(await mailbox.since()).toBeGreaterThan(0);
    await store.close();
    expect(await mailbox.numbers()).toMatchObject({ waiting: 0, dead: 0 });
    await mailbox.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
