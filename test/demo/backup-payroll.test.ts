import { expect, test } from '@jest/globals';
import { createBackup } from '../../src/demo/backup.ts';
import { createPayroll } from '../../src/demo/payroll.ts';

test('the backup server lists, restores and streams archives', async () => {
  const backup = await createBackup();
  try {
    const list = await fetch(`${backup.origin}/`, { headers: { 'accept-language': 'fr' } });
    expect(await list.text()).toContain('Sauvegardes');
    const archive = await fetch(`${backup.origin}/backups/b-0308/archive?mb=2`);
    expect(archive.headers.get('content-disposition')).toBe('attachment; filename="b-0308.tar.gz"');
    expect((await archive.arrayBuffer()).byteLength).toBe(2 * 1024 * 1024);
    const restored = await fetch(`${backup.origin}/backups/b-0308/restore`, { method: 'POST' });
    expect(restored.url).toBe(`${backup.origin}/backups?restored=b-0308`);
    expect(await restored.text()).toContain('Restore of b-0308 started.');
    expect((await fetch(`${backup.origin}/backups/none/archive`)).status).toBe(404);
  } finally {
    await backup.close();
  }
});

test('the payroll lists and shows payslips', async () => {
  const payroll = await createPayroll();
  try {
    expect(await (await fetch(`${payroll.origin}/payslips`)).text()).toContain('Ines Malfait');
    const slip = await fetch(`${payroll.origin}/payslips/p-502`, { headers: { 'accept-language': 'fr' } });
    expect(await slip.text()).toMatch(/février 2026[\s\S]*1\s809,00\s€/u);
    expect((await fetch(`${payroll.origin}/payslips/p-9`)).status).toBe(404);
  } finally {
    await payroll.close();
  }
});
