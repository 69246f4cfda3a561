/** The drill: a test opening by nobody on the pages of a client, marked everywhere, stopped like anything else. */
import { describe, expect, test } from '@jest/globals';
import { acts, may, type Role } from '../../src/portal/roles.ts';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';

const running = 'Test opening: no person entered';

describe('trying it', () => {
  test('shows a test at once, to each of the client’s people and to nobody else', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    expect((await marc.get('/')).text).toContain('Try it: show me that I would see it');
    const answer = await marc.post('/drill');
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    const { text } = await marc.get('/');
    expect(text).toContain('The test is written into your log.');
    for (const who of ['marc', 'claire', 'dana']) {
      const page = (await browser(world, who).get('/')).text;
      expect(page).toContain(running);
      expect(page).toContain('Asked for by marc.');
    }
    expect((await browser(world, 'nadia').get('/')).text).not.toContain(running);
    expect((await browser(world, 'claire', 'fr').get('/')).text).toContain('Ouverture d’essai');
    expect(world.memory.room('acme').openings.size).toBe(0);
  });

  test('stands in all lines and in the history as a test, and not among the accesses', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    await marc.post('/drill');
    expect((await marc.get('/activity')).text).toContain('Test opening began: no person, no system');
    const history = (await marc.get('/history')).text;
    expect(history).toContain('Tests in this period');
    expect(history).toMatch(/running\. Asked for by marc/);
    expect((await browser(world, 'nadia').get('/history')).text).not.toContain('Tests in this period');
  });

  test('a month counts them apart', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    expect((await marc.get('/report?month=2026-10')).text).not.toContain('Tests, not counted above');
    await marc.post('/drill');
    const { text } = await marc.get('/report?month=2026-10');
    expect(text).toMatch(/Tests, not counted above<\/dt><dd>1</);
    expect((await marc.get('/report?month=2026-09')).text).not.toContain('Tests, not counted above');
  });

  test('five an hour, by whomever of the client', async () => {
    const world = makeWorld();
    for (const who of ['marc', 'claire', 'dana', 'marc', 'claire'])
      expect((await browser(world, who).post('/drill')).status).toBe(303);
    const refused = await browser(world, 'dana').post('/drill');
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Five tests began in the last hour');
    expect((await browser(world, 'nadia').post('/drill')).status).toBe(303);
  });

  test('is for a client’s people alone', () => {
    const roles: readonly Role[] = ['technician', 'contact', 'dpo', 'visitor'];
    expect(roles.filter((role) => may(role, 'drill'))).toEqual([]);
    expect(acts.drill.method).toBe('post');
  });
});

describe('stopping it', () => {
  test('works by its own Stop and by the one for all, and says how long it took', async () => {
    for (const what of ['drill0', 'all']) {
      const world = makeWorld();
      const marc = browser(world, 'marc');
      await marc.csrf();
      world.memory.room('acme').lines.length = 0;
      await marc.post('/drill');
      expect((await browser(world, 'claire').post('/stop', { opening: what })).status).toBe(303);
      expect((await marc.get('/')).text).not.toContain(running);
      const steps = world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === 'drill.ran');
      expect(steps.map(({ leaf }) => [leaf.step, leaf.seat])).toEqual([
        ['began', 'seat-marc'],
        ['stopped', 'seat-claire'],
      ]);
      expect((await marc.get('/history')).text).toContain('stopped after');
    }
  });

  test('the page says how long it took', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    await marc.post('/drill');
    await marc.post('/stop', { opening: 'all' });
    expect((await marc.get('/')).text).toMatch(/The test is stopped: [\d.]+\sms from the moment/);
  });

  test('another client’s does not exist, and one that is over neither', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    await marc.csrf();
    world.memory.room('acme').lines.length = 0;
    await marc.post('/drill');
    expect((await browser(world, 'nadia').post('/stop', { opening: 'drill0' })).status).toBe(404);
    world.memory.now += 600_000;
    expect((await marc.get('/')).text).not.toContain(running);
    expect((await marc.post('/stop', { opening: 'drill0' })).status).toBe(404);
  });

  test('says that it cannot be written; a stop of what is real does not fail over it', async () => {
    const world = makeWorld();
    const marc = browser(world, 'marc');
    await marc.csrf();
    world.memory.room('acme').lines.length = 0;
    await marc.post('/drill');
    world.memory.failing = 'writes';
    expect((await marc.post('/stop', { opening: 'drill0' })).status).toBe(503);
    expect((await marc.post('/stop', { opening: 'all' })).status).toBe(303);
    expect(world.memory.ends.map(({ cause }) => cause)).toContain('stopped');
  });
});
