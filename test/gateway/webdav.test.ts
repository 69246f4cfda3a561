/** A real WebDAV server behind the gateway: listing reads, fetching copies, storing and moving writes, on its own system only. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { installed, startDav } from '../support/applications.ts';
import { type OpenedAccess, startTestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { type RawAnswer, raw } from '../support/raw.ts';

test('Apache’s mod_dav: PUT, PROPFIND, MOVE with its Destination, and what each needs', async () => {
  if (!installed('apache', 'dav')) return;
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const served = acme
    .replace('profile: erp-demo', 'profile: webdav')
    .replace('[hotline, support', '[hotline, restore, support');
  const policies = await policyFolder({ 'clients/acme.yaml': served });
  const dav = await startDav();
  const gateway = await startTestGateway({ erp: dav.origin, policies: policies.path });

  /** As a client that is no browser: with `Origin`, and without saying where it comes from. */
  function ask(access: OpenedAccess, line: string, lines = '', body = ''): Promise<RawAnswer> {
    const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
    const head = `${line} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\n${lines}${length}\r\n`;
    return raw(gateway.port, head + body);
  }
  const list = `<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getcontentlength/></prop></propfind>`;
  const asXml = 'Depth: 1\r\nContent-Type: application/xml\r\n';

  try {
    const reads = await gateway.open({ purpose: 'hotline' });
    const writes = await gateway.open({ purpose: 'support' });

    expect(
      (await ask(writes, 'PUT /order%20of%20march.txt', 'Content-Type: text/plain\r\n', 'hello')).status,
    ).toBe(201);
    expect((await ask(writes, 'MKCOL /archive')).status).toBe(201);
    expect((await ask(reads, 'OPTIONS /')).text).toMatch(/\r\ndav: 1,2/i);
    const listed = await ask(reads, 'PROPFIND /', asXml, list);
    expect(listed.status).toBe(207);
    expect(listed.text).toContain('<D:href>/order%20of%20march.txt</D:href>');

    const inArchive = `Destination: http://${writes.host}/archive/order.txt\r\n`;
    for (const line of ['PUT /x.txt', 'MKCOL /y', 'DELETE /archive', 'PROPPATCH /archive', 'LOCK /archive'])
      expect([line, (await ask(reads, line)).status]).toEqual([line, 403]);
    expect((await ask(reads, 'MOVE /order%20of%20march.txt', inArchive)).status).toBe(403);
    expect(
      (await ask(writes, 'MOVE /order%20of%20march.txt', 'Destination: http://evil.example/x\r\n')).status,
    ).toBe(400);
    expect((await ask(writes, 'MOVE /order%20of%20march.txt', inArchive)).status).toBe(201);
    expect((await ask(reads, 'PROPFIND /archive/', asXml, list)).text).toContain('/archive/order.txt');

    // A file that is fetched leaves the system.
    expect((await ask(writes, 'GET /archive/order.txt')).status).toBe(403);

    const intents = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').reverse();
    expect(intents.map(({ leaf }) => `${leaf.method} ${leaf.operation}`)).toEqual([
      'PUT write',
      'MKCOL write',
      'OPTIONS read',
      'PROPFIND read',
      'MOVE write',
      'PROPFIND read',
    ]);
  } finally {
    await gateway.close();
    await dav.close();
    await policies.remove();
  }
});
