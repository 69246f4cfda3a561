import { expect, test } from '@jest/globals';
import { createBackup } from '../../src/demo/backup.ts';
import { createPayroll } from '../../src/demo/payroll.ts';
import { runLine } from '../../src/demo/shell.ts';

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

test('the backup server has a shell of a few invented files', async () => {
  const backup = await createBackup();
  try {
    expect(await (await fetch(`${backup.origin}/shell`)).text()).toContain('/static/shell.js');
    expect((await fetch(`${backup.origin}/static/shell.js`)).status).toBe(200);
    const socket = new WebSocket(`${backup.origin.replace('http', 'ws')}/shell/ws`);
    let screen = '';
    socket.onmessage = ({ data }) => {
      screen += String(data);
      if (screen.includes('verified')) socket.send('exit');
      else if (screen.split('$ ').length === 2) socket.send('cat /var/log/silo.log');
    };
    await new Promise((resolve, reject) => {
      socket.onclose = resolve;
      socket.onerror = reject;
    });
    expect(screen).toContain('operator@silo:~$ cat /var/log/silo.log\nSun 02:00 started');
  } finally {
    await backup.close();
  }
  expect([runLine('ls /var'), runLine('ls /none'), runLine('cat /etc/passwd'), runLine('rm -rf /')]).toEqual([
    ...['backups\nlog\n', 'ls: /none: No such folder\n', 'cat: /etc/passwd: No such file\n'],
    expect.stringContaining('rm: not found'),
  ]);
  expect(runLine('cat __proto__')).toContain('No such file');
});
