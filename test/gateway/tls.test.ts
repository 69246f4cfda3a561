/**
 * TLS on both sides. The listener chooses certificates by name and can still reset what it cut; an upstream is
 * believed only under the name and the CA of the policy, whatever Host a request carries.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';

const vectors = 'test/vectors/tls';
let ca: string;
let folder: string;
let gateway: TestGateway | undefined;
let server: Server | undefined;

beforeAll(async () => {
  ca = await readFile('test/vectors/tls-ca.pem', 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'consentry-tls-'));
});

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** An HTTPS upstream with this certificate. */
async function secureUpstream(name: string): Promise<number> {
  const made = createServer(
    { cert: await readFile(join(vectors, `${name}.pem`)), key: await readFile(join(vectors, `${name}.key`)) },
    (_req, res) => res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok'),
  );
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

/** The sample policies with an HTTPS upstream that is believed as `localhost` under our CA. */
async function policiesFor(port: number): Promise<string> {
  const policies = join(folder, `policies-${port}`);
  await cp('policies', policies, { recursive: true });
  await mkdir(join(policies, 'certificates'), { recursive: true });
  await writeFile(join(policies, 'certificates', 'test.pem'), ca);
  const file = join(policies, 'clients', 'acme.yaml');
  const text = await readFile(file, 'utf8');
  const upstream = `{ url: "https://127.0.0.1:${port}", server_name: localhost, ca_file: certificates/test.pem }`;
  await writeFile(file, text.replace('{ url: "${ERP_UPSTREAM}" }', upstream));
  return policies;
}

async function get(access: OpenedAccess, port: number): Promise<number> {
  const answer = await raw(
    port,
    `GET / HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
  return answer.status;
}

test('an upstream with the name of the policy is believed', async () => {
  const port = await secureUpstream('localhost');
  gateway = await startTestGateway({ policies: await policiesFor(port) });
  expect(await get(await gateway.open(), gateway.port)).toBe(200);
});

test('an upstream whose certificate carries the public host instead is not', async () => {
  const port = await secureUpstream('erp.acme.localhost');
  gateway = await startTestGateway({ policies: await policiesFor(port) });
  expect(await get(await gateway.open(), gateway.port)).toBe(502);
  expect(await gateway.lastOutcome()).toMatch(/^upstream-/);
});

test('a cut is a reset under TLS too, and certificates are chosen by name', async () => {
  const erp = await createErp();
  try {
    gateway = await startTestGateway({ erp: erp.origin, tls: vectors });
    const access = await gateway.open({ purpose: 'backup' });
    const socket = await connected(gateway.port, 'erp.acme.localhost');
    expect(socket.getPeerCertificate().subject.CN).toBe('erp.acme.localhost');
    let bytes = 0;
    const started = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 100_000) resolve();
      });
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write(
      `GET /export/full.bin?mb=500 HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
    );
    await started;
    const before = bytes;
    await gateway.app.authority.end({ client: 'acme', opening: access.opening }, 'stopped', {
      provider: 'test',
    });
    await closed;
    expect(bytes - before).toBeLessThan(8 * 1024 * 1024);
    expect(await gateway.lastOutcome()).toBe('terminated:stopped');
  } finally {
    await erp.close();
  }
});

function connected(port: number, servername: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername, ca, ALPNProtocols: ['http/1.1'] }, () =>
      resolve(socket),
    );
    socket.once('error', reject);
  });
}
