import { describe, expect, test } from '@jest/globals';
import { Fault } from '../src/core/faults.ts';
import type { Level, Log } from '../src/log.ts';
import { createLog, printable } from '../src/log.ts';

const CANARY = 'kanari-7f3';

function recording(logLevel: Level = 'info'): { log: Log; lines: Record<string, unknown>[]; raw: string[] } {
  const raw: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    raw.push(line);
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return { log: createLog({ logLevel, write }), lines, raw };
}

describe('what is printed', () => {
  test('one JSON line with time, level, event and the allowed fields', () => {
    const { log, lines } = recording();
    log.info('exchange ended', { request: '01JD-abc', status: 200, ms: 12.5, outcome: 'terminated:stopped' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'info',
      event: 'exchange ended',
      request: '01JD-abc',
      status: 200,
      ms: 12.5,
      outcome: 'terminated:stopped',
    });
  });

  test('only from the chosen level up', () => {
    const { log, lines } = recording('warn');
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines.map((line) => line.event)).toEqual(['c', 'd']);
  });

  test('URLs only as origins', () => {
    const { log, lines } = recording();
    const url = `https://user:${CANARY}@erp.example.com:8443/${CANARY}?a=${CANARY}#${CANARY}`;
    log.info('upstream answered', { upstream: url, issuer: new URL(url), portal: CANARY });
    expect(lines[0]).toMatchObject({
      upstream: 'https://erp.example.com:8443',
      issuer: 'https://erp.example.com:8443',
      portal: '[secret]',
    });
  });
});

describe('what is not', () => {
  test('unknown fields: neither value nor name, only how many', () => {
    const { log, lines, raw } = recording();
    log.info('exchange ended', {
      path: `/${CANARY}`,
      [CANARY]: 1,
      query: CANARY,
      person: CANARY,
      status: 200,
    });
    expect(raw.join()).not.toContain(CANARY);
    expect(lines[0]).toMatchObject({ status: 200, withheld: 4 });
  });

  test('values that are not what the field is for', () => {
    const { log, lines, raw } = recording();
    log.info('x', {
      status: CANARY,
      ms: Number.NaN,
      client: `a b ${CANARY}`,
      code: { [CANARY]: 1 },
      error: CANARY,
    });
    expect(raw.join()).not.toContain(CANARY);
    expect(lines[0]).toMatchObject({
      status: '[secret]',
      ms: '[secret]',
      client: '[secret]',
      code: '[secret]',
      error: '[secret]',
    });
  });

  test('names taken from the prototype of an object', () => {
    const { log, lines } = recording();
    log.info('x', JSON.parse(`{"constructor":"${CANARY}","__proto__":"${CANARY}","toString":"${CANARY}"}`));
    expect(lines[0]).toMatchObject({ withheld: 3 });
  });

  test('an event that is not a plain name', () => {
    const { log, lines } = recording();
    log.info(`failed: {"a":"${CANARY}"}\n`);
    expect(lines[0]).toMatchObject({ event: '[secret]' });
  });

  test.each(['error', 'warn', 'info', 'debug'] as const)(
    'messages of errors and of their causes, at %s',
    (level) => {
      const { log, lines, raw } = recording('debug');
      const cause = Object.assign(new TypeError(`bad value ${CANARY}\n    at ${CANARY} (/x/${CANARY}:1:1)`), {
        code: 'ECONNREFUSED',
        detail: CANARY,
      });
      log[level]('upstream failed', { error: new Fault('upstream_unreachable', CANARY, cause) });
      expect(raw.join()).not.toContain(CANARY);
      expect(lines[0]?.error).toMatchObject({
        name: 'Fault',
        code: 'upstream_unreachable',
        causes: [{ name: 'TypeError', code: 'ECONNREFUSED' }],
      });
    },
  );

  test('stacks, except at debug level, and then only frames', () => {
    const { log, lines } = recording('debug');
    const error = new Error(CANARY);
    log.error('x', { error });
    log.debug('x', { error });
    expect(lines[0]?.error).toEqual({ name: 'Error' });
    const stack = Reflect.get(Object(lines[1]?.error), 'stack') as readonly string[];
    expect(stack.length).toBeGreaterThan(0);
    for (const frame of stack) expect(frame).toMatch(/^at .+:\d+:\d+\)?$/);
  });

  test('a stack whose beginning was changed', () => {
    const { log, lines } = recording('debug');
    const error = new Error('first');
    error.stack = `Error: other ${CANARY}\n    at f (/a.js:1:1)`;
    log.debug('x', { error });
    expect(lines[0]?.error).toEqual({ name: 'Error', stack: [] });
  });

  test('an error that pretends: name and code are words or nothing', () => {
    const { log, raw } = recording('debug');
    const error = Object.assign(new Error('m'), { name: `<${CANARY}>`, code: `a ${CANARY}` });
    log.debug('x', { error });
    expect(raw.join()).not.toContain(CANARY);
  });

  test('a field whose reading throws', () => {
    const { log, lines } = recording();
    const trap = {
      get client(): string {
        throw new Error(CANARY);
      },
      status: 200,
    };
    expect(() => log.info('x', trap)).not.toThrow();
    expect(lines[0]).toMatchObject({ client: '[secret]', status: 200 });
  });
});

describe('escaping', () => {
  test('line ends, escape sequences and bidirectional marks cannot leave their value', () => {
    expect(printable('a\r\nb\u001b[31mc\u202ed\u2028e\u0085f\u200bg\ud800h')).toBe(
      'a\\u{d}\\u{a}b\\u{1b}[31mc\\u{202e}d\\u{2028}e\\u{85}f\\u{200b}g\\u{d800}h',
    );
  });

  test('a file name with such characters', () => {
    const { log, lines, raw } = recording();
    log.info('read', { file: '/etc/a\u202eb', folder: '/etc/\u001b[2J' });
    expect(lines[0]).toMatchObject({ file: '/etc/a\\u{202e}b', folder: '[secret]' });
    expect(raw).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(raw[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
  });
});
