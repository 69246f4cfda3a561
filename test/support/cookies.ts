/** Puts an opening's cookie into a browser, as entering by hand would. */
import type { BrowserContext } from 'playwright-core';
import type { OpenedAccess } from './gateway.ts';

/** Answers the origin to visit: `http://erp.acme.localhost:<port>`. */
export async function enterWith(context: BrowserContext, { host, cookie }: OpenedAccess): Promise<string> {
  const [name = '', value = ''] = cookie.split('=');
  const domain = host.split(':')[0] ?? '';
  await context.addCookies([
    { name, value, domain, path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ]);
  return `http://${host}`;
}
