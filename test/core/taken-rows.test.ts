/** Cells, lines and documents that leave the house: what a log may hold must do no harm in a spreadsheet. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCsv } from '../../src/core/policy/csv.ts';
import { csvCell, csvHead, csvLine, ecsLine, jsonLine, type TakenRow } from '../../src/core/taken-rows.ts';

const row: TakenRow = {
  what: 'access',
  at: Date.UTC(2026, 10, 25, 13, 2),
  by: '',
  seat: '',
  person: 'Alice M.',
  function: 'support-technician',
  employer: '',
  purpose: 'support',
  reference: 'INC-123',
  system: 'erp',
  operation: 'read',
  method: 'GET',
  path: '/customers/:id',
  dest: 'page',
  outcome: 'complete',
  cause: '',
  emergency: false,
  status: 200,
  up: 0,
  down: 1024,
  ms: 12,
  type: 'text/html',
  opening: 'o1',
  agreement: 'g1',
  id: 'r1',
  log: 'portal.example/log/x/2026',
  index: 7,
  said: '',
  digest: '',
};

describe('a cell', () => {
  test.each([
    ['plain', 'T-4711', 'T-4711'],
    ['a formula', '=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['a sum', '+1', "'+1"],
    ['a difference', '-1+cmd', "'-1+cmd"],
    ['an at sign', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab in front', '\t=1', "' =1"],
    ['a line break', 'one\r\ntwo', 'one  two'],
    ['an unseen sign in front of a formula', '\u200b=1', '" =1"'],
    ['right to left', 'a\u202eb', 'a b'],
    ['a separator', 'a;b', '"a;b"'],
  ])('%s', (_, value, expected) => {
    expect(csvCell(value, ';')).toBe(expected);
  });

  test('whatever it holds, it is one cell, no formula, and reads back as what can be seen', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(',' as const, ';' as const),
        (value, separator) => {
          const cell = csvCell(value, separator);
          expect(cell).not.toMatch(/[\r\n\t]/);
          expect(cell).not.toMatch(/^"?[=+\-@]/);
          const { rows, faults } = parseCsv(
            `a${separator}b${separator}c\r\nx${separator}${cell}${separator}y\r\n`,
          );
          expect(faults).toEqual([]);
          expect(rows[1]?.cells).toHaveLength(3);
          expect(rows[1]?.cells[0]).toBe('x');
          expect(rows[1]?.cells[2]).toBe('y');
        },
      ),
    );
  });
});

test('a line has as many cells as the head, whatever the separator', () => {
  for (const separator of [',', ';'] as const) {
    const text =
      csvHead(separator) + csvLine({ ...row, reference: 'a,b;c' }, '2026-11-25T14:02:00+01:00', separator);
    const { rows, faults } = parseCsv(text);
    expect(faults).toEqual([]);
    expect(rows[1]?.cells).toHaveLength(rows[0]?.cells.length ?? 0);
    expect(rows[1]?.cells).toContain('a,b;c');
  }
});

test('a line of JSON leaves out what does not apply', () => {
  const told = JSON.parse(jsonLine({ ...row, status: undefined, employer: '' })) as object;
  expect(told).toMatchObject({ at: '2026-11-25T13:02:00.000Z', person: 'Alice M.', down: 1024 });
  expect(told).not.toHaveProperty('status');
  expect(told).not.toHaveProperty('employer');
});

describe('a document for a search engine', () => {
  test('has the common fields', () => {
    expect(JSON.parse(ecsLine(row, 'acme'))).toMatchObject({
      '@timestamp': '2026-11-25T13:02:00.000Z',
      ecs: { version: '8.17.0' },
      event: { kind: 'event', category: ['web'], type: ['access'], outcome: 'success', duration: 12_000_000 },
      organization: { id: 'acme' },
      user: { name: 'Alice M.', roles: ['support-technician'] },
      http: { request: { method: 'GET' }, response: { status_code: 200, bytes: 1024 } },
      labels: { purpose: 'support', reference: 'INC-123' },
    });
  });

  test('says of an emergency that it is one, and of a review what it found and whose it is', () => {
    const review = {
      ...row,
      what: 'emergency.reviewed',
      method: '',
      outcome: 'not_in_order',
      emergency: true,
    };
    const client = { by: 'client', seat: 's1', person: '', function: 'representative' };
    const told = JSON.parse(ecsLine({ ...review, ...client }, 'acme')) as object;
    expect(told).toMatchObject({
      event: { action: 'emergency.reviewed', outcome: 'unknown' },
      user: { id: 's1', roles: ['representative'] },
      labels: { outcome: 'not_in_order', emergency: 'true', by: 'client' },
    });
    expect(told).not.toHaveProperty('user.name');
    expect(JSON.parse(ecsLine(row, 'acme'))).not.toHaveProperty('labels.emergency');
    expect(JSON.parse(jsonLine({ ...review, ...client }))).toMatchObject({ emergency: true, seat: 's1' });
    expect(JSON.parse(jsonLine(row))).not.toHaveProperty('emergency');
    expect(csvLine({ ...review, cause: 'stopped' }, '', ',')).toMatch(/,,,yes,stopped,\r\n$/);
  });

  test('tells the digest of a copy last, and as tools write one', () => {
    const digest = `sha256:${Buffer.alloc(32, 0xab).toString('base64url')}`;
    expect(csvLine({ ...row, digest }, '', ',').endsWith(`,${digest}\r\n`)).toBe(true);
    expect(JSON.parse(ecsLine({ ...row, digest }, 'acme'))).toMatchObject({
      file: { hash: { sha256: 'ab'.repeat(32) } },
    });
    expect(JSON.parse(ecsLine(row, 'acme'))).not.toHaveProperty('file');
  });

  test.each([
    ['refused:copy_not_granted', 'failure', ['denied']],
    ['terminated:stopped', 'failure', ['access']],
    ['running', 'unknown', ['access']],
    ['unknown-after-crash', 'unknown', ['access']],
  ])('%s is a %s', (outcome, expected, type) => {
    expect(JSON.parse(ecsLine({ ...row, outcome }, 'acme'))).toMatchObject({
      event: { outcome: expected, type },
    });
  });
});
