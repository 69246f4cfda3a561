import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createErp } from '../../src/demo/erp.ts';
import type { DemoServer } from '../../src/demo/server.ts';

let erp: DemoServer;

beforeAll(async () => {
  erp = await createErp();
});

afterAll(() => erp.close());

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(erp.origin + path, { redirect: 'manual', ...init });
}

function rpc(method: string, params: object): Promise<Response> {
  return ask('/api/rpc', { method: 'POST', body: JSON.stringify({ method, params }) });
}

describe('pages', () => {
  test.each([
    '/',
    '/customers',
    '/customers/1002',
    '/invoices',
    '/invoices/F-2043',
    '/upload',
    '/live',
    '/sql',
  ])('%s is a page in both languages', async (path) => {
    const [fr, en] = await Promise.all(
      ['fr-FR,fr;q=0.9,en;q=0.8', 'en-GB'].map((language) =>
        ask(path, { headers: { 'accept-language': language } }),
      ),
    );
    expect([fr?.status, en?.status]).toEqual([200, 200]);
    expect(await fr?.text()).toContain('<html lang="fr">');
    expect(await en?.text()).toContain('<html lang="en">');
  });

  test('every link of the dashboard works', async () => {
    const html = await (await ask('/')).text();
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) {
      expect([link, (await ask(link, { method: 'HEAD' })).status]).toEqual([link, 200]);
    }
  });

  test('a saved form redirects and is seen afterwards, escaped', async () => {
    const body = new URLSearchParams({ name: 'A <b>&', city: 'Rennes', unknown: 'x' });
    const saved = await ask('/customers/1005', { method: 'POST', body });
    expect([saved.status, saved.headers.get('location')]).toEqual([303, '/customers/1005?saved']);
    const html = await (await ask('/customers/1005')).text();
    expect(html).toContain('A &lt;b>&amp;');
    const row: unknown = await (await ask('/api/customers/1005')).json();
    expect(row).toMatchObject({ result: { city: 'Rennes', mail: 'bonjour@fleursdici.example' } });
    expect(row).not.toHaveProperty('result.unknown');
  });

  test('what is not there is 404, a wrong method 405, a huge form 413', async () => {
    expect((await ask('/nothing')).status).toBe(404);
    expect((await ask('/customers/9')).status).toBe(404);
    const wrong = await ask('/live', { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await ask('/customers/1001', { method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
  });

  test('static files carry a validator', async () => {
    const first = await ask('/static/style.css');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('public, max-age=3600');
    expect((await ask('/static/style.css', { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await ask('/static/none.css')).status).toBe(404);
  });
});

describe('interfaces for programs', () => {
  test('customers are listed, added, changed and read', async () => {
    const added = await ask('/api/customers', { method: 'POST', body: '{"name":"Neuf"}' });
    expect(added.status).toBe(201);
    const { id } = (await added.json()) as { id: string };
    expect(
      (await ask(`/api/customers/${id}`, { method: 'PUT', body: '{"city":"Pau","mail":7}' })).status,
    ).toBe(200);
    expect(await (await ask(`/api/customers/${id}`)).json()).toEqual({
      result: { id, name: 'Neuf', city: 'Pau', mail: '', phone: '', note: '' },
    });
    expect(await (await ask('/api/customers?q=neuf')).json()).toHaveLength(1);
  });

  test('the RPC body alone tells what is done', async () => {
    expect(await (await rpc('customer.read', { id: '1001' })).json()).toMatchObject({
      result: { city: 'Nantes' },
    });
    expect(await (await rpc('customer.search', { text: 'garage' })).json()).toMatchObject({
      result: [{ id: '1002' }],
    });
    expect(await (await rpc('customer.delete', { id: '1004' })).json()).toEqual({
      result: { deleted: '1004' },
    });
    expect((await rpc('customer.read', { id: '1004' })).status).toBe(404);
    expect((await rpc('customer.drop', {})).status).toBe(400);
  });

  test.each(['[]', '{', '"a"', ''])('a body %j that is no object is 400', async (body) => {
    expect((await ask('/api/rpc', { method: 'POST', body })).status).toBe(400);
  });
});

describe('the SQL prompt', () => {
  const run = async (sql: string, accept = '*/*') => {
    const body = new URLSearchParams({ sql });
    const answer = await ask('/sql', { method: 'POST', body, headers: { accept } });
    return [answer.status, await answer.text()] as const;
  };

  test('answers people with a table and programs with lines; what is changed is a copy', async () => {
    const asked = "SELECT id, city FROM customers WHERE city = 'Lille'";
    expect(await run(asked)).toEqual([200, 'id\tcity\n1002\tLille\n']);
    expect((await run(asked, 'text/html'))[1]).toContain('<td>1002</td><td>Lille</td>');
    expect((await run("UPDATE customers SET city = 'x'"))[0]).toBe(200);
    expect((await run(asked))[1]).toContain('1002');
    expect((await run('SELECT 1 FROM customers a, customers b, customers c'))[1]).toMatch(/…\n$/);
  });

  test.each([
    ...[
      "ATTACH 'x.db' AS x",
      "VACUUM INTO 'x.db'",
      'PRAGMA journal_mode',
      'CREATE TABLE t (a)',
      'DROP TABLE customers',
    ],
    ...[
      "SELECT load_extension('x')",
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n',
    ],
    ...['', 'SELECT', 'SELECT 1; SELECT 2 FROM nowhere', 'x'.repeat(3_000)],
  ])('%s is answered with a sentence, and touches no file', async (sql) => {
    const [status, text] = await run(sql);
    expect(existsSync('x.db')).toBe(false);
    expect([status, text]).toEqual([sql.startsWith('SELECT 1;') ? 200 : 400, expect.stringMatching(/./)]);
  });
});

describe('transfers', () => {
  test('the CSV is an attachment and guards formulas', async () => {
    await ask('/customers/1003', {
      method: 'POST',
      body: new URLSearchParams({ name: '=1+1', note: 'a"b' }),
    });
    const answer = await ask('/export/customers.csv');
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(await answer.text()).toContain(`"1003","'=1+1","Angers",`);
  });

  test('a large download has the size asked for', async () => {
    const answer = await ask('/export/full.bin?mb=3');
    expect(answer.headers.get('content-length')).toBe(String(3 * 1024 * 1024));
    expect((await answer.arrayBuffer()).byteLength).toBe(3 * 1024 * 1024);
  });

  test('a slow download keeps its rate', async () => {
    const leave = new AbortController();
    const answer = await ask('/export/full.bin?mb=1&rate=1000000', { signal: leave.signal });
    const reader = answer.body?.getReader();
    let bytes = 0;
    const start = performance.now();
    while (bytes < 300_000) bytes += (await reader?.read())?.value?.length ?? Number.POSITIVE_INFINITY;
    expect(performance.now() - start).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(600_000);
    leave.abort();
  });

  test('a reader who does not read is waited for, not buffered', async () => {
    const before = process.memoryUsage().rss;
    const socket = connect(erp.port, '127.0.0.1');
    socket.write('GET /export/full.bin?mb=1024 HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });

  test('an upload is counted and hashed', async () => {
    const body = randomBytes(300_000);
    const answer = await ask('/upload', { method: 'POST', body });
    expect(await answer.json()).toEqual({
      bytes: 300_000,
      sha256: createHash('sha256').update(body).digest('hex'),
    });
    const page = await ask('/upload', { method: 'POST', body, headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('300,000 bytes');
  });
});

describe('live feeds', () => {
  test('the WebSocket tells and echoes', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${erp.port}/ws`);
    const [first] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(first.toString())).toMatchObject({ kind: 'event', number: 0 });
    socket.send('hello');
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const message = JSON.parse(data.toString()) as { kind: string; text: string };
      if (message.kind !== 'echo') continue;
      expect(message.text).toBe('hello');
      break;
    }
    socket.close();
    await once(socket, 'close');
  });

  test('feeds speak the language of the reader', async () => {
    const answer = await ask('/events', { headers: { 'accept-language': 'fr' } });
    const chunk = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(chunk?.value)).toContain('Commande 7741 emballée');
  });

  test('an upgrade elsewhere is refused', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${erp.port}/other`);
    const [fault] = (await once(socket, 'error')) as [Error];
    expect(fault.message).toContain('404');
  });

  test('server-sent events arrive at once', async () => {
    const answer = await ask('/events');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const chunk = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(chunk?.value)).toMatch(/^id: 0\ndata: \{.*\}\n\n$/);
  });
});

test('close ends open feeds and frees the port', async () => {
  const other = await createErp();
  const socket = new WebSocket(`ws://127.0.0.1:${other.port}/ws`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await other.close();
  await closed;
  const again = await createErp({ port: other.port });
  await again.close();
});
