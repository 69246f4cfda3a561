/**
 * What `consentry doctor` looks at in the mail server: it takes a connection, says hello, encrypts, and knows our account. No
 * mail is begun, so nothing is sent.
 */
import nodemailer from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import type { Check, Finding } from './doctor-check.ts';

export function mailCheck(url: string): Check {
  const about = 'mail server';
  return {
    about,
    look: async (signal) => {
      // Reads the address as the queue does; this makes no connection.
      const { options } = nodemailer.createTransport(url) as unknown as {
        readonly options: SMTPConnection.Options & {
          readonly auth?: SMTPConnection.AuthenticationCredentials;
        };
      };
      const connection = new SMTPConnection(options);
      const close = (): void => connection.close();
      signal.addEventListener('abort', close, { once: true });
      try {
        await greeted(connection, options.auth);
        return [{ verdict: 'ok', about }, ...secured(about, connection)];
      } catch (error) {
        if (signal.aborted) throw error;
        return [{ verdict: 'do', about, advice: adviceOn(error) }];
      } finally {
        signal.removeEventListener('abort', close);
        connection.close();
      }
    },
  };
}

function greeted(
  connection: SMTPConnection,
  auth: SMTPConnection.AuthenticationCredentials | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connection.once('error', reject);
  connection.once('end', () => reject(new Error('ended')));
  connection.connect((failed) => {
    if (failed) return reject(failed);
    if (auth === undefined) return resolve();
    connection.login(auth, (refused) => (refused ? reject(refused) : resolve()));
  });
  // What comes after the answer is of no more interest, and must not be thrown.
  connection.on('error', () => undefined);
  return promise;
}

function secured(about: string, { secure }: SMTPConnection): readonly Finding[] {
  if (secure) return [];
  const advice = 'the connection is not encrypted: use smtps://, or a server that offers STARTTLS';
  return [{ verdict: 'note', about, advice }];
}

/** By the code alone: answers of servers quote names and addresses. */
function adviceOn(error: unknown): string {
  const code = Error.isError(error) && 'code' in error ? String(error.code) : 'ended';
  switch (code) {
    case 'EAUTH':
      return 'it does not take our account; check user and password in CONSENTRY_SMTP_URL';
    case 'EPROTOCOL':
      return 'it does not speak SMTP with us, or turns us away; check address and port in CONSENTRY_SMTP_URL';
    default:
      return `it takes no connection from here (${code}); check CONSENTRY_SMTP_URL, the firewall and its certificate`;
  }
}
