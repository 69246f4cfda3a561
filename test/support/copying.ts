/** For tests of copies: a gateway before an application that answers what the test says, and a technician who fetches it. */
import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { type OpenedAccess, startTestGateway, type TestGateway } from './gateway.ts';
import { policyFolder } from './policies.ts';

export interface CopyingGateway {
  readonly gateway: TestGateway;
  close(): Promise<void>;
}

export async function startCopying(options: {
  readonly answer: RequestListener;
  /** What a socket at `/ws` sends before it closes. */
  readonly frames: { readonly count: number; readonly bytes: number };
  /** Bytes beyond which a page is a copy. */
  readonly threshold: number;
  /** Lines of the profile on further routes. */
  readonly routes?: readonly string[];
}): Promise<CopyingGateway> {
  const { answer, frames, threshold, routes = [] } = options;
  const server = createServer(answer);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (live) => {
      for (let i = 0; i < frames.count; i += 1) live.send(Buffer.alloc(frames.bytes, i));
      live.close();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lines = [...routes, '- { path: /ws, operation: read, socket: true }'].map((line) => `  ${line}`);
  const policies = await policyFolder({
    'profiles/erp-demo.yaml': `application: { en: Test, fr: Essai }
routes:
${lines.join('\n')}
copy: { bytes: ${threshold} }
`,
  });
  const { port } = server.address() as AddressInfo;
  const gateway = await startTestGateway({ erp: `http://127.0.0.1:${port}`, policies: policies.path });
  return {
    gateway,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      server.close();
      await policies.remove();
    },
  };
}

/** Asks within an access, over a connection of its own. */
export function ask(
  { port }: TestGateway,
  { host, cookie }: OpenedAccess,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): ClientRequest {
  return request({
    ...{ host: '127.0.0.1', port, method, path, agent: false, maxHeaderSize: 65_536 },
    headers: { host, cookie, origin: `http://${host}`, ...headers },
  }).end();
}

/** The whole body, or how far it came; a reset may outrun what left before it, and then the status is 0. */
export async function fetched(
  asked: ClientRequest,
): Promise<{ readonly status: number; readonly body: Buffer; readonly whole: boolean }> {
  asked.on('error', () => undefined);
  const [answer] = (await once(asked, 'response').catch(() => [])) as [IncomingMessage?];
  if (answer === undefined) return { status: 0, body: Buffer.alloc(0), whole: false };
  const parts: Buffer[] = [];
  answer.on('data', (part: Buffer) => parts.push(part));
  answer.on('error', () => undefined);
  await new Promise<void>((resolve) => answer.once('close', resolve));
  return { status: answer.statusCode ?? 0, body: Buffer.concat(parts), whole: answer.complete };
}
