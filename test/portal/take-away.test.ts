/** The page from which a client takes its record home. */
import { describe, expect, test } from '@jest/globals';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';

describe('taking the record home', () => {
  test('is a file, and a line of the log first', async () => {
    const world = makeWorld();
    const answer = await browser(world, 'marc').get(
      '/take-away/log?from=2026-10-01&until=2026-10-05&format=csv&separator=%3B&bom=on',
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="accesses-acme-2026-10-01-2026-10-05.csv"',
    );
    expect(answer.text).toBe('csv of acme');
    expect(world.memory.commands).toContainEqual(
      expect.objectContaining({
        do: 'append',
        draft: expect.objectContaining({
          t: 'log.read',
          fields: expect.objectContaining({ view: 'take-csv' }),
        }),
      }),
    );
  });

  test.each([
    ['a day that does not exist', 'from=2026-02-30&until=&format=csv', 'Choose a day that exists.'],
    ['no day at all', 'from=&until=soon&format=csv', 'Choose a day that exists.'],
    [
      'an end before the beginning',
      'from=2026-10-05&until=2026-10-01&format=csv',
      'The end lies before the beginning.',
    ],
    ['an unknown form', 'from=&until=&format=xls', 'Choose a form.'],
    ['markup', 'from=%3Cb%3E&until=&format=csv', 'Choose a day that exists.'],
  ])('%s is said at its place, and nothing is sent', async (_, query, sentence) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').get(`/take-away/log?${query}`);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(sentence);
    expect(answer.text).not.toContain('<b>');
    expect(world.memory.commands.filter((command) => command.do === 'append')).toEqual([]);
  });
});
