import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createErp } from '../../src/demo/erp.ts';
import { browserAvailable, launch } from '../support/browser.ts';

test('the sample ERP works in a browser: forms, live feeds, upload, download', async () => {
  if (!browserAvailable()) return;
  const erp = await createErp();
  const browser = await launch({ locale: 'fr-FR' });
  try {
    const page = await browser.context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (fault) => faults.push(fault.message));
    page.on('response', (answer) => {
      if (answer.status() >= 400) faults.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(erp.origin);
    await page.getByRole('navigation').getByRole('link', { name: 'Clients' }).click();
    await page.getByRole('link', { name: 'Garage Lefèvre & Fils' }).click();
    await page.getByLabel('Ville').fill('Roubaix');
    await page.getByRole('button', { name: 'Enregistrer' }).click();
    await page.getByText('Enregistré.').waitFor();
    expect(await page.getByLabel('Ville').inputValue()).toBe('Roubaix');

    await page.getByRole('link', { name: 'Vue en direct' }).click();
    await page.locator('#socket-state', { hasText: /^connecté$/ }).waitFor();
    await page.locator('#events-state', { hasText: /^connecté$/ }).waitFor();
    await page.getByLabel('Message').fill('bonjour');
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.locator('#socket li', { hasText: '↩ bonjour' }).waitFor();

    await page.getByRole('link', { name: 'Envoi de fichier' }).click();
    await page
      .getByLabel('Fichier')
      .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.getByText('octets reçus').waitFor();

    await page.goto(erp.origin);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Clients en CSV' }).click();
    const chunks: Buffer[] = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer);
    const served = Buffer.from(await (await fetch(`${erp.origin}/export/customers.csv`)).arrayBuffer());
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(served));
    expect(faults).toEqual([]);
  } finally {
    await browser.close();
    await erp.close();
  }
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
