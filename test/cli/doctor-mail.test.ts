/** The doctor at a real mail server: greeted, encrypted or not, known or not, silent; and nothing is sent. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { examine } from '../../src/cli/doctor-check.ts';
import { mailCheck } from '../../src/cli/doctor-mail.ts';

const open: (() => Promise<unknown>)[] = [];
const begun: string[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
  expect(begun).toEqual([]);
});

async function server(options: SMTPServerOptions): Promise<number> {
  const smtp = new SMTPServer({
    authOptional: true,
    onMailFrom(address, _session, done) {
      begun.push(address.address);
      done();
    },
    ...options,
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
  return (smtp.server.address() as AddressInfo).port;
}

async function look(url: string, limit = 5_000): Promise<string> {
  const lines: string[] = [];
  await examine([mailCheck(url)], { print: (line) => void lines.push(line) }, limit);
  return lines.join('\n');
}

test('a server that greets us is well; without encryption that is noted', async () => {
  const port = await server({ disabledCommands: ['STARTTLS'] });
  const said = await look(`smtp://127.0.0.1:${port}`);
  expect(said).toMatch(/^ok {4}mail server$/m);
  expect(said).toMatch(/^note {2}mail server: the connection is not encrypted/m);
});

test('a certificate that nobody vouches for is something to do', async () => {
  const [cert, key] = ['pem', 'key'].map((end) => readFileSync(`test/vectors/tls/localhost.${end}`));
  const port = await server({ cert, key });
  const said = await look(`smtp://localhost:${port}`);
  expect(said).toMatch(/^do {4}mail server: it takes no connection from here \(E\w+\).* certificate$/m);
  expect(said).not.toMatch(/^ok/m);
});

test('our account is tried', async () => {
  const port = await server({
    ...{ authOptional: false, allowInsecureAuth: true, disabledCommands: ['STARTTLS'] },
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(undefined, { user: username }) : done(new Error('no')),
  });
  expect(await look(`smtp://user:right@127.0.0.1:${port}`)).toMatch(/^ok {4}mail server$/m);
  const refused = await look(`smtp://user:wrong@127.0.0.1:${port}`);
  expect(refused).toMatch(/^do {4}mail server: it does not take our account/m);
  expect(refused).not.toContain('wrong');
});

test('nothing that listens, and a server that says nothing', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  expect(await look(`smtp://127.0.0.1:${port}`, 200)).toContain('no answer within 0.2 s');
  await new Promise((resolve) => silent.close(resolve));
  expect(await look(`smtp://127.0.0.1:${port}`)).toMatch(
    /^do {4}mail server: it takes no connection from here/m,
  );
});
