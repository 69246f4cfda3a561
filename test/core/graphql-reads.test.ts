/** GraphQL documents: only what surely is a query is a read. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classifyBody, longestPeek } from '../../src/core/classify-body.ts';
import { isQueryOnly } from '../../src/core/graphql-reads.ts';
import type { Classified } from '../../src/core/question.ts';
import { stopwatch } from '../support/stopwatch.ts';

const asked: Classified = {
  operation: 'write',
  template: '/graphql',
  label: undefined,
  static: false,
  destination: 'call',
  idleSeconds: 60,
  peek: { graphql: true },
};

function operationOf(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return classifyBody({ graphql: true }, Buffer.from(text), asked).operation;
}

describe('a document of queries', () => {
  test.each([
    '{ me }',
    'query { me { id } }',
    'query Me { me }',
    'query Me($id: ID! = "x", $deep: In = {a: [1, 2.5e3, -4], b: {c: true}}) @live { me(id: $id) { ...F @include(if: $x) } }',
    '# mutation { drop }\n{ me }',
    'fragment F on User { id } query { ...F }',
    'query A { a } query B { b }',
    '{ text(value: "mutation { drop }") }',
    '{ text(value: "\\"} mutation { drop }") }',
    '{ text(value: """\n  mutation { drop }\n""") }',
    '{ mutation subscription query fragment }',
    '{ a(x: """""") }',
    '{ a(x: "") }',
    '{ café: me # déjà vu\n}'.replace('café', 'cafe'),
    ',,{me},,',
    'query{a}#the end',
  ])('%s', (document) => expect(isQueryOnly(document)).toBe(true));
});

describe('not surely a query', () => {
  test.each([
    '',
    ' ',
    '# nothing',
    'fragment F on User { id }',
    'mutation { drop }',
    'mutation Drop { drop }',
    'subscription { live }',
    'query A { a } mutation B { b }',
    'mutation B { b } query A { a }',
    '{ a } mutation { b }',
    '#\rmutation { b }',
    '# a comment \u2028 mutation { b }\n{ a }',
    '\ufeff{ a }',
    '{ a',
    '{ a }}',
    '} mutation { b',
    '{ a ( } ) }',
    'query A query B { b }'.replace('query B', 'mutation B'),
    'query mutation { a }',
    'query "mutation" { a }',
    'type Query { a: Int }',
    'extend type Query { a: Int }',
    'schema { query: Q }',
    '"about" query { a }',
    '{ a(x: "open) }',
    '{ a(x: "line\nbreak") }',
    '{ a(x: """ " """) }',
    // One block string for a new server; for an old one a list, and then a mutation.
    'query Q { a(x: [""" "]) } mutation M { drop(x: [" """]) }',
    '{ a(x: """ \\""" } mutation { b } """) }',
    '{ a(x: """""") } """ mutation { b } """',
    '{ a(x: """"""") }',
    '{ é }',
    '{ a ; b }',
    '{ a } \u0000',
    'QUERY { a }',
    'Mutation { a }',
    `${'{a'.repeat(200)}${'}'.repeat(200)}`,
  ])('%j', (document) => expect(isQueryOnly(document)).toBe(false));

  test('whatever stands around a mutation', () => {
    const around = fc.constantFrom(
      'query A { a }',
      '{ a }',
      'fragment F on T { b }',
      '# mutation',
      '\n',
      ' ,',
    );
    const many = fc.array(around, { maxLength: 5 });
    fc.assert(
      fc.property(many, many, (before, after) => {
        expect(isQueryOnly([...before, '\nmutation M { drop }', ...after].join('\n'))).toBe(false);
      }),
    );
  });

  test('takes no longer for long ones', () => {
    for (const piece of ['#', '"', '"""', '{', ',', '\\', '# \n', 'a"', '""" "']) {
      const document = `{ a ${piece.repeat(Math.floor(60_000 / piece.length))}`;
      const took = stopwatch();
      expect(isQueryOnly(document)).toBe(false);
      expect(took().ran).toBeLessThan(500);
    }
  });
});

describe('the body', () => {
  test.each<[unknown, string]>([
    [{ query: '{ me }' }, 'read'],
    [{ query: '{ me }', operationName: null, variables: { id: 1 } }, 'read'],
    [{ query: '{ me }', extensions: { clientLibrary: { name: 'x' } } }, 'read'],
    [{ query: '{ me }', extensions: null }, 'read'],
    [{ query: 'query A { a } mutation B { b }', operationName: 'A' }, 'write'],
    [{ query: 'mutation { drop }' }, 'write'],
    [[{ query: '{ me }' }], 'write'],
    [{}, 'write'],
    [{ query: ['{ me }'] }, 'write'],
    [{ query: null }, 'write'],
    [{ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'write'],
    [{ query: '{ me }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'write'],
    [{ query: '{ me }', extensions: [] }, 'write'],
    [{ query: '{ me }', documentId: 'x' }, 'write'],
    [{ query: '{ me }', id: 'x' }, 'write'],
    [{ query: '{ me }', mutation: 'x' }, 'write'],
    ['{"query":"{ me }","query":"mutation { drop }"}', 'write'],
    ['{"query":"mutation { drop }","query":"{ me }"}', 'write'],
    ['{"query":"{ me }","Query":"mutation { drop }"}', 'write'],
    ['{"query":"{ me }","variables":{"a":1,"a":2}}', 'write'],
    ['{ me }', 'write'],
    ['', 'write'],
    [{ query: `{ me } #${'x'.repeat(longestPeek)}` }, 'write'],
  ])('%j is a %s', (body, operation) => expect(operationOf(body)).toBe(operation));
});
