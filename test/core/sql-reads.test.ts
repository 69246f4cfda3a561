/** SQL in forms: only what surely reads is a read, whatever else a database would take it for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify } from '../../src/core/classify.ts';
import { classifyBody, longestPeek } from '../../src/core/classify-body.ts';
import type { Profile } from '../../src/core/model.ts';
import { parseTarget } from '../../src/core/paths.ts';
import type { Classified } from '../../src/core/question.ts';
import { isSelectOnly, onlyFormValue } from '../../src/core/sql-reads.ts';

const asked: Classified = {
  ...{ operation: 'write', template: '/sql', label: undefined, static: false, destination: 'call' },
  ...{ idleSeconds: 60, peek: { select: 'sql' } },
};

const operationOf = (body: string) => classifyBody({ select: 'sql' }, Buffer.from(body), asked).operation;

const form = (statement: string) => new URLSearchParams({ sql: statement }).toString();

describe('a SELECT that surely reads', () => {
  test.each([
    'SELECT name, city FROM customers',
    'select * from customers;',
    'SELECT count(*) AS n FROM invoices',
    'SELECT city, sum(cents) / 100 FROM invoices GROUP BY city HAVING sum(cents) > 1000 ORDER BY (city) DESC LIMIT 20',
    "SELECT * FROM customers WHERE city = 'Lyon' AND name <> 'x; DROP TABLE customers'",
    'SELECT "name" FROM customers WHERE id IN (1, 2, 3)',
    'SELECT c.name FROM customers c JOIN invoices i ON i.customer = c.id WHERE (i.paid = 0 OR (i.cents >= 5.5))',
    'SELECT name FROM customers WHERE EXISTS (SELECT 1 FROM invoices WHERE cents > (SELECT avg(cents) FROM invoices))',
    "SELECT name || ', ' || city FROM customers\nUNION SELECT id FROM invoices",
    'SELECT CASE WHEN (paid = 1) THEN (1) ELSE (0) END FROM invoices',
    'SELECT * FROM (SELECT id FROM customers) AS t WHERE NOT (id = 4) AND id BETWEEN (1) AND (9)',
    "SELECT * FROM invoices WHERE day > date '2026-01-01'",
  ])('%s', (statement) => {
    expect(isSelectOnly(statement)).toBe(true);
    expect(operationOf(form(statement))).toBe('read');
    // What browsers send for line ends.
    expect(operationOf(form(statement.replaceAll('\n', '\r\n')))).toBe('read');
  });
});

describe('not surely a read', () => {
  test.each([
    ['nothing', ''],
    ['a blank', ' ; '],
    ['a change', "UPDATE customers SET name = 'x'"],
    ['two statements', 'SELECT 1; DELETE FROM customers'],
    ['two selects', 'SELECT 1; SELECT 2'],
    ['two without a semicolon', 'SELECT 1 DELETE FROM customers'],
    ['a table made of it', 'SELECT * INTO gone FROM customers'],
    ['a file made of it', "SELECT * FROM customers INTO OUTFILE '/tmp/x'"],
    ['a lock', 'SELECT * FROM customers FOR UPDATE'],
    ['a change within', 'WITH x AS (DELETE FROM customers RETURNING id) SELECT * FROM x'],
    ['any with', 'WITH x AS (SELECT 1) SELECT * FROM x'],
    ['a function', 'SELECT pg_terminate_backend(1)'],
    ['a function with a space', 'SELECT pg_sleep (1)'],
    ['a function over a line', 'SELECT pg_sleep\n(1)'],
    ['a quoted function', 'SELECT "setval"(1)'],
    ['a function of a schema', 'SELECT app.count(1)'],
    ['a function called like a word', 'SELECT app.in(1)'],
    ['a table function', 'SELECT * FROM generate_series(1, 2)'],
    ['an aggregate that somebody made', 'SELECT count (id) FROM customers'],
    ['by without order', 'SELECT by(1)'],
    ['a word that is a function elsewhere', 'SELECT join(1), like(2, 3), any(4), some(5), left(6, 7)'],
    ['a cast', 'SELECT CAST(id AS mine) FROM customers'],
    ['another cast', 'SELECT id::mine FROM customers'],
    ['a sequence', 'SELECT s.nextval FROM dual'],
    ['the next value', 'SELECT NEXT VALUE FOR s'],
    ['a comment', 'SELECT 1 -- DELETE'],
    ['a comment that runs', 'SELECT 1 /*! INTO OUTFILE "x" */'],
    ['a comment of MySQL', 'SELECT 1 # x'],
    ['a backslash', "SELECT 'a\\' , f(), '"],
    ['a doubled quote', "SELECT 'a''b'"],
    ['a text that is open', "SELECT 'a"],
    ['a text read otherwise', "SELECT E'a'"],
    ['a quote within another', `SELECT 'a"b'`],
    ['a dollar', 'SELECT $$a$$'],
    ['a backtick', 'SELECT `id` FROM customers'],
    ['a variable', 'SELECT @a := 1'],
    ['a number that goes on', 'SELECT 1e5'],
    ['a call of a result', 'SELECT (id)(1)'],
    ['brackets the wrong way', 'SELECT )('],
    ['a bracket too many', 'SELECT (1'],
    ['brackets without end', `SELECT ${'('.repeat(51)}1${')'.repeat(51)}`],
    ['a letter that is none', "SELECT 'Orl\u00e9ans'"],
    ['a wide bracket', 'SELECT f\uff081\uff09'],
    ['a control', 'SELECT 1\u0000'],
    ['a page break', 'SELECT\f1'],
    ['an explanation that runs', 'EXPLAIN ANALYZE DELETE FROM customers'],
  ])('%s', (_name, statement) => {
    expect(isSelectOnly(statement)).toBe(false);
    expect(operationOf(form(statement))).toBe('write');
  });

  test('whatever stands in it, once a word that acts is among it outside of texts', () => {
    const part = fc.constantFrom('SELECT', '1', 'name', ',', '(', ')', "'a'", 'FROM t', 'in', ' ', '.', '=');
    fc.assert(
      fc.property(
        fc.array(part),
        fc.array(part),
        fc.constantFrom('delete', 'INTO', 'f(1)', 'g (2)', 'lock', 'x.y(3)', '--', ';x', '"f"(1)'),
        (before, after, what) => {
          const quoted = ['SELECT', ...before, what, ...after].join(' ');
          expect(isSelectOnly(quoted)).toBe(false);
        },
      ),
    );
  });
});

describe('a form', () => {
  test.each([
    ['another key first', 'a=1&sql=SELECT+1'],
    ['another key after', 'sql=SELECT+1&a=1'],
    ['the key twice', 'sql=SELECT+1&sql=DELETE'],
    ['another key', 'query=SELECT+1'],
    ['the key in other letters', 'SQL=SELECT+1'],
    ['the key encoded', '%73ql=SELECT+1'],
    ['a semicolon between', 'sql=SELECT+1;sql=DELETE'],
    ['a raw equals sign', 'sql=SELECT+1=1'],
    ['broken encoding', 'sql=SELECT+%zz'],
    ['encoding that is no text', 'sql=SELECT+%ff'],
    ['a blank that is one', 'sql=SELECT 1'],
    ['a method', '_method=DELETE&sql=SELECT+1'],
    ['no key', 'SELECT+1'],
    ['nothing', ''],
  ])('with %s says nothing for sure', (_name, body) => {
    expect(operationOf(body)).toBe('write');
  });

  test('has its value as browsers write it', () => {
    expect(onlyFormValue('sql=SELECT+1%3B', 'sql')).toBe('SELECT 1;');
    expect(onlyFormValue('sql=', 'sql')).toBe('');
  });

  test('that is too long is not read', () => {
    expect(operationOf(`sql=SELECT+${'1'.repeat(longestPeek)}`)).toBe('write');
  });
});

test('only a form, without a query and without compression, is looked into', () => {
  const profile: Profile = {
    ...{ id: 'x', idleSeconds: 60, copy: { attachments: true, types: [], bytes: 1024 } },
    routes: [
      {
        ...{ template: '/sql', segments: ['sql'], methods: ['POST'], operation: 'read', label: undefined },
        ...{ static: false, socket: false, query: [], when: undefined, peek: { select: 'sql' } },
        idleSeconds: undefined,
      },
    ],
  };
  const looks = (type: string | undefined, path = '/sql', encoded = false) => {
    const hints = { upgrade: false, dest: undefined, accept: undefined, body: true, encoded, type };
    const target = parseTarget(path);
    if (!('segments' in target)) throw new Error('a path');
    const found = classify(profile, 'POST', target, { ...hints, header: () => undefined });
    if ('refuse' in found) throw new Error(found.refuse);
    expect(found.operation).toBe('write');
    return found.peek !== undefined;
  };
  expect(looks('application/x-www-form-urlencoded')).toBe(true);
  expect(looks('application/x-www-form-urlencoded; charset=utf-8')).toBe(true);
  expect(looks('application/x-www-form-urlencoded; charset=utf-7')).toBe(false);
  expect(looks('multipart/form-data; boundary=x')).toBe(false);
  expect(looks('application/json')).toBe(false);
  expect(looks(undefined)).toBe(false);
  expect(looks('application/x-www-form-urlencoded', '/sql?sql=DELETE')).toBe(false);
  expect(looks('application/x-www-form-urlencoded', '/sql', true)).toBe(false);
});
