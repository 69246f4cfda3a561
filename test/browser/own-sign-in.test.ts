/** An application that signs people in at a provider on another site, which posts its answer as a form: in a real browser. */
import { expect, test } from '@jest/globals';
import { browserAvailable, launch } from '../support/browser.ts';
import { enterWith } from '../support/cookies.ts';
import { startTestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { httpUpstream } from '../support/upstreams.ts';

const profile = `application: { en: Test, fr: Essai }
callbacks: [/saml/acs]
service_workers: [/sw.js]
routes:
  - { path: /saml/acs, methods: [POST], operation: read, label: { en: Signed in elsewhere, fr: Connexion externe } }
  - { path: /sw.js, operation: read }
`;

test('the form comes home with the access, and the application signs the person in', async () => {
  if (!browserAvailable()) return;
  const policies = await policyFolder({ 'profiles/erp-demo.yaml': profile });
  let application = '';
  // On an address, so for the browser on another site than any name.
  const provider = await httpUpstream((_req, res) => {
    const fields = '<input name="SAMLResponse" value="PHg+="><input name="submit" value="1">';
    res.writeHead(200, { 'content-type': 'text/html' });
    res.end(`<form method="post" action="${application}/saml/acs?i=1">${fields}<button>Post</button></form>`);
  });
  const erp = await httpUpstream(async (req, res, seen) => {
    if (req.method === 'POST') {
      for await (const part of req as AsyncIterable<Buffer>) seen.body = part;
      res.writeHead(303, { location: '/home', 'set-cookie': 'app=1; Path=/; SameSite=Lax' }).end();
    } else if (req.url === '/login') {
      res.writeHead(302, { location: `${provider.origin}/sso` }).end();
    } else if (req.url === '/sw.js' || req.url === '/not-listed.js') {
      res.writeHead(200, { 'content-type': 'text/javascript' }).end('');
    } else {
      res.writeHead(200, { 'content-type': 'text/html' });
      res.end(`<title>Home</title><h1>${seen.headers.cookie ?? ''}</h1>`);
    }
  });
  const gateway = await startTestGateway({ policies: policies.path, erp: erp.origin });
  const browser = await launch();
  try {
    const access = await gateway.open({ purpose: 'hotline' });
    application = await enterWith(browser.context, access);
    const page = await browser.context.newPage();
    await page.goto(`${application}/login`);
    expect(page.url()).toBe(`${provider.origin}/sso`);
    await page.locator('button').click();
    await page.waitForURL(`${application}/home`);
    expect(await page.locator('h1').textContent()).toContain('app=1');
    const posted = erp.requests.filter(({ method }) => method === 'POST');
    expect(posted.map(({ url, body }) => `${url} ${body.toString()}`)).toEqual([
      '/saml/acs?i=1 SAMLResponse=PHg%2B%3D&submit=1',
    ]);
    expect(posted[0]?.headers.origin).toBe(application);
    const paths = (await gateway.lines()).map(({ groups }) => (groups.target as { path?: string })?.path);
    expect(paths.filter((path) => path === '/saml/acs')).toHaveLength(1);

    const register = (script: string): Promise<string> =>
      page.evaluate(
        (address) =>
          navigator.serviceWorker.register(address).then(
            () => 'kept',
            () => 'refused',
          ),
        script,
      );
    expect(await register('/sw.js')).toBe('kept');
    expect(await register('/not-listed.js')).toBe('refused');

    // Without scripts a button sends it on.
    const other = await browser.context.browser()?.newContext({ javaScriptEnabled: false });
    if (other !== undefined) {
      await enterWith(other, access);
      const plain = await other.newPage();
      await plain.goto(`${provider.origin}/sso`);
      await plain.locator('button').click();
      await plain.locator('button').click();
      await plain.waitForURL(`${application}/home`);
      await other.close();
    }
  } finally {
    await browser.close();
    await gateway.close();
    await erp.close();
    await provider.close();
    await policies.remove();
  }
}, 90_000);
