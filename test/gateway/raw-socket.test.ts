/** A request that Node read from a connection which was gone: it has no socket, and must neither begin anything nor fail a cut. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { createHandler, type HandleDeps } from '../../src/gateway/handle.ts';
import { reset } from '../../src/gateway/raw-socket.ts';

test('it begins nothing', async () => {
  const asked: PropertyKey[] = [];
  const deps = new Proxy({} as HandleDeps, {
    get(_, name) {
      asked.push(name);
      throw new Error(`asked for ${String(name)}`);
    },
  });
  const gone = { socket: null, url: '/', headers: {} } as unknown as IncomingMessage;
  await createHandler(deps)(gone, {} as ServerResponse);
  expect(asked).toEqual([]);
});

test('a cut goes past it', () => {
  expect(() => reset(null)).not.toThrow();
});
