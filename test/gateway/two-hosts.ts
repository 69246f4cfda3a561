/** The sample's ERP with two hosts, and a browser that goes there as browsers do. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '../../src/demo/world.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser, type Visit } from '../support/oidc.ts';

/** Says of each navigation what browsers say of it. */
export class NavigatingBrowser extends TestBrowser {
  override go(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const headers = { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', ...visit.headers };
    return super.go(address, { ...visit, headers });
  }

  /** Sends the form of this page. */
  declareOn(page: Answer, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const form = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    return this.follow(new URL('/declare', page.url), {
      method: 'POST',
      headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
      form: {
        ...{ ...form, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' },
        ...more,
      },
    });
  }

  /** Through the portal's page that leads on, which a browser leaves by itself. */
  async on(answer: Answer): Promise<Answer> {
    const href = /href="([^"]*\/\.consentry\/enter[^"]*)"/.exec(answer.text)?.[1];
    return href === undefined ? answer : this.follow(href.replaceAll('&amp;', '&'));
  }
}

export interface TwoHosts {
  readonly gateway: TestGateway;
  first(path: string): string;
  second(path: string): string;
  /** What a browser has of ours for that host. */
  cookieOf(browser: TestBrowser, host: string): string | undefined;
  close(): Promise<void>;
}

export async function startTwoHosts({ between = false } = {}): Promise<TwoHosts> {
  const policies = await mkdtemp(join(tmpdir(), 'consentry-hosts-'));
  await cp('policies', policies, { recursive: true });
  const acme = join(policies, 'clients', 'acme.yaml');
  const text = await readFile(acme, 'utf8');
  await writeFile(acme, text.replace('[erp.acme.localhost]', '[erp.acme.localhost, old-erp.acme.localhost]'));
  const profile = join(policies, 'profiles', 'erp-demo.yaml');
  if (between)
    await writeFile(profile, `${(await readFile(profile, 'utf8')).trimEnd()}\n\nbetween_hosts: true\n`);
  const port = await freePort();
  const world = await startWorld(`http://portal.localhost:${port}`);
  const { identityProvider, clientSecret, erp } = world;
  const gateway = await startTestGateway({
    ...{ policies, port, issuer: identityProvider.issuer, clientSecret, erp: erp.origin },
  });
  return {
    gateway,
    first: (path) => `http://erp.acme.localhost:${port}${path}`,
    second: (path) => `http://old-erp.acme.localhost:${port}${path}`,
    cookieOf: (browser, host) => browser.cookies.get(`${host}:${port} __Host-consentry`),
    close: async () => {
      await gateway.close();
      await world.close();
      await rm(policies, { recursive: true, force: true });
    },
  };
}
