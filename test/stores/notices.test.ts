/** The queue of mails against a real SMTP server that is slow, refuses, goes away, and comes back; and as files. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Mail, Mailbox } from '../../src/core/mail.ts';
import { createMailbox } from '../../src/stores/notices.ts';
import { readRefused } from '../../src/stores/refused-addresses.ts';

let folder: string;
const open: { close(): Promise<unknown> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'consentry-mail-'));
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  rmSync(folder, { recursive: true, force: true });
});

function mail(change: Partial<Mail> = {}): Mail {
  return {
    key: 'request r1 acme/claire',
    to: 'claire@acme.example',
    language: 'fr',
    subject: 'Une demande attend votre réponse',
    text: 'Bonjour',
    html: '<p>Bonjour</p>',
    ...change,
  };
}

function mailbox(smtpUrl: string | undefined, retryAfter = 1): Mailbox {
  const made = createMailbox({
    file: join(folder, 'notices.db'),
    outbox: join(folder, 'outbox'),
    smtpUrl,
    from: 'consentry@portal.example',
    domain: 'portal.example',
    retryAfter,
  });
  open.push(made);
  return made;
}

/** A server; `taken` resolves with each message it took. */
async function server(options: SMTPServerOptions = {}) {
  const messages: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const message = Buffer.concat(chunks).toString();
        messages.push(message);
        waiting.shift()?.(message);
        done();
      });
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise<void>((resolve) => smtp.close(() => resolve())) });
  const { port } = smtp.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    next: () => new Promise<string>((resolve) => waiting.push(resolve)),
  };
}

describe('a mail', () => {
  test('is sent once, whatever is offered, under a name of its own', async () => {
    const smtp = await server();
    const box = mailbox(smtp.url);
    const arrives = smtp.next();
    expect(await box.offer([mail(), mail()])).toBe(1);
    const message = await arrives;
    expect(message).toContain('Message-ID: <cmVxdWVzdCByMSBhY21lL2NsYWlyZQ@portal.example>');
    expect(message).toContain('Auto-Submitted: auto-generated');
    expect(message).toContain('multipart/alternative');
    expect(await box.offer([mail()])).toBe(0);
    await box.settled();
    expect(smtp.messages).toHaveLength(1);
    expect(await box.numbers()).toEqual({ waiting: 0, sent: 1, dead: 0 });
  });

  test('is not sent again by the next run', async () => {
    const smtp = await server();
    const first = mailbox(smtp.url);
    const since = await first.since();
    await first.offer([mail()]);
    await first.settled();
    await first.close();
    const second = mailbox(smtp.url);
    expect(await second.offer([mail()])).toBe(0);
    await second.settled();
    expect(smtp.messages).toHaveLength(1);
    expect(await second.since()).toBe(since);
  });

  test('cannot bring lines of its own into the head', async () => {
    const smtp = await server();
    const box = mailbox(smtp.url);
    const arrives = smtp.next();
    await box.offer([mail({ subject: 'Hello\r\nBcc: eve@evil.example', to: 'claire@acme.example' })]);
    const message = await arrives;
    expect(message).not.toMatch(/^Bcc:/m);
  });

  test('waits while the server is away, and is sent when it is back', async () => {
    const away = await server({
      onMailFrom(_address, _session, done) {
        done(Object.assign(new Error('try again'), { responseCode: 451 }));
      },
    });
    const box = mailbox(away.url, 60_000);
    await box.offer([mail()]);
    await box.settled();
    expect(await box.numbers()).toEqual({ waiting: 1, sent: 0, dead: 0, oldest: expect.any(Number) });
    expect((await box.refused()).size).toBe(0);
    await box.close();
    const smtp = await server();
    const arrives = smtp.next();
    const again = mailbox(smtp.url);
    // What failed is due in a minute; another that is due now goes at once.
    await again.offer([mail({ key: 'other' })]);
    expect(await arrives).toContain('Message-ID');
    expect((await again.numbers()).waiting).toBe(1);
  });

  test('is tried again when a server drops it in the middle', async () => {
    let drops = 1;
    const smtp = await server({
      onRcptTo(_address, session, done) {
        if (drops > 0) {
          drops -= 1;
          done(Object.assign(new Error('later'), { responseCode: 421 }));
          return;
        }
        void session;
        done();
      },
    });
    const box = mailbox(smtp.url, 1);
    const arrives = smtp.next();
    await box.offer([mail()]);
    expect(await arrives).toContain('Message-ID');
    await box.settled();
    expect(await box.numbers()).toEqual({ waiting: 0, sent: 1, dead: 0 });
  });

  test('that the server refuses for good is given up, and counted', async () => {
    const smtp = await server({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('no such person'), { responseCode: 550 }));
      },
    });
    const box = mailbox(smtp.url);
    await box.offer([mail()]);
    await box.settled();
    expect(await box.numbers()).toEqual({ waiting: 0, sent: 0, dead: 1 });
  });

  test('that an address does not take tells so, until another arrives there', async () => {
    let full = true;
    const smtp = await server({
      onRcptTo({ address }, _session, done) {
        const no = full && address.toLowerCase().startsWith('claire');
        done(no ? Object.assign(new Error('mailbox full'), { responseCode: 552 }) : undefined);
      },
    });
    const box = mailbox(smtp.url);
    await box.offer([mail({ to: 'Claire@acme.example' }), mail({ key: 'm', to: 'marc@acme.example' })]);
    await box.settled();
    expect([...(await box.refused()).keys()]).toEqual(['claire@acme.example']);
    const since = (await box.refused()).get('claire@acme.example');
    // A command beside the running gateway reads the same.
    expect(readRefused(join(folder, 'notices.db'))).toEqual(new Map([['claire@acme.example', since]]));
    await box.offer([mail({ key: 'again' })]);
    await box.settled();
    expect((await box.refused()).get('claire@acme.example')).toBe(since);
    full = false;
    await box.offer([mail({ key: 'arrives' })]);
    await box.settled();
    expect(await box.refused()).toEqual(new Map());
    expect(readRefused(join(folder, 'none.db'))).toEqual(new Map());
  });

  test.each<[string, SMTPServerOptions, string]>([
    [
      'our password is wrong',
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (_auth, _session, done) =>
          done(Object.assign(new Error('no'), { responseCode: 535 }) as Error),
      },
      'user:wrong@',
    ],
    [
      'the server turns us away',
      {
        onConnect: (_session, done) => done(Object.assign(new Error('no'), { responseCode: 554 }) as Error),
      },
      '',
    ],
  ])('waits when %s: that says nothing of the address', async (_name, options, user) => {
    const smtp = await server(options);
    const box = mailbox(smtp.url.replace('//', `//${user}`), 60_000);
    await box.offer([mail()]);
    await box.settled();
    expect(await box.numbers()).toMatchObject({ waiting: 1, dead: 0 });
    expect((await box.refused()).size).toBe(0);
  });

  test('is a file where there is no server, and no part of one', async () => {
    const box = mailbox(undefined);
    await box.offer([mail(), mail({ key: 'k/../../x' })]);
    await box.settled();
    const files = readdirSync(join(folder, 'outbox'));
    expect(files).toHaveLength(2);
    expect(files.every((name) => /^[A-Za-z0-9_-]+\.eml$/.test(name))).toBe(true);
    expect(readFileSync(join(folder, 'outbox', files[0] ?? ''), 'utf8')).toContain('To: claire@acme.example');
  });
});
