/** Targets, routes, bodies and stored paths: which requests are which operation, and what is refused as ambiguous. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify, type Hints } from '../../src/core/classify.ts';
import { classifyBody, longestPeek } from '../../src/core/classify-body.ts';
import type { Profile, Route } from '../../src/core/model.ts';
import { longestTarget, parseTarget, type Target } from '../../src/core/paths.ts';
import type { Classified } from '../../src/core/question.ts';
import { storedPath } from '../../src/core/stored-path.ts';

const plain: Hints = { upgrade: false, dest: undefined, accept: undefined, body: false, type: undefined };

function route(template: string, fields: Partial<Route> = {}): Route {
  const segments = template === '/' ? [] : template.slice(1).split('/');
  return {
    template,
    segments: segments.map((segment) => (segment.startsWith(':') ? '*' : segment)),
    methods: ['GET', 'HEAD', 'OPTIONS'],
    operation: 'read',
    label: undefined,
    static: false,
    socket: false,
    query: [],
    when: undefined,
    peek: undefined,
    idleSeconds: undefined,
    ...fields,
  };
}

const copy = { attachments: true, types: [], bytes: 1000 };
const bare: Profile = { id: 'bare', routes: [], copy, idleSeconds: 60 };
const shop: Profile = {
  id: 'shop',
  copy,
  idleSeconds: 60,
  routes: [
    route('/'),
    route('/customers', { query: ['page', 'sort'], label: { en: 'Customers', fr: 'Clients' } }),
    route('/customers/:id'),
    route('/customers/export', { operation: 'copy', methods: ['GET', 'HEAD'] }),
    route('/search', { methods: ['POST'] }),
    route('/delete', { operation: 'write', methods: undefined }),
    route('/admin/**', { operation: 'write', methods: undefined }),
    route('/admin/health'),
    route('/rpc', { methods: ['POST'], peek: { pointer: '/method', reads: ['get', 'find'] } }),
    route('/ws', { socket: true, methods: ['GET'], idleSeconds: 900 }),
    route('/static/**', { static: true, methods: ['GET', 'HEAD'] }),
  ],
};

function target(raw: string): Target {
  const parsed = parseTarget(raw);
  if ('refuse' in parsed) throw new Error(`${raw} was refused: ${parsed.detail}`);
  return parsed;
}

function sort(method: string, raw: string, hints: Partial<Hints> = {}, profile = shop): Classified {
  const classified = classify(profile, method, target(raw), { ...plain, ...hints });
  if ('refuse' in classified) throw new Error(`${method} ${raw} was refused: ${classified.refuse}`);
  return classified;
}

describe('a target', () => {
  test.each([
    ['', 'empty'],
    ['*', 'asterisk form'],
    ['http://erp.example/x', 'absolute form'],
    ['example.com:443', 'authority form'],
    ['/a#b', 'a fragment'],
    ['/a?b#c', 'a fragment after the query'],
    ['/a b', 'a space'],
    ['/a\tb', 'a tab'],
    ['/a\r\nX: y', 'a line break'],
    ['/a\u0000', 'a NUL'],
    ['/a\u007f', 'DEL'],
    ['/é', 'a byte outside ASCII'],
    ['/a?q=é', 'a byte outside ASCII in the query'],
    ['/a\\b', 'a backslash'],
    ['\\\\host\\share', 'a share'],
    [`/${'a'.repeat(longestTarget)}`, 'too long'],
  ])('%j is refused: %s', (raw) => {
    expect(parseTarget(raw)).toMatchObject({ refuse: 'bad_request' });
  });

  test.each([
    '//evil.example/x',
    '/a//b',
    '/./a',
    '/a/.',
    '/../a',
    '/a/..',
    '/a/../b',
    '/a;x=1',
    '/a;/b',
    '/a/;jsessionid=1/b',
    '/%2e%2e/a',
    '/%2E/a',
    '/web%2econfig',
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a%5Cb',
    '/a%00',
    '/a%00.png',
    '/a%0d%0aX',
    '/a%7f',
    '/a%3bb',
    '/a%3fb',
    '/a%23b',
    '/%252e%252e/a',
    '/a%252fb',
    '/a%2500',
    '/a%',
    '/a%z',
    '/a%zz',
    '/a%1',
    '/%u002e%u002e/a',
    '/%c0%ae%c0%ae/a',
    '/%c0%af',
    '/%ff',
    '/a%e0%80%af',
    '/a%ef%bc%8fb',
    '/%e2%80%a5',
    '/%ef%bc%8e%ef%bc%8e/a',
    '/a%c2%85b',
    '/...',
    '/..../a',
    '/.%20./a',
    '/%20/a',
    '/admin::$DATA',
    '/admin%3a%3a%24DATA',
    '/admin:$i30:$INDEX_ALLOCATION/x',
    '/ADMINI~1',
    '/admini%7e1/x',
  ])('%s is ambiguous, so a profile with rules refuses it', (raw) => {
    const parsed = target(raw);
    expect(parsed.ambiguous).toBe(true);
    expect(classify(shop, 'GET', parsed, plain)).toEqual({ refuse: 'bad_request' });
    expect(classify(bare, 'GET', parsed, plain)).toMatchObject({ operation: 'read' });
  });

  test.each([
    ['/', []],
    ['/a', ['a']],
    ['/a/', ['a', '']],
    ['/a/b?c=//../%zz\\;', ['a', 'b']],
    ['/caf%C3%A9', ['café']],
    ['/a%20b', ['a b']],
    ['/100%25', ['100%']],
    ['/..a/b..', ['..a', 'b..']],
    ["/~a!$&'()*+,=:@-._", ["~a!$&'()*+,=:@-._"]],
  ])('%s has one reading', (raw, segments) => {
    expect(target(raw)).toMatchObject({ segments, ambiguous: false });
  });

  test('is kept byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        const raw = `/${text}`;
        const parsed = parseTarget(raw);
        if ('refuse' in parsed) return;
        expect(parsed.query === undefined ? parsed.path : `${parsed.path}?${parsed.query}`).toBe(raw);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a method', () => {
  test.each([
    'TRACE',
    'CONNECT',
    'get',
    'PROPFIND',
    'COPY',
    'MOVE',
    'LOCK',
    'QUERY',
    '',
    'constructor',
    '__proto__',
  ])('%j is refused', (method) => {
    expect(classify(shop, method, target('/'), plain)).toEqual({ refuse: 'method_not_allowed' });
  });

  test.each([
    ['GET', 'read'],
    ['HEAD', 'read'],
    ['OPTIONS', 'read'],
    ['POST', 'write'],
    ['PUT', 'write'],
    ['PATCH', 'write'],
    ['DELETE', 'write'],
  ])('%s on a path that no profile names is a %s', (method, operation) => {
    expect(sort(method, '/else/where').operation).toBe(operation);
    expect(sort(method, '/else/where', {}, bare).operation).toBe(operation);
  });

  test('an upgrade is a GET, or refused', () => {
    expect(classify(shop, 'POST', target('/ws'), { ...plain, upgrade: true })).toEqual({
      refuse: 'method_not_allowed',
    });
  });
});

describe('a route', () => {
  test.each<[string, string, string, string]>([
    ['GET', '/', 'read', '/'],
    ['GET', '/customers', 'read', '/customers'],
    ['GET', '/customers/4711', 'read', '/customers/:id'],
    ['HEAD', '/customers/4711', 'read', '/customers/:id'],
    ['POST', '/customers/4711', 'write', '/customers/*'],
    ['DELETE', '/customers', 'write', '/customers'],
    ['GET', '/customers/export', 'copy', '/customers/export'],
    ['HEAD', '/customers/export', 'copy', '/customers/export'],
    ['POST', '/customers/export', 'write', '/customers/export'],
    ['POST', '/search', 'read', '/search'],
    ['PUT', '/search', 'write', '/search'],
    ['GET', '/delete', 'write', '/delete'],
    ['OPTIONS', '/delete', 'write', '/delete'],
    ['GET', '/admin', 'write', '/admin/**'],
    ['GET', '/admin/', 'write', '/admin/**'],
    ['GET', '/admin/a/b/c', 'write', '/admin/**'],
    ['GET', '/admin/health', 'read', '/admin/health'],
    ['POST', '/admin/health', 'write', '/admin/**'],
    ['GET', '/static/js/app.js', 'read', '/static/**'],
    ['POST', '/static/js/app.js', 'write', '/static/js/*.js'],
  ])('%s %s is a %s stored as %s', (method, raw, operation, template) => {
    expect(sort(method, raw)).toMatchObject({ operation, template });
  });

  test.each([
    ['/CUSTOMERS/EXPORT', 'copy'],
    ['/customers/Export', 'copy'],
    ['/customers/export/', 'copy'],
    ['/customers/export.', 'copy'],
    ['/customers/export%20', 'copy'],
    ['/customers/e%78port', 'copy'],
    ['/customers/%EF%BD%85xport', 'copy'],
    ['/customers/export.csv', 'copy'],
    ['/customers/.export', 'read'],
    ['/customers/exp%C3%B6rt', 'copy'],
    ['/customers/+export+', 'copy'],
    [`/customers/export${'.'.repeat(500)}`, 'copy'],
    ['/index.php/customers/export', 'copy'],
    ['/INDEX.PHP/delete/', 'write'],
    ['/delete.json', 'write'],
    ['/index.php/delete.json', 'write'],
    ['/a/b.php/Customers/Export.csv', 'copy'],
    ['/Delete', 'write'],
    ['/ADMIN/x', 'write'],
    ['/%61dmin/x', 'write'],
  ])('%s, which a lenient server reads as another, is at least a %s', (raw, operation) => {
    expect(sort('GET', raw).operation).toBe(operation);
  });

  test('a lenient reading never makes a write into a read', () => {
    expect(sort('POST', '/SEARCH').operation).toBe('write');
    expect(sort('POST', '/search/').operation).toBe('write');
  });

  test('sockets are writes unless the profile says otherwise, and do not lend their rule to ordinary requests', () => {
    expect(sort('GET', '/ws', { upgrade: true })).toMatchObject({
      operation: 'read',
      destination: 'socket',
      idleSeconds: 900,
    });
    expect(sort('GET', '/other', { upgrade: true })).toMatchObject({
      operation: 'write',
      destination: 'socket',
    });
    expect(sort('GET', '/customers', { upgrade: true }).operation).toBe('write');
    expect(sort('GET', '/WS', { upgrade: true }).operation).toBe('write');
    expect(sort('GET', '/any', { upgrade: true }, bare).operation).toBe('write');
    expect(sort('GET', '/ws')).toMatchObject({ operation: 'read', idleSeconds: 60, template: '/ws' });
  });

  test('the most specific wins, whatever the order in the file', () => {
    const reversed: Profile = { ...shop, id: 'reversed', routes: shop.routes.toReversed() };
    const paths = [
      '/',
      '/customers',
      '/customers/1',
      '/customers/export',
      '/admin',
      '/admin/health',
      '/admin/x',
      '/static/a',
    ];
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      for (const raw of paths) {
        expect(sort(method, raw, {}, reversed)).toEqual(sort(method, raw));
      }
    }
  });

  test('only listed query keys are stored, never values', () => {
    expect(sort('GET', '/customers?sort=name&page=3&name=Dupont').template).toBe('/customers?page&sort');
    expect(sort('GET', '/customers?name=page').template).toBe('/customers');
    expect(sort('GET', '/customers/1?page=1').template).toBe('/customers/:id');
    expect(sort('GET', '/else?page=1').template).toBe('/else');
  });

  test('what was remembered does not change what is answered', () => {
    for (let round = 0; round < 3; round += 1) {
      for (let id = 0; id < 3000; id += 1) {
        const wanted = id % 2 === 0 ? 'read' : 'write';
        expect(sort(id % 2 === 0 ? 'GET' : 'POST', `/customers/${id}`).operation).toBe(wanted);
      }
    }
    expect(sort('GET', '/customers/1').operation).toBe('read');
    expect(sort('GET', '/ws', { upgrade: true }).destination).toBe('socket');
    expect(sort('GET', '/ws').destination).toBe('call');
  });

  test('never reads as milder what a lenient server could take for a stricter route', () => {
    const disguises = fc.array(fc.constantFrom('plain', 'upper', 'encoded'), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(disguises, fc.constantFrom('', '/', '.'), (kinds, ending) => {
        const letters = [...'delete'].map((letter, index) => {
          if (kinds[index] === 'upper') return letter.toUpperCase();
          return kinds[index] === 'encoded' ? `%${letter.charCodeAt(0).toString(16)}` : letter;
        });
        expect(sort('GET', `/${letters.join('')}${ending}`).operation).toBe('write');
      }),
    );
  });
});

describe('what it is wanted for', () => {
  test.each<[string, string, Partial<Hints>, string]>([
    ['GET', '/customers', { dest: 'document' }, 'page'],
    ['GET', '/customers', { dest: 'iframe' }, 'page'],
    ['GET', '/customers', { accept: 'text/html,*/*' }, 'page'],
    ['GET', '/customers', { dest: 'empty', accept: 'text/html' }, 'call'],
    ['GET', '/customers', {}, 'call'],
    ['GET', '/x.png', { dest: 'image' }, 'asset'],
    ['GET', '/static/a.js', {}, 'asset'],
    ['GET', '/customers/export', { dest: 'document' }, 'download'],
    [
      'POST',
      '/customers',
      { dest: 'document', body: true, type: 'application/x-www-form-urlencoded' },
      'page',
    ],
    ['POST', '/api', { dest: 'empty', body: true, type: 'application/json' }, 'call'],
    ['POST', '/upload', { dest: 'document', body: true, type: 'multipart/form-data; boundary=x' }, 'upload'],
    ['PUT', '/files/1', { body: true, type: 'application/pdf' }, 'upload'],
  ])('%s %s %j is a %s', (method, raw, hints, destination) => {
    expect(sort(method, raw, hints).destination).toBe(destination);
  });
});

describe('a route whose body decides', () => {
  const json = { body: true, type: 'application/json' };
  const asked = sort('POST', '/rpc', json);
  const peek = { pointer: '/method', reads: ['get', 'find'] };

  function read(text: string | Uint8Array): string {
    return classifyBody(peek, typeof text === 'string' ? Buffer.from(text) : text, asked).operation;
  }

  test('is a write until its body was read', () => {
    expect(asked).toMatchObject({ operation: 'write', peek });
    expect(classifyBody(peek, Buffer.from('{"method":"get"}'), asked)).toMatchObject({
      operation: 'read',
      peek: undefined,
    });
  });

  test.each([
    [undefined],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data'],
    ['application/json; charset=utf-16'],
    ['application/json; charset=utf-7'],
    ['application/jsonx'],
    ['application/json, text/plain'],
    ['application/json;charset=utf-8;charset=utf-7'],
  ])('a body said to be %s is not looked into and stays a write', (type) => {
    expect(sort('POST', '/rpc', { body: true, type })).toMatchObject({ operation: 'write', peek: undefined });
  });

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=UTF-8',
    'application/vnd.api+json',
  ])('a body said to be %s is looked into', (type) => {
    expect(sort('POST', '/rpc', { body: true, type }).peek).toEqual(peek);
  });

  test('without a body there is nothing to look at', () => {
    expect(sort('POST', '/rpc', { body: false, type: 'application/json' })).toMatchObject({
      operation: 'write',
      peek: undefined,
    });
  });

  test.each([
    '{"method":"get"}',
    ' {"params":{"method":"delete"},"method":"find"}\n',
    '{"m\\u0065thod":"get"}',
    '{"method":"g\\u0065t","id":[1,{"a":1},{"a":2}]}',
    '{"text":"{\\"method\\":\\"x\\",\\"method\\":1}","method":"get"}',
  ])('%s is a read', (text) => {
    expect(read(text)).toBe('read');
  });

  test.each([
    '',
    ' ',
    'null',
    '"get"',
    '["get"]',
    '{}',
    '{"method":"delete"}',
    '{"method":"GET"}',
    '{"method":["get"]}',
    '{"method":null}',
    '{"Method":"get"}',
    '[{"method":"get"}]',
    '{"method":"get"}{"method":"delete"}',
    '{"method":"get"',
    "{'method':'get'}",
    '{"method":"get",}',
    '{"method":"delete","method":"get"}',
    '{"method":"get","method":"delete"}',
    '{"method":"get","m\\u0065thod":"delete"}',
    '{"method":"get","METHOD":"delete"}',
    '{"method":"get","ｍethod":"delete"}',
    '{"method":"get","params":{"a":1,"a":2}}',
    '{"method":"get","params":[{"a":1,"A":2}]}',
    '{"method":"get","__proto__":{"a":1},"__PROTO__":2}',
    '{"__proto__":{"method":"get"}}',
    '\ufeff{"method":"get"}',
    `{"method":"get","deep":${'['.repeat(100)}${']'.repeat(100)}}`,
  ])('%s is a write', (text) => {
    expect(read(text)).toBe('write');
  });

  test('too long, not UTF-8 and other encodings are writes', () => {
    const filler = (length: number) => `{"method":"get","x":"${'a'.repeat(length)}"}`;
    expect(read(filler(longestPeek - 23))).toBe('read');
    expect(read(filler(longestPeek))).toBe('write');
    expect(read(Buffer.from('{"method":"get","x":"\xff"}', 'latin1'))).toBe('write');
    expect(read(Buffer.from('{"method":"get"}', 'utf16le'))).toBe('write');
    expect(read('['.repeat(longestPeek))).toBe('write');
  });

  test.each<[string, unknown, string]>([
    ['', 'get', 'read'],
    ['/a~1b/m~0n', { 'a/b': { 'm~n': 'get' } }, 'read'],
    ['/0/method', [{ method: 'get' }, { method: 'delete' }], 'read'],
    ['/00/method', [{ method: 'get' }], 'write'],
    ['/-/method', [{ method: 'get' }], 'write'],
    ['/length', ['get'], 'write'],
    ['/toString', {}, 'write'],
    ['/', { '': 'get' }, 'read'],
  ])('pointer %j into %j: %s', (pointer, value, operation) => {
    const body = Buffer.from(JSON.stringify(value));
    expect(classifyBody({ pointer, reads: ['get'] }, body, asked).operation).toBe(operation);
  });

  test('agrees with a plain JSON reader whenever it says read', () => {
    const body = fc.json({ maxDepth: 3 }).map((inner) => `{"method":"get","params":${inner}}`);
    fc.assert(
      fc.property(body, (text) => {
        if (read(text) === 'read') expect(JSON.parse(text)).toHaveProperty('method', 'get');
      }),
      { numRuns: 500 },
    );
  });
});

describe('a route whose header decides', () => {
  const soap: Profile = {
    id: 'soap',
    copy,
    idleSeconds: 60,
    routes: [route('/api', { methods: ['POST'], peek: { header: 'X-Action', reads: ['list', 'show'] } })],
  };
  const xml = { body: true, type: 'text/xml; charset=utf-8' };

  test.each<[string, string | undefined, string]>([
    ['POST', 'list', 'read'],
    ['POST', 'show', 'read'],
    ['POST', 'drop', 'write'],
    ['POST', 'LIST', 'write'],
    ['POST', 'list, drop', 'write'],
    ['POST', '', 'write'],
    ['POST', undefined, 'write'],
    ['PUT', 'list', 'write'],
    ['GET', 'list', 'write'],
    ['OPTIONS', 'list', 'write'],
  ])('%s with %j is a %s', (method, value, operation) => {
    const body = method === 'POST' ? xml : {};
    expect(sort(method, '/api', { ...body, header: () => value }, soap).operation).toBe(operation);
  });

  test('asks for the header that the profile names', () => {
    const header = (name: string): string | undefined => (name === 'X-Action' ? 'list' : undefined);
    expect(sort('POST', '/api', { ...xml, header }, soap).operation).toBe('read');
    expect(sort('POST', '/api', xml, soap).operation).toBe('write');
  });

  test('still looks into the body for another method', () => {
    const header = (): string => 'list';
    const form = { body: true, type: 'application/x-www-form-urlencoded', header };
    const asked = sort('POST', '/api', form, soap);
    expect(asked).toMatchObject({ operation: 'write', peek: { overrides: 'form', operation: 'read' } });
    if (asked.peek === undefined) throw new Error('no look into the body');
    expect(classifyBody(asked.peek, Buffer.from('a=1'), asked).operation).toBe('read');
    expect(classifyBody(asked.peek, Buffer.from('a=1&_method=DELETE'), asked).operation).toBe('write');
  });
});

describe('a route that the keys of the query choose', () => {
  const script: Profile = {
    id: 'script',
    copy,
    idleSeconds: 60,
    routes: [
      route('/admin.php', { when: { has: ['select'], mayHave: ['db', 'page'] }, query: ['select'] }),
      route('/admin.php', { methods: ['POST'], operation: 'copy', when: { has: ['dump'], mayHave: ['db'] } }),
      route('/plain.php'),
    ],
  };

  test.each([
    ['GET', '/admin.php?select=t', 'read', '/admin.php?select'],
    ['GET', '/admin.php?db=x&select=t&page=2', 'read', '/admin.php?select'],
    ['GET', '/admin.php?page[0]=1&select=t', 'read', '/admin.php?select'],
    ['GET', '/admin.php?page%5B0%5D=1&s%65lect=t', 'read', '/admin.php'],
    ['HEAD', '/admin.php?select', 'read', '/admin.php?select'],
    ['GET', '/admin.php', 'write', '/*.php'],
    ['GET', '/admin.php?db=x', 'write', '/*.php'],
    ['GET', '/admin.php?select=t&sql=x', 'write', '/*.php'],
    ['GET', '/admin.php?select=t;sql=x', 'write', '/*.php'],
    ['GET', '/admin.php?select=t&s%ql=x', 'write', '/*.php'],
    ['GET', '/admin.php?select=t&a%00=x', 'write', '/*.php'],
    ['GET', '/ADMIN.PHP?select=t', 'write', '/*.php'],
    ['GET', '/admin.php/?select=t', 'write', '/*/'],
    ['GET', '/admin.php/x?select=t', 'write', '/*/x'],
    ['OPTIONS', '/admin.php?select=t', 'write', '/admin.php?select'],
    ['POST', '/admin.php?select=t', 'write', '/*.php'],
    ['POST', '/admin.php?dump=&db=x', 'copy', '/admin.php'],
    ['POST', '/admin.php?dump=&db=x&drop=1', 'write', '/*.php'],
    ['GET', '/plain.php?sql=x', 'read', '/plain.php'],
  ])('%s %s is a %s stored as %s', (method, raw, operation, template) => {
    expect(sort(method, raw, {}, script)).toMatchObject({ operation, template });
  });
});

describe('another method than the request line says', () => {
  test.each([
    '_method=DELETE',
    'a=1&_method=PUT',
    '_METHOD=delete',
    '%5fmethod=DELETE',
    '_m%65thod=DELETE',
    '.method=DELETE',
    '+_method=DELETE',
    '%20_method=DELETE',
    '_method[]=DELETE',
    '_method%00x=DELETE',
    'a;_method=DELETE',
    'X-HTTP-Method-Override=DELETE',
    'x_http_method_override=DELETE',
    '_%EF%BD%8Dethod=DELETE',
    '%c1%9fmethod=DELETE',
    '_method',
  ])('a GET with ?%s is a write', (query) => {
    expect(sort('GET', `/customers/7?${query}`).operation).toBe('write');
    expect(sort('GET', `/else?${query}`, {}, bare).operation).toBe('write');
    expect(sort('HEAD', `/customers/export?${query}`).operation).toBe('write');
  });

  test.each(['method=list', 'q=_method', 'q=%5fmethod', 'payment_method=card', '_methods=x', 'page=2'])(
    'a GET with ?%s stays a read',
    (query) => expect(sort('GET', `/customers/7?${query}`).operation).toBe('read'),
  );

  test.each<[string | undefined, string, string]>([
    ['application/x-www-form-urlencoded', 'q=1', 'read'],
    ['application/x-www-form-urlencoded; charset=UTF-8', 'q=_method', 'read'],
    ['application/x-www-form-urlencoded', 'q=1&_method=DELETE', 'write'],
    ['application/x-www-form-urlencoded', '%5Fmethod=DELETE', 'write'],
    ['application/x-www-form-urlencoded; charset=utf-7', 'q=1', 'write'],
    ['application/json', '{"q":1}', 'read'],
    ['application/json', '{"q":{"_method":"DELETE"}}', 'read'],
    ['application/json', '{"q":1,"_method":"DELETE"}', 'write'],
    ['application/json', '{"q":1,"_m\\u0065thod":"DELETE"}', 'write'],
    ['application/json', '{"q":', 'write'],
    ['application/json; charset=utf-16', '{"q":1}', 'write'],
    ['text/xml', '<q/>', 'read'],
    ['multipart/form-data; boundary=x', '--x--', 'write'],
    ['application/octet-stream', 'q', 'write'],
    [undefined, 'q=1', 'write'],
  ])('a POST that reads, with the body %j %s, is a %s', (type, body, operation) => {
    const asked = sort('POST', '/search', { body: true, type });
    const known = asked.peek === undefined ? asked : classifyBody(asked.peek, Buffer.from(body), asked);
    expect(known.operation).toBe(operation);
    expect(sort('POST', '/search', { body: true, type, encoded: true }).operation).toBe('write');
  });

  test('a body that says read cannot name another method', () => {
    const peek = { pointer: '/method', reads: ['get'] };
    const asked = sort('POST', '/rpc', { body: true, type: 'application/json' });
    const body = Buffer.from('{"method":"get","_method":"DELETE"}');
    expect(classifyBody(peek, body, asked).operation).toBe('write');
  });
});

describe('WebDAV', () => {
  const files: Profile = {
    id: 'files',
    copy,
    idleSeconds: 60,
    routes: [
      route('/dav/**', { methods: ['GET', 'HEAD', 'PROPFIND', 'REPORT'] }),
      route('/dav/**', { methods: ['PUT', 'MKCOL', 'MOVE', 'COPY', 'LOCK'], operation: 'write' }),
      route('/dav/locked', { operation: 'write', methods: undefined }),
    ],
  };

  test.each([
    ['PROPFIND', '/dav/a/b', 'read'],
    ['REPORT', '/dav', 'read'],
    ['MOVE', '/dav/a', 'write'],
    ['COPY', '/dav/a', 'write'],
    ['LOCK', '/dav/a', 'write'],
    ['PROPFIND', '/DAV/locked', undefined],
    ['PROPFIND', '/dav/locked', undefined],
    ['PROPFIND', '/else', undefined],
    ['UNLOCK', '/dav/a', undefined],
    ['MOVE', '/', undefined],
  ])('%s %s: %s', (method, raw, operation) => {
    const found = classify(files, method, target(raw), plain);
    expect(found).toMatchObject(operation === undefined ? { refuse: 'method_not_allowed' } : { operation });
  });
});

describe('the stored path', () => {
  test.each([
    ['/', '/'],
    ['/customers/4711', '/customers/*'],
    ['/customers/4711/', '/customers/*/'],
    ['/Customers/list', '/*/list'],
    ['/a;jsessionid=CANARY/b', '/a/b'],
    ['/files/Dupont%20Marie.PDF', '/files/*.pdf'],
    ['/files/dupont.marie', '/files/*'],
    ['/files/dupont.pdf/page', '/files/*/page'],
    ['/users/marie@acme.example', '/users/*'],
    ['/x/2026-01-01', '/x/*'],
    [`/${'a'.repeat(32)}`, '/*'],
    ['/a/b/c/d/e/f/g/h/i/j/k/l/m/n', '/a/b/c/d/e/f/g/h/i/j/k/l/**'],
  ])('of %s is %s', (path, stored) => {
    expect(storedPath(path)).toBe(stored);
  });

  test('holds no digit, no capital, no mark and no value', () => {
    const segment = fc.string({ unit: fc.constantFrom(...'abcXYZ019._-~;=%@+,') });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 20 }), fc.string(), (segments, query) => {
        const path = `/${segments.join('/')}`;
        const stored = storedPath(path);
        expect(stored).toMatch(/^(?:\/(?:[a-z][a-z_-]{0,30}|\*(?:\.[a-z0-9]{1,12})?|\*\*)?)+$/);
        expect(stored.length).toBeLessThan(500);
        const raw = `${path}?${query.replaceAll(/[^\x21-\x7e]|#/g, '')}`;
        const parsed = parseTarget(raw);
        if (!('refuse' in parsed)) expect(sort('GET', raw, {}, bare).template).toBe(stored);
      }),
      { numRuns: 1000 },
    );
  });

  test('tells nothing of what a named route carries', () => {
    const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 4, maxLength: 30 });
    fc.assert(
      fc.property(
        secret.filter((text) => text.toLowerCase() !== 'export'),
        secret,
        (id, value) => {
          expect(sort('GET', `/customers/${id}?page=${value}&${value}=1`).template).toBe('/customers/:id');
        },
      ),
    );
  });
});
