/** Sheets as spreadsheets write them, and what is wrong with those that are not. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCsv } from '../../src/core/policy/csv.ts';
import { stopwatch } from '../support/stopwatch.ts';

describe('a sheet', () => {
  test.each([
    [
      'commas',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'semicolons, with commas inside',
      'a;b\n1,5;2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a semicolon in a quoted heading',
      '"a;b",c\n1,2\n',
      [
        ['a;b', 'c'],
        ['1', '2'],
      ],
    ],
    [
      'a byte order mark',
      '\uFEFFa;b\r\n1;2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'line ends of Windows',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, separators and lines inside quotes',
      'a,b\n"1, ""x""","2\n3"\n',
      [
        ['a', 'b'],
        ['1, "x"', '2\n3'],
      ],
    ],
    [
      'empty cells and empty lines',
      'a,b\n\n,\n1,\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_name, text, cells) => {
    const { rows, faults } = parseCsv(text);
    expect(rows.map((row) => row.cells)).toEqual(cells);
    expect(faults).toEqual([]);
  });

  test('every fault is told with its line, and lines inside quotes count', () => {
    const { faults, rows } = parseCsv('a,b\n"1\n2",3\nx"y,1\n"4"5,6\n7,8\n9,"open\n');
    expect(faults).toEqual([
      { line: 4, message: 'a quote may stand only around a whole cell; inside one it is written twice' },
      { line: 5, message: 'after a closing quote comes the next cell or the end of the line' },
      { line: 7, message: 'a quote is opened here and never closed' },
    ]);
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 6]);
  });

  test('what is written with quotes comes back, whatever it holds', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', ' ', '\uFEFF') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1 }), (sheet) => {
        const filled = sheet.filter((row) => row.some((one) => one !== ''));
        const text = filled
          .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
          .join('\r\n');
        expect(parseCsv(text).rows.map(({ cells }) => cells)).toEqual(filled);
      }),
    );
  });

  test('never throws, and takes time in proportion', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', 'x', ';') }),
        (text) => void parseCsv(text),
      ),
    );
    const took = stopwatch();
    parseCsv('"'.repeat(1_000_001));
    expect(took().ran).toBeLessThan(2_000);
  });
});
