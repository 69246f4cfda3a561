/**
 * Applications that know people by their connection, as NTLM and Negotiate do: one connection of the browser is one to the
 * system, for as long as both last, and nobody comes in on what somebody else signed in.
 */

import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

/** Signs a connection in by two steps, as NTLM does: what comes on it afterwards is that person's. */
function ntlm(): Promise<HttpUpstream> {
  const people = new WeakMap<object, string>();
  return httpUpstream((req, res) => {
    const [, said = ''] = /^NTLM (.+)$/.exec(req.headers.authorization ?? '') ?? [];
    const say = (status: number, body: string, challenge?: string): void => {
      const headers = { 'content-type': 'text/plain', 'content-length': body.length };
      res
        .writeHead(status, challenge === undefined ? headers : { ...headers, 'www-authenticate': challenge })
        .end(body);
    };
    if (said === 'negotiate') {
      people.set(req.socket, 'challenged');
      return say(401, 'more', 'NTLM challenge');
    }
    if (said.startsWith('I am ') && people.get(req.socket) === 'challenged')
      people.set(req.socket, said.slice(5));
    const person = people.get(req.socket);
    return person === undefined || person === 'challenged' ? say(401, 'who', 'NTLM') : say(200, person);
  });
}

const profile = (bound: boolean): string =>
  `application: { en: Test, fr: Essai }\npass_authorization: true\nconnection_bound: ${bound}\n`;

interface Browser {
  ask(authorization?: string): Promise<string>;
  close(): void;
}

/** One connection that is kept. */
function browser(gateway: TestGateway, access: OpenedAccess): Browser {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    async ask(authorization) {
      const own = { host: access.host, cookie: access.cookie, origin: `http://${access.host}` };
      const headers = authorization === undefined ? own : { ...own, authorization };
      const req = request({
        host: '127.0.0.1',
        port: gateway.port,
        agent,
        path: '/customers',
        headers,
      }).end();
      const [answer] = (await once(req, 'response')) as [IncomingMessage];
      const body = Buffer.concat(await answer.toArray()).toString();
      return `${answer.statusCode} ${body}${answer.headers['www-authenticate'] === undefined ? '' : ` (${answer.headers['www-authenticate']})`}`;
    },
    close: () => agent.destroy(),
  };
}

async function signIn(one: Browser, name: string): Promise<void> {
  expect(await one.ask()).toBe('401 who (NTLM)');
  expect(await one.ask('NTLM negotiate')).toBe('401 more (NTLM challenge)');
  expect(await one.ask(`NTLM I am ${name}`)).toBe(`200 ${name}`);
}

describe('where the profile binds connections', () => {
  let policies: PolicyFolder;
  let upstream: HttpUpstream;
  let gateway: TestGateway;
  let access: OpenedAccess;

  beforeAll(async () => {
    policies = await policyFolder({ 'profiles/erp-demo.yaml': profile(true) });
    upstream = await ntlm();
    gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
    access = await gateway.open({ purpose: 'hotline' });
  });
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
    await policies?.remove();
  });

  test('the handshake holds, and each connection is somebody of its own', async () => {
    const [ann, bob] = [browser(gateway, access), browser(gateway, access)];
    await signIn(ann, 'ann');
    await signIn(bob, 'bob');
    for (let i = 0; i < 3; i += 1) expect([await ann.ask(), await bob.ask()]).toEqual(['200 ann', '200 bob']);
    const nobody = browser(gateway, access);
    expect(await nobody.ask()).toBe('401 who (NTLM)');
    for (const one of [ann, bob, nobody]) one.close();
  });

  test('the connection to the system ends with the browser’s, and with the access', async () => {
    const ann = browser(gateway, access);
    await signIn(ann, 'ann');
    const mine = upstream.requests.at(-1)?.remotePort;
    const before = upstream.sockets();
    ann.close();
    while (upstream.sockets() >= before) await pause(20);
    const again = browser(gateway, access);
    await signIn(again, 'ann');
    expect(upstream.requests.at(-1)?.remotePort).not.toBe(mine);

    const other = await gateway.open({ purpose: 'hotline' });
    const bob = browser(gateway, other);
    await signIn(bob, 'bob');
    await gateway.app.authority.end({ client: 'acme', opening: other.opening }, 'technician', undefined);
    expect(await bob.ask()).toMatch(/^401/);
    expect(await again.ask()).toBe('200 ann');
    for (const one of [again, bob]) one.close();
  });
});

test('elsewhere connections to the system are anybody’s of the access', async () => {
  const policies = await policyFolder({ 'profiles/erp-demo.yaml': profile(false) });
  const upstream = await ntlm();
  const gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
  try {
    const access = await gateway.open({ purpose: 'hotline' });
    const [ann, other] = [browser(gateway, access), browser(gateway, access)];
    await signIn(ann, 'ann');
    expect(await other.ask()).toBe('200 ann');
    for (const one of [ann, other]) one.close();
  } finally {
    await gateway.close();
    await upstream.close();
    await policies.remove();
  }
});
