/**
 * We keep nothing of the client's data: a canary planted in path, query, headers, bodies, file name and error is found
 * in no file that Consentry writes, and in nothing it prints.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const canary = 'KanarienvogelQ7x';
let upstream: HttpUpstream;
let gateway: TestGateway;
const printed: string[] = [];

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  upstream = await httpUpstream((req, res) => {
    req.resume();
    if (req.url?.includes('boom')) {
      res.socket?.end(`HTTP/1.1 999 ${canary}\r\nX-Error: ${canary}\r\n\r\n${canary}`);
      return;
    }
    res.writeHead(200, {
      'content-type': `text/${canary}; charset=${canary}`,
      'content-disposition': `inline; filename="${canary}.pdf"`,
      'x-patient': canary,
      'set-cookie': `a=${canary}`,
    });
    res.end(canary.repeat(100));
  });
  gateway = await startTestGateway({ erp: upstream.origin });
});

afterAll(async () => {
  jest.restoreAllMocks();
  await upstream?.close();
});

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('the canary is found in no file and no output', async () => {
  const { host, cookie } = await gateway.open({ purpose: 'support' });
  const head = (method: string, path: string, more = ''): string =>
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}; app=${canary}\r\nSec-Fetch-Site: same-origin\r\nX-Canary: ${canary}\r\nReferer: http://${host}/${canary}\r\nUser-Agent: ${canary}\r\n${more}\r\n`;
  const sent = [
    head('GET', `/customers/${canary}?name=${canary}#`.replace('#', '')),
    head('GET', `/unlisted/${canary}/${canary}.pdf?q=${canary}`),
    head('POST', '/api/rpc', `Content-Type: application/json\r\nContent-Length: ${canary.length + 4}\r\n`) +
      `["${canary}"]`,
    head('POST', `/customers/${canary}`, `Content-Length: ${canary.length}\r\n`) + canary,
    head('GET', `/boom/${canary}`),
    head('GET', `/a/../${canary}`),
    head('GET', `/export/${canary}.csv`),
    `GET /${canary} HTTP/1.1\r\nHost: ${host}\r\nCookie: __Host-consentry=${canary}\r\n\r\n`,
    `GET /${canary} HTTP/1.1\r\nHost: ${host}\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n\r\n`,
  ];
  const statuses = [];
  for (const bytes of sent) statuses.push((await raw(gateway.port, bytes)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 502, 400, 403, 401, 303]);
  expect(upstream.requests.length).toBe(5);
  await gateway.lastOutcome();
  await gateway.close(true);
  const files = await filesUnder(gateway.folder);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      // What SQLite takes away when a database closes is on no disk any more.
      if (error.code === 'ENOENT' && /-(?:wal|shm)$/.test(file)) return Buffer.alloc(0);
      throw error;
    });
    expect({ file, found: bytes.includes(canary) || bytes.includes(Buffer.from(canary, 'utf16le')) }).toEqual(
      { file, found: false },
    );
  }
  expect(printed.join('')).not.toContain(canary);
});
