/**
 * What a person does in Node-RED's editor, played in a real browser: open it, drop a node, deploy, run a flow and see
 * its message come back over the WebSocket. Knows only an origin and a browser whose cookies are already right, so the
 * same play runs with and without a gateway in between.
 */
import type { BrowserContext, Page, WebSocket } from 'playwright-core';

export interface Played {
  /** Status of `POST /flows` when deploying. */
  readonly deployStatus: number;
  /** URL of the editor's WebSocket. */
  readonly socketUrl: string;
  /** Text of the debug message that came back over that WebSocket. */
  readonly message: string;
  /** Every answer of 400 and above that the page met, as `status path`. */
  readonly failures: readonly string[];
  /** Exceptions thrown in the page. */
  readonly faults: readonly string[];
}

/** Opens the editor; resolves when the workspace stands and its WebSocket has received something. */
export async function openEditor(page: Page, origin: string): Promise<WebSocket> {
  const socket = page.waitForEvent('websocket', (candidate) => candidate.url().endsWith('/comms'));
  await page.goto(`${origin}/`, { waitUntil: 'load' });
  await page.locator('#red-ui-palette-container .red-ui-palette-node').first().waitFor();
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  return socket;
}

/** Drops one node by hand, brings in a flow, deploys, fires the flow and reads what came back. */
export async function playEditor(
  context: BrowserContext,
  origin: string,
  /** Run while the editor is still open. */
  meanwhile: () => Promise<void> = async () => {},
): Promise<Played> {
  const page = await context.newPage();
  const failures: string[] = [];
  const faults: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() >= 400) failures.push(`${answer.status()} ${new URL(answer.url()).pathname}`);
  });
  page.on('pageerror', (fault) => faults.push(fault.message));
  const socket = await openEditor(page, origin);
  await dropComment(page);
  await importFlow(page);
  const deployStatus = await deploy(page);
  const message = await fire(page, socket);
  await meanwhile();
  await page.close();
  return { deployStatus, socketUrl: socket.url(), message, failures, faults };
}

async function dropComment(page: Page): Promise<void> {
  const node = page.locator('.red-ui-palette-node[data-palette-type="comment"]');
  await node.scrollIntoViewIfNeeded();
  await node.dragTo(page.locator('#red-ui-workspace-chart'), { targetPosition: { x: 300, y: 300 } });
  await page.locator('#red-ui-workspace-chart .red-ui-flow-node-group').waitFor();
}

/** A flow of two nodes, brought in through the editor's own import, as pasting it would. */
async function importFlow(page: Page): Promise<void> {
  await page.evaluate(`RED.view.importNodes([
    { id: 'a1', type: 'inject', name: 'greet', props: [{ p: 'payload' }], repeat: '', crontab: '', once: false, onceDelay: 0.1, topic: '', payload: 'bonjour', payloadType: 'str', x: 200, y: 120, wires: [['a2']] },
    { id: 'a2', type: 'debug', name: 'show', active: true, tosidebar: true, complete: 'payload', targetType: 'msg', x: 400, y: 120, wires: [] },
  ], { generateIds: true, touchImport: true })`);
  await page.locator('.red-ui-flow-node-label', { hasText: 'greet' }).waitFor();
}

async function deploy(page: Page): Promise<number> {
  const answer = page.waitForResponse((candidate) => {
    return candidate.request().method() === 'POST' && new URL(candidate.url()).pathname === '/flows';
  });
  await page.locator('#red-ui-header-button-deploy').click();
  const status = (await answer).status();
  await page.locator('#red-ui-header-button-deploy.disabled').waitFor();
  return status;
}

/** Presses the inject node's button (an HTTP request) and waits for the debug message (over the WebSocket). */
async function fire(page: Page, socket: WebSocket): Promise<string> {
  const frame = socket.waitForEvent('framereceived', (candidate) =>
    String(candidate.payload).includes('bonjour'),
  );
  const button = page
    .locator('.red-ui-flow-node-group', { hasText: 'greet' })
    .locator('.red-ui-flow-node-button-button');
  await button.click();
  await frame;
  return (await page.locator('.red-ui-debug-msg-payload').first().textContent()) ?? '';
}
