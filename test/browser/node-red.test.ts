/** Node-RED without a gateway: proves that the play itself works, so that a failure behind the gateway is the gateway's. */
import { expect, test } from '@jest/globals';
import { browserAvailable, launch } from '../support/browser.ts';
import { startNodeRed } from '../support/node-red.ts';
import { playEditor } from './node-red-editor.ts';

test('the editor of Node-RED loads, deploys and hears back over its WebSocket', async () => {
  if (!browserAvailable()) return;
  const nodeRed = await startNodeRed();
  const browser = await launch();
  try {
    const played = await playEditor(browser.context, nodeRed.origin);
    expect(played).toMatchObject({ deployStatus: 200, failures: [], faults: [] });
    expect(played.socketUrl).toBe(`${nodeRed.origin.replace('http', 'ws')}/comms`);
    expect(played.message).toContain('bonjour');
    const flows = (await (await fetch(`${nodeRed.origin}/flows`)).json()) as { type: string }[];
    expect(flows.map((node) => node.type).sort()).toEqual(['comment', 'debug', 'inject', 'tab']);
  } finally {
    await browser.close();
    await nodeRed.close();
  }
});
