/**
 * A real application nobody here wrote, behind the whole product: Node-RED's editor loads, deploys and hears back over
 * its WebSocket through the gateway, with every access in the log; a stop ends the live link.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { browserAvailable, launch } from '../support/browser.ts';
import { startTestGateway } from '../support/gateway.ts';
import { startNodeRed } from '../support/node-red.ts';
import { playEditor } from './node-red-editor.ts';

/** The sample policies with Node-RED as acme's ERP. */
async function policiesWithNodeRed(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'consentry-node-red-'));
  await cp('policies', folder, { recursive: true });
  await rm(join(folder, 'cases'), { recursive: true, force: true });
  const file = join(folder, 'clients', 'acme.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('profile: erp-demo', 'profile: node-red'));
  return folder;
}

test('Node-RED works through the gateway and every access is in the log', async () => {
  if (!browserAvailable()) return;
  const policies = await policiesWithNodeRed();
  const nodeRed = await startNodeRed();
  const gateway = await startTestGateway({ policies, erp: nodeRed.origin });
  const browser = await launch();
  try {
    const { host, cookie, opening } = await gateway.open({ purpose: 'support' });
    const origin = `http://${host}`;
    const [name = '', value = ''] = cookie.split('=');
    await browser.context.addCookies([
      {
        name,
        value,
        domain: host.split(':')[0] ?? '',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
      },
    ]);
    let exchanges = 0;
    const played = await playEditor(browser.context, origin, async () => {
      const running = gateway.app.running('acme').filter(({ template }) => template === '/comms');
      expect(running.length).toBeGreaterThan(0);
      const by = { provider: 'test' };
      exchanges = (await gateway.app.authority.end({ client: 'acme', opening }, 'stopped', by)).exchanges;
    });
    expect(played).toMatchObject({ deployStatus: 200, failures: [], faults: [] });
    expect(played.message).toContain('bonjour');
    expect(exchanges).toBeGreaterThan(0);
    expect(await gateway.lastOutcome()).toBe('terminated:stopped');
    const targets = (await gateway.lines()).map(({ groups }) =>
      typeof groups.target === 'object' ? groups.target.path : undefined,
    );
    expect(targets).toEqual(expect.arrayContaining(['/', '/comms', '/flows']));
  } finally {
    await browser.close();
    await gateway.close();
    await nodeRed.close();
    await rm(policies, { recursive: true, force: true });
  }
}, 90_000);
