/** Policy files: every fault where it stands, all of them at once, and what comes out when there is none. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Snapshot } from '../../src/core/model.ts';
import { accountKey } from '../../src/core/model.ts';
import { runCases } from '../../src/core/policy/cases.ts';
import { type Compiled, type CompileOptions, compile } from '../../src/core/policy/compile.ts';
import type { PolicyDocument } from '../../src/core/policy/document.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { nothingParsed } from '../../src/core/policy/gather.ts';
import { edited, folder, replaced, rulesIn, serving } from './policy-folder.ts';

function whole(documents: readonly PolicyDocument[], options: CompileOptions = serving): Compiled {
  const result = compile(documents, options);
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'));
  return result;
}

function compiled(documents: readonly PolicyDocument[], options: CompileOptions = serving): Snapshot {
  return whole(documents, options).snapshot;
}

function faults(documents: readonly PolicyDocument[], options: CompileOptions = serving): readonly string[] {
  const result = compile(documents, options);
  return 'faults' in result ? result.faults.map(formatFault) : [];
}

/** How a policy file writes a variable. */
function named(name: string): string {
  return ['$', '{', name, '}'].join('');
}

const missing = ['identity.yaml', 'staff.yaml', 'purposes.yaml'];

describe('what YAML may say', () => {
  test.each<[string, string, string, string, string]>([
    [
      'an anchor',
      'staff.yaml',
      'name: Alice',
      'name: &a Alice',
      '6:14: anchors (&) are not accepted: write the value out',
    ],
    [
      'an alias',
      'staff.yaml',
      'name: Alice',
      'name: *a',
      '6:11: aliases (*) are not accepted: write the value out',
    ],
    [
      'a merge key',
      'staff.yaml',
      '    name: Alice',
      '    <<: { place: FR }\n    name: Alice',
      '6:5: merge keys (<<) are not accepted: write the keys out',
    ],
    ['a tag', 'staff.yaml', 'name: Alice', 'name: !!str Alice', '6:17: tags (!) are not accepted'],
    [
      'a key twice',
      'staff.yaml',
      '    name: Alice',
      '    name: Alice\n    name: Eve',
      '7:5: the key "name" is there twice',
    ],
    [
      'a prototype key',
      'staff.yaml',
      '    name: Alice',
      '    __proto__: { x: 1 }\n    name: Alice',
      '6:5: the key "__proto__" is not accepted',
    ],
    [
      'a constructor key',
      'staff.yaml',
      '  alice:',
      '  constructor:',
      '5:3: the key "constructor" is not accepted',
    ],
    [
      'an old boolean as text',
      'staff.yaml',
      'place: FR',
      'place: NO',
      '13:12: "NO" is a boolean in older YAML: write true or false, or put it in quotes',
    ],
    [
      'an old boolean as a boolean',
      'purposes.yaml',
      'production: true',
      'production: yes',
      '11:17: "yes" is a boolean in older YAML: write true or false, or put it in quotes',
    ],
    [
      'a list as a key',
      'staff.yaml',
      '    name: Alice',
      '    ? [a]\n    : b\n    name: Alice',
      '6:7: a key must be plain text',
    ],
    ['a number as a key', 'purposes.yaml', '  support:', '  7:', '2:3: a key must be plain text'],
    [
      'a variable nobody declared',
      'staff.yaml',
      'subject: u-1',
      `subject: ${named('WHO')}`,
      '8:14: the variable WHO is not declared',
    ],
    [
      'a variable inside text',
      'staff.yaml',
      'name: Alice',
      `name: Alice ${named('WHO')}`,
      '6:11: a variable must be the whole value or part of an http(s) address',
    ],
    [
      'a variable with an odd name',
      'staff.yaml',
      'name: Alice',
      `name: ${named('__proto__')}`,
      '6:11: the name of a variable is capitals, digits and _',
    ],
  ])('%s', (_, path, from, to, expected) => {
    expect(faults(edited(path, from, to))).toContain(`${path}:${expected}`);
  });

  test.each<[string, string, RegExp]>([
    ['a second document', 'a: 1\n---\nb: 2\n', /documents/],
    ['a directive', '%YAML 1.1\n---\npurposes: {}\n', /directives are not accepted/],
    ['a file that is too large', `# ${'x'.repeat(1_048_576)}\n`, /larger than 1 MiB/],
    ['nesting without end', `purposes: ${'['.repeat(100)}${']'.repeat(100)}`, /nested too deeply/],
    ['nesting beyond any stack', '['.repeat(200_000), /cannot be read|nested|Flow sequence/],
    ['a text that is not YAML', 'a: [1, 2\nb: }', /purposes\.yaml:\d+:\d+: /],
    ['an empty file', '', /"purposes" is missing/],
    ['a list in the place of a map', '- a\n', /must be a map of keys/],
  ])('%s', (_, text, expected) => {
    const found = faults(folder({ 'purposes.yaml': text }));
    expect(found.join('\n')).toMatch(expected);
    expect(found.every((fault) => /^[a-z/]+\.yaml:\d+:\d+: \S/.test(fault))).toBe(true);
  });

  test('an anchor bomb is refused at once', () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 0; level < 9; level += 1) {
      const [from, to] = [String.fromCharCode(97 + level), String.fromCharCode(98 + level)];
      lines.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`);
    }
    const found = faults(folder({ 'purposes.yaml': `${lines.join('\n')}\n` }));
    expect(found.filter((fault) => fault.includes('aliases'))).toHaveLength(90);
  });
});

describe('what a file may say', () => {
  test.each<[string, string, string, string, string]>([
    [
      'an unknown key',
      'clients/acme.yaml',
      'systems:\n',
      'sytems: {}\nsystems:\n',
      '5:1: unknown key "sytems"',
    ],
    [
      'an unknown key deep inside',
      'clients/acme.yaml',
      'server_name',
      'servername',
      '10:47: unknown key "servername"',
    ],
    ['a missing key', 'staff.yaml', '    place: FR\n', '', '5:3: "place" is missing'],
    [
      'a missing translation',
      'purposes.yaml',
      '{ en: Help, fr: Aider }',
      '{ en: Help }',
      '4:5: "fr" is missing',
    ],
    [
      'a word outside a list',
      'purposes.yaml',
      '[read, write]',
      '[read, delete]',
      '5:24: must be one of: read, write, copy',
    ],
    ['text for a number', 'purposes.yaml', 'minutes: 60', 'minutes: "60"', '10:14: must be a number'],
    [
      'text for a boolean',
      'purposes.yaml',
      'production: true',
      'production: "true"',
      '11:17: must be true or false',
    ],
    [
      'a number for text',
      'staff.yaml',
      'subject: u-1',
      'subject: 1',
      '8:14: must be text (in quotes if it looks like something else)',
    ],
    [
      'a word for a list',
      'staff.yaml',
      'functions: [technician]',
      'functions: technician',
      '11:16: must be a list',
    ],
    [
      'an id with capitals',
      'purposes.yaml',
      '  support:',
      '  Support:',
      '2:3: an id is small letters, digits and -, and begins with a letter',
    ],
    [
      'a day that does not exist',
      'staff.yaml',
      'from: 2025-03-30',
      'from: 2025-02-30',
      '10:11: must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
    ],
    [
      'a time without offset',
      'staff.yaml',
      'from: 2025-03-30',
      'from: 2025-03-30T10:00:00',
      '10:11: must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
    ],
    [
      'a zone nobody knows',
      'identity.yaml',
      'Europe/Paris',
      'Europe/Lyon',
      '2:7: must be a time zone such as Europe/Paris',
    ],
    [
      'nobody to ask about the gateway',
      'identity.yaml',
      'contact: { name: C, mail: c@msp.example }\n',
      '',
      '1:1: "contact" is missing',
    ],
    ['no postal address', 'identity.yaml', ', postal: Lyon', '', '3:1: "postal" is missing'],
    [
      'a territory outside the Union',
      'identity.yaml',
      'dpo:',
      'territories: [FR, NC]\ndpo:',
      '3:19: is not a territory of the European Union',
    ],
    [
      'a control character',
      'staff.yaml',
      'name: Alice',
      'name: "Ali\\u202ece"',
      '6:11: must not hold control characters',
    ],
    [
      'a host with a port',
      'clients/acme.yaml',
      '[erp.acme.example]',
      '["erp.acme.example:80"]',
      '8:13: must be a host name in small letters, without port',
    ],
    [
      'an address as a host',
      'clients/acme.yaml',
      '[erp.acme.example]',
      '[10.0.0.1]',
      '8:13: must be a host name in small letters, without port',
    ],
    ['a system without hosts', 'clients/acme.yaml', '[erp.acme.example]', '[]', '8:12: '],
    [
      'an upstream with a password',
      'clients/acme.yaml',
      'https://10.1',
      'https://u:p@10.1',
      '10:22: must be an http or https address without user, query or fragment',
    ],
    [
      'an upstream of another kind',
      'clients/acme.yaml',
      'https://10.1.0.1:8443',
      'file:///etc/passwd',
      '10:22: must be an http or https address without user, query or fragment',
    ],
    ...[
      '10.0.0.1',
      'Erp.internal',
      'erp.internal:0',
      'erp.internal:70000',
      'erp.internal:1:2',
      'a b',
      '""',
    ].map((name): [string, string, string, string, string] => [
      `the name ${name} for an upstream`,
      'clients/acme.yaml',
      'server_name: erp.internal',
      `host: ${name.includes('"') ? name : JSON.stringify(name)}`,
      '10:53: must be public, upstream, or a host name in small letters, with a port if need be',
    ]),
    ...[
      'http://erp.acme-factory.example',
      'erp.acme-factory.example',
      'https://u:p@erp.acme-factory.example',
      'https://erp.acme-factory.example/?x=1',
      'https://erp.acme-factory.example/a/../b',
      'javascript:alert(1)',
    ].map((url): [string, string, string, string, string] => [
      `the public address ${url}`,
      'clients/acme.yaml',
      'hosts: [erp.acme.example]',
      `hosts: [erp.acme.example]\n    public_url: "${url}"`,
      '9:17: must be an https address without user, query or fragment',
    ]),
    [
      'a certificate elsewhere',
      'clients/acme.yaml',
      'server_name: erp.internal',
      'ca_file: ../../etc/x.pem',
      '10:56: must be certificates/<name>.pem',
    ],
    [
      'connections that are somebody’s, and nobody signs in on them',
      'profiles/shop.yaml',
      'routes:',
      'connection_bound: true\nroutes:',
      '2:19: without pass_authorization nobody signs in on a connection',
    ],
    ...['callbacks: [/export]', 'callbacks: [/nowhere]', 'service_workers: [/export]'].map(
      (listed): [string, string, string, string, string] => [
        `${listed} without such a route`,
        'profiles/shop.yaml',
        'routes:',
        `${listed}\nroutes:`,
        `2:${listed.indexOf('[') + 2}: there must be a route with this path that takes`,
      ],
    ),
    [
      'a route that is no path',
      'profiles/shop.yaml',
      'path: /export',
      'path: export',
      '5:13: must be a path of literal segments, :name or *, and ** for the rest',
    ],
    [
      'a route with a rest in the middle',
      'profiles/shop.yaml',
      'path: /export',
      'path: /a/**/b',
      '5:13: ** may only stand at the end',
    ],
    [
      'a route with a pattern',
      'profiles/shop.yaml',
      'path: /export',
      'path: "/(a+)+$/[x]"',
      '5:13: must be a path of literal segments, :name or *, and ** for the rest',
    ],
    [
      'a route that climbs',
      'profiles/shop.yaml',
      'path: /export',
      'path: /a/../b',
      '5:13: . and .. are not accepted',
    ],
    [
      'a pointer that is none',
      'profiles/shop.yaml',
      'pointer: /m',
      'pointer: m',
      '8:53: must be a JSON pointer such as /method',
    ],
  ])('%s', (_, path, from, to, expected) => {
    const found = faults(edited(path, from, to));
    expect(found.find((fault) => fault.startsWith(`${path}:${expected}`)) ?? found).toEqual(
      expect.any(String),
    );
  });
});

describe('what files say together', () => {
  test.each<[string, string, string, string, string]>([
    [
      'an unknown profile',
      'clients/acme.yaml',
      'profile: shop',
      'profile: shap',
      '11:14: unknown profile "shap"',
    ],
    [
      'an unknown purpose',
      'clients/acme.yaml',
      'purposes: [support]',
      'purposes: [suport]',
      '12:16: unknown purpose "suport"; did you mean "support"?',
    ],
    [
      'a forbidden purpose nobody knows',
      'clients/acme.yaml',
      'forbids: []',
      'forbids: [x]',
      '24:61: unknown purpose "x"',
    ],
    [
      'an unknown person',
      'clients/acme.yaml',
      'who: alice',
      'who: alicia',
      '14:12: unknown person "alicia"; did you mean "alice"?',
    ],
    [
      'an unknown team',
      'clients/martin.yaml',
      'team:first-line',
      'team:second-line',
      '15:12: unknown team "second-line"',
    ],
    [
      'an unknown system',
      'clients/acme.yaml',
      'systems: [erp]',
      'systems: [crm]',
      '14:29: unknown system "crm"',
    ],
    [
      'an unknown function of a person',
      'staff.yaml',
      '[technician]',
      '[tech]',
      '11:17: unknown function "tech"',
    ],
    [
      'an unknown team of a person',
      'staff.yaml',
      '    teams: [first-line]',
      '    teams: [x]',
      '12:13: unknown team "x"',
    ],
    [
      'an unknown function of a purpose',
      'purposes.yaml',
      '[technician]',
      '[tech]',
      '6:17: unknown function "tech"',
    ],
    [
      'every system and another one',
      'clients/martin.yaml',
      '["*"]',
      '["*", payroll]',
      '15:41: "*" stands alone',
    ],
    [
      'a contract that ends before it begins',
      'clients/acme.yaml',
      'until: 2026-12-31',
      'until: 2024-12-31',
      '4:54: ends before it begins',
    ],
    [
      'an assignment that ends before it begins',
      'clients/martin.yaml',
      'until: 2025-12-31',
      'until: 2024-12-30',
      '15:72: ends before it begins',
    ],
    [
      'a certificate that is not there',
      'clients/acme.yaml',
      'server_name: erp.internal',
      'ca_file: certificates/a.pem',
      '10:56: the file certificates/a.pem is missing',
    ],
    [
      'a host twice',
      'clients/martin.yaml',
      '[payroll.martin.example]',
      '[erp.acme.example]',
      '8:13: the host erp.acme.example is already used at clients/acme.yaml:8',
    ],
    [
      'the portal’s own host',
      'clients/acme.yaml',
      '[erp.acme.example]',
      '[portal.msp.example]',
      "8:13: the host portal.msp.example must not be the portal's, above it or under its domain",
    ],
    [
      'a host beside the portal',
      'clients/acme.yaml',
      '[erp.acme.example]',
      '[erp.msp.example]',
      "8:13: the host erp.msp.example must not be the portal's, above it or under its domain",
    ],
    [
      'a host above the portal',
      'clients/acme.yaml',
      '[erp.acme.example]',
      '[msp.example]',
      "8:13: the host msp.example must not be the portal's, above it or under its domain",
    ],
    [
      'an upstream with a path',
      'clients/acme.yaml',
      ':8443',
      ':8443/app',
      '10:22: an upstream is an origin, without a path',
    ],
    [
      'one upstream for two clients',
      'clients/martin.yaml',
      'https://10.2.0.1',
      'http://10.1.0.1:8443',
      '10:22: this upstream also serves another client (clients/acme.yaml:10); both must give shared_upstream',
    ],
    [
      'staff who is also a controller',
      'clients/acme.yaml',
      'https://login.clients.example\n    subject: c-1',
      'https://login.msp.example\n    subject: u-1',
      '21:14: this account is both staff and controller; it also stands at staff.yaml:5',
    ],
    [
      'an account twice in one client',
      'clients/acme.yaml',
      'controllers:\n',
      'controllers:\n  twin:\n    name: T\n    function: F\n    role: reader\n    issuer: https://login.clients.example\n    subject: c-1\n    authority: D\n',
      '28:14: this account already stands at clients/acme.yaml:16',
    ],
    [
      'a dpo who is also staff',
      'staff.yaml',
      'subject: u-9',
      'subject: u-1',
      '16:82: this account already stands at staff.yaml:5',
    ],
    [
      'an issuer nobody knows',
      'staff.yaml',
      'issuer: https://login.msp.example\n',
      'issuer: https://login.other.example\n',
      '7:13: no provider in identity.yaml with this issuer serves staff',
    ],
    [
      'a controller at the staff’s issuer',
      'clients/acme.yaml',
      'https://login.clients.example',
      'https://login.msp.example',
      '20:13: no provider in identity.yaml with this issuer serves controllers',
    ],
    [
      'one issuer for both',
      'identity.yaml',
      'serves: [staff]',
      'serves: [staff, controllers]',
      '9:13: one issuer must not serve both staff and controllers',
    ],
    [
      'one issuer twice',
      'identity.yaml',
      'https://login.clients.example',
      'https://login.msp.example',
      '11:13: the provider "staff" has the same issuer',
    ],
    [
      'an issuer without TLS',
      'identity.yaml',
      'https://login.clients.example',
      'http://login.clients.example',
      '11:13: an issuer must be https',
    ],
    [
      'a person’s id for a user',
      'staff.yaml',
      '  david:',
      '  alice:',
      '16:3: "alice" is already a person\'s id',
    ],
    [
      'two routes for one request',
      'profiles/shop.yaml',
      'path: /export, operation: copy',
      'path: /customers, operation: read, methods: [GET]',
      '5:13: another route already takes this path and method',
    ],
    [
      'two names for one segment',
      'profiles/shop.yaml',
      'path: /export, operation: copy',
      'path: "/customers/:nr", operation: write',
      '5:13: another route already takes this path and method',
    ],
    [
      'a static write',
      'profiles/shop.yaml',
      'operation: read, static: true',
      'operation: write, static: true',
      '6:5: a static route is a read',
    ],
    [
      'a peek that writes',
      'profiles/shop.yaml',
      'operation: read, peek',
      'operation: write, peek',
      '8:5: with a peek the operation is read: what it is when the peek says so',
    ],
    [
      'a peek at two things',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { pointer: /m, header: X-M, reads: [get] }',
      '8:5: a peek has one of header, pointer, graphql and select',
    ],
    [
      'a peek at nothing',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { reads: [get] }',
      '8:5: a peek has one of header, pointer, graphql and select',
    ],
    [
      'a peek at a header that does not pass',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { header: X-HTTP-Method, reads: [get] }',
      '8:5: X-HTTP-Method never goes up to a system, so it cannot decide',
    ],
    [
      'a peek without reads',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { pointer: /m }',
      '8:5: reads is missing: the values that mean read',
    ],
    [
      'a peek at GraphQL with reads',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { graphql: true, reads: [get] }',
      '8:5: graphql takes no reads: queries are reads',
    ],
    [
      'a peek at SQL with reads',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'peek: { select: sql, reads: [get] }',
      '8:5: select takes no reads: what surely only reads is one',
    ],
    [
      'a peek into the body of a GET',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'methods: [GET], peek: { pointer: /m, reads: [get] }',
      '8:5: a peek into the body needs a method that has one',
    ],
    [
      'a DELETE that reads',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'methods: [POST, DELETE], peek: { pointer: /m, reads: [get] }',
      '8:5: DELETE is a write',
    ],
    [
      'a MOVE that reads',
      'profiles/shop.yaml',
      'peek: { pointer: /m, reads: [get] }',
      'methods: [MOVE]',
      '8:5: MOVE is a write',
    ],
    [
      'a socket that posts',
      'profiles/shop.yaml',
      'socket: true',
      'socket: true, methods: [POST]',
      '7:5: static routes and sockets only take GET and HEAD',
    ],
  ])('%s', (_, path, from, to, expected) => {
    expect(faults(edited(path, from, to))).toContain(`${path}:${expected}`);
  });

  test.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://0177.0.0.1',
    'http://localhost',
    'http://LOCALHOST.',
    'http://a.localhost',
    'http://0.0.0.0',
    'http://169.254.169.254',
    'http://100.100.100.200',
    'http://[::1]',
    'http://[::]',
    'http://[fe80::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[fd00:ec2::254]',
    'http://[64:ff9b::7f00:1]',
    'http://[::127.0.0.1]',
    'http://metadata.google.internal',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://[ff02::1]',
  ])('the upstream %s, unless in evaluation', (url) => {
    const documents = edited('clients/martin.yaml', 'https://10.2.0.1', url);
    expect(faults(documents)).toEqual([
      'clients/martin.yaml:10:22: an upstream must not be a loopback, link-local, metadata or multicast address',
    ]);
    expect(faults(documents, { ...serving, evaluation: true, production: false })).toEqual([]);
  });

  test.each([
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://[fd12::1]',
    'https://erp.internal',
    'http://126.255.255.255',
    'http://[2001:db8::1]',
  ])('the upstream %s is accepted', (url) => {
    expect(faults(edited('clients/martin.yaml', 'https://10.2.0.1', url))).toEqual([]);
  });

  test('two clients share an upstream only when both say why', () => {
    const shared = 'server_name: erp.internal, shared_upstream: one server for both';
    const acme = replaced('clients/acme.yaml', 'server_name: erp.internal', shared);
    const martin = replaced(
      'clients/martin.yaml',
      '"https://10.2.0.1"',
      '"https://10.1.0.1:8443", shared_upstream: as above',
    );
    const without = replaced('clients/martin.yaml', 'https://10.2.0.1', 'https://10.1.0.1:8443');
    expect(faults(folder({ 'clients/acme.yaml': acme, 'clients/martin.yaml': martin }))).toEqual([]);
    expect(faults(folder({ 'clients/acme.yaml': acme, 'clients/martin.yaml': without }))).toHaveLength(1);
    expect(faults(folder({ 'clients/martin.yaml': without }))).toHaveLength(2);
  });

  test('files that are missing, twice or unknown', () => {
    expect(faults([])).toEqual(missing.toSorted().map((path) => `${path}:1:1: the file is missing`));
    expect(faults(folder({ 'clients/Acme.yaml': 'x: 1' }))).toEqual([
      'clients/Acme.yaml:1:1: nothing reads a file of this name',
    ]);
    expect(faults([...folder(), { path: 'staff.yaml', text: 'x: 1' }])).toContain(
      'staff.yaml:1:1: the file is there twice',
    );
  });

  const form =
    'must be an http or https address with {reference} in its path or query, written as it is sent';
  const near = 'a ticket system must not be a loopback, link-local, metadata or multicast address';
  const good = 'https://t.msp.example/{reference}';
  test.each([
    [good, 'mark', []],
    ['https://10.0.0.9/t?client={client}&id={reference}', 'refuse', []],
    ['https://t.msp.example/refs', 'mark', [form]],
    ['https://t.msp.example/../{reference}', 'mark', [form]],
    ['https://{reference}/', 'mark', [form]],
    ['https://u:p@t.msp.example/{reference}', 'mark', [form]],
    ['https://t.msp.example/#{reference}', 'mark', [form]],
    ['ftp://t.msp.example/{reference}', 'mark', [form]],
    ['http://t.msp.example/{reference}', 'mark', ['a ticket system is asked over https only']],
    ['https://169.254.169.254/{reference}', 'mark', [near]],
    ['https://localhost/{reference}', 'mark', [near]],
    [good, 'pass', ['must be one of: refuse, mark']],
    [good, 'mark, ca_file: certificates/t.pem', ['the file certificates/t.pem is missing']],
    [good, 'mark, secret_file: t', ['the secret file t is missing in the folder of the keys']],
    [good, 'mark, secret_file: open', ['the secret file open may be read by others']],
    [good, 'mark, secret_file: ../master.key', [/an id is small letters/]],
    [good, 'mark, secret_file: desk', []],
    [good, `mark, summary: "${good}"`, []],
    [good, 'mark, summary: "https://t.msp.example/"', [form]],
    [good, 'mark, summary: "https://u:p@t.msp.example/{reference}"', [form]],
    [good, 'mark, summary: "https://{reference}/"', [form]],
    [good, 'mark, summary: "http://t.msp.example/{reference}"', ['a ticket system is asked over https only']],
    [good, 'mark, summary: "https://169.254.169.254/{reference}"', [near]],
  ])('tickets checked at %s with on_failure: %s', (check, rest, expected) => {
    const keyFiles = new Map([
      ['desk', undefined],
      ['open', 'may be read by others'],
    ]);
    const tickets = `tickets: { check: "${check}", on_failure: ${rest} }`;
    for (const documents of [
      edited('clients/martin.yaml', 'systems:\n', `${tickets}\nsystems:\n`),
      folder({ 'defaults.yaml': `${tickets}\n` }),
    ]) {
      const compiled = compile(documents, { ...serving, keyFiles });
      const found = 'faults' in compiled ? compiled.faults : [];
      expect([...new Set(found.map(({ message }) => message))]).toEqual(
        expected.map((one) =>
          typeof one === 'string' ? expect.stringContaining(one) : expect.stringMatching(one),
        ),
      );
    }
  });

  test('the public address of a system is kept as it is written, and nothing else follows from it', () => {
    const said = 'hosts: [erp.acme.example]\n    public_url: "https://erp.acme-factory.example/shop"';
    const compiled = compile(edited('clients/acme.yaml', 'hosts: [erp.acme.example]', said), serving);
    if (!('snapshot' in compiled)) throw new Error('it compiles');
    const erp = compiled.snapshot.clients.get('acme')?.systems.get('erp');
    expect(erp?.publicUrl).toBe('https://erp.acme-factory.example/shop');
    expect([...compiled.snapshot.hosts.keys()]).not.toContain('erp.acme-factory.example');
  });

  test('what a client’s file says about tickets comes before the defaults, and its text is the client’s', () => {
    const said = (mode: string) => `tickets: { check: "${good}", on_failure: ${mode} }`;
    const documents = folder({
      'defaults.yaml': `${said('refuse')}\n`,
      'clients/martin.yaml': replaced('clients/martin.yaml', 'systems:\n', `${said('mark')}\nsystems:\n`),
    });
    const compiled = compile(documents, serving);
    if (!('snapshot' in compiled)) throw new Error('it compiles');
    const { clients } = compiled.snapshot;
    expect([...clients.values()].map(({ tickets }) => tickets?.onFailure).sort()).toEqual(['mark', 'refuse']);
    expect(rulesIn(compiled, 'martin')).toContain('"on_failure":"mark"');
  });

  test('upstream certificates are read, and nothing else stands in their file', () => {
    const client = replaced('clients/acme.yaml', 'server_name: erp.internal', 'ca_file: certificates/a.pem');
    const withBundle = (text: string) => folder({ 'clients/acme.yaml': client, 'certificates/a.pem': text });
    expect(faults(withBundle('hello'))).toEqual(['clients/acme.yaml:10:56: the file holds no certificate']);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    expect(faults(withBundle(broken))).toEqual([
      'clients/acme.yaml:10:56: the file holds a certificate that cannot be read',
    ]);
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(faults(withBundle(key))).toContain('clients/acme.yaml:10:56: the file holds a private key');
  });

  test('all come at once, in order', () => {
    const found = faults(
      folder({
        'staff.yaml': replaced('staff.yaml', 'place: FR', 'place: fr'),
        'clients/acme.yaml': replaced('clients/acme.yaml', 'profile: shop', 'profile: x').replace(
          '[support]\nass',
          '[other]\nass',
        ),
        'profiles/shop.yaml': replaced('profiles/shop.yaml', 'static: true', 'static: maybe'),
      }),
    );
    expect(found).toEqual([
      'clients/acme.yaml:11:14: unknown profile "x"',
      'clients/acme.yaml:12:16: unknown purpose "other"',
      'profiles/shop.yaml:6:50: must be true or false',
      'staff.yaml:13:12: must be a territory of ISO 3166 in two capitals, such as FR, RE, GB',
    ]);
  });
});

describe('a folder in order', () => {
  test('may name one account for two clients, who is then somebody for each', () => {
    const twin = `controllers:
  olga:
    name: Olga
    function: DPO
    role: reader
    issuer: https://login.clients.example
    subject: c-1
    authority: D
`;
    const martin = (folder().find(({ path }) => path === 'clients/martin.yaml')?.text ?? '').replace(
      'controllers: {}\n',
      twin,
    );
    const { accounts } = compiled(folder({ 'clients/martin.yaml': martin }));
    const who = accounts.get(accountKey('https://login.clients.example', 'c-1'));
    expect(who?.kind).toBe('several');
    expect(
      who?.kind === 'several' && who.controllers.map(({ client, id, role }) => [client, id, role]),
    ).toEqual([
      ['acme', 'claire', 'representative'],
      ['martin', 'olga', 'reader'],
    ]);
  });

  test('compiles to what it says', () => {
    const snapshot = compiled(folder());
    const acme = snapshot.clients.get('acme');
    const erp = snapshot.hosts.get('erp.acme.example');
    expect(erp).toBe(acme?.systems.get('erp'));
    expect(erp).toMatchObject({
      id: 'erp',
      client: 'acme',
      publicOrigin: 'https://erp.acme.example',
      upstream: {
        origin: 'https://10.1.0.1:8443',
        hostname: '10.1.0.1',
        port: 8443,
        serverName: 'erp.internal',
        host: 'public',
      },
      authentication: undefined,
    });
    const payroll = snapshot.hosts.get('payroll.martin.example');
    expect(payroll?.upstream).toMatchObject({ port: 443, serverName: '10.2.0.1' });
    expect(payroll?.authentication).toEqual({ acr: ['strong'], amr: [], maxAgeSeconds: 1800 });
    expect(snapshot.accounts.get(accountKey('https://login.msp.example', 'u-1'))).toMatchObject({
      kind: 'technician',
    });
    expect(snapshot.accounts.get(accountKey('https://login.msp.example', 'u-9'))).toMatchObject({
      kind: 'provider-user',
    });
    expect(snapshot.accounts.get(accountKey('https://login.clients.example', 'c-1'))).toMatchObject({
      kind: 'controller',
    });
    expect([...snapshot.territories]).toEqual(expect.arrayContaining(['FR', 'RE', 'DE']));
    for (const outside of ['NC', 'PF', 'NO', 'CH', 'GB', 'US'])
      expect(snapshot.territories.has(outside)).toBe(false);
  });

  test('counts days in the zone of the file, with the last day inside', () => {
    const snapshot = compiled(folder());
    const alice = snapshot.people.get('alice');
    expect(new Date(alice?.from ?? 0).toISOString()).toBe('2025-03-29T23:00:00.000Z');
    const confidential = alice?.standing.confidentiality?.until ?? 0;
    expect(new Date(confidential).toISOString()).toBe('2026-12-31T23:00:00.000Z');
    const [assignment] = snapshot.clients.get('martin')?.assignments ?? [];
    expect(new Date(assignment?.until ?? 0).toISOString()).toBe('2025-12-31T20:00:00.000Z');
  });

  test('gives routes only the methods their operation is safe for', () => {
    const routes = compiled(folder()).clients.get('acme')?.systems.get('erp')?.profile.routes ?? [];
    expect(Object.fromEntries(routes.map((route) => [route.template, route.methods]))).toEqual({
      '/customers': ['GET', 'HEAD', 'OPTIONS'],
      '/customers/:id': undefined,
      '/export': ['GET', 'HEAD'],
      '/static/**': ['GET', 'HEAD'],
      '/ws': ['GET'],
      '/rpc': ['POST'],
    });
  });

  test('keeps the public port, and lets evaluation use localhost names', () => {
    const trial = { evaluation: true, production: false, portalUrl: new URL('http://portal.localhost:8080') };
    const documents = edited('clients/acme.yaml', '[erp.acme.example]', '[erp.acme.localhost]');
    expect(compiled(documents, trial).hosts.get('erp.acme.localhost')?.publicOrigin).toBe(
      'http://erp.acme.localhost:8080',
    );
    const same = edited('clients/acme.yaml', '[erp.acme.example]', '[portal.localhost]');
    expect(faults(same, trial)).toHaveLength(1);
  });

  test('fills variables in, once', () => {
    const variables = { HOST: '10.9.0.1', WHO: named('HOST') };
    const client = replaced('clients/acme.yaml', '10.1.0.1:8443', `${named('HOST')}:1`);
    const staff = replaced('staff.yaml', 'subject: u-1', `subject: ${named('WHO')}`);
    const snapshot = compiled(folder({ 'clients/acme.yaml': client, 'staff.yaml': staff }), {
      ...serving,
      variables,
    });
    expect(snapshot.hosts.get('erp.acme.example')?.upstream.origin).toBe('https://10.9.0.1:1');
    expect(snapshot.people.get('alice')?.subject).toBe(named('HOST'));
  });

  test('cannot be changed afterwards', () => {
    const snapshot = compiled(folder());
    const clients = snapshot.clients as Map<string, unknown>;
    expect(() => clients.set('x', {})).toThrow(TypeError);
    expect(() => clients.delete('acme')).toThrow(TypeError);
    expect(() => (snapshot.territories as Set<string>).add('US')).toThrow(TypeError);
    const functions = (snapshot.people.get('alice')?.functions ?? []) as string[];
    expect(functions).toEqual(['technician']);
    expect(() => functions.push('x')).toThrow(TypeError);
    expect(Object.isFrozen(snapshot.hosts.get('erp.acme.example')?.upstream)).toBe(true);
  });
});

describe('hashes', () => {
  function hashes(documents: readonly PolicyDocument[]): Record<string, string> {
    const snapshot = compiled(documents);
    const slices = [...snapshot.clients].map(([id, client]) => [id, client.sliceHash]);
    return { all: snapshot.hash, ...Object.fromEntries(slices) };
  }

  function changedBy(documents: readonly PolicyDocument[]): readonly string[] {
    const before = hashes(folder());
    const after = hashes(documents);
    return Object.keys(before).filter((key) => before[key] !== after[key]);
  }

  test('are the same whatever the order of files and keys, and whatever the comments', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...folder()], { minLength: folder().length }), (documents) => {
        expect(hashes(documents)).toEqual(hashes(folder()));
      }),
      { numRuns: 20 },
    );
    const moved = replaced('clients/acme.yaml', 'zone: Europe/Paris\n', '').concat(
      'zone: Europe/Paris # moved\n',
    );
    expect(changedBy(folder({ 'clients/acme.yaml': moved }))).toEqual([]);
  });

  test.each<[string, string, string, string, readonly string[]]>([
    ['a client’s own file', 'clients/acme.yaml', 'Kbis', 'Kbis 2', ['all', 'acme']],
    ['a profile', 'profiles/shop.yaml', 'path: /export', 'path: /exports', ['all', 'acme']],
    ['a purpose of both', 'purposes.yaml', 'minutes: 60', 'minutes: 61', ['all', 'acme', 'martin']],
    ['a person’s training', 'staff.yaml', 'gdpr_training: 2026-12-31', 'gdpr_training: 2026-11-30', ['all']],
    ['a person’s name', 'staff.yaml', 'name: Alice', 'name: Alix', ['all']],
    ['a person’s team', 'staff.yaml', '    teams: [first-line]\n', '', ['all', 'martin']],
    ['an identity provider', 'identity.yaml', 'en: Clients', 'en: Customers', ['all']],
  ])('change with %s for whom it concerns', (_, path, from, to, expected) => {
    expect(changedBy(edited(path, from, to))).toEqual(expected);
  });

  test('the text of a slice holds nothing of other clients nor of the staff’s files', () => {
    const text = rulesIn(whole(folder()), 'acme');
    expect(JSON.parse(text)).toMatchObject({
      client: 'acme',
      assigned: [{ id: 'alice', functions: ['technician'] }],
    });
    for (const foreign of [
      'martin',
      'Martin',
      '10.2.0.1',
      'u-1',
      'login.msp.example',
      'gdpr',
      'Alice',
      'generic',
    ]) {
      expect(text).not.toContain(foreign);
    }
  });
});

describe('cases', () => {
  const one = (fields: string) =>
    folder({
      'cases/a.yaml': `cases:\n  - { name: one, person: alice, client: acme, system: erp, purpose: support, at: 2026-03-02, ${fields} }\n`,
    });
  function outcome(documents: readonly PolicyDocument[]): readonly string[] {
    const result = compile(documents, serving);
    if ('faults' in result) return result.faults.map(formatFault);
    return runCases(result.snapshot, result.cases).map(formatFault);
  }

  test.each([
    'expect: allow',
    'path: /customers/1, expect: allow',
    'grant: none, expect: no_consent',
    'grant: { operations: [read] }, path: /customers/1, expect: write_not_granted',
    'path: /export, expect: copy_not_granted',
    'path: /a%2fb, expect: bad_request',
    'reference: "", expect: reference_missing',
    'grant: { until: 2026-03-01 }, expect: consent_expired',
    'grant: { status: revoked }, expect: consent_revoked',
  ])('that hold: %s', (fields) => {
    expect(outcome(one(fields))).toEqual([]);
  });

  test('that do not hold say what came out, and where', () => {
    expect(outcome(one('expect: no_consent'))).toEqual([
      'cases/a.yaml:2:102: case "one": expected no_consent, came out allow',
    ]);
    expect(outcome(one('expect: maybe'))).toEqual([
      'cases/a.yaml:2:102: must be allow or the code of a reason',
    ]);
  });
});

describe('nonsense', () => {
  const inOrder = nothingParsed();
  compile(folder(), serving, inOrder);

  /** Only that file is parsed; the others have been. */
  function withText(path: string, text: string): ReturnType<typeof compile> {
    const files = new Map(inOrder.files);
    files.delete(path);
    return compile(folder({ [path]: text }), serving, { ...inOrder, files });
  }

  test('never throws, and never compiles from something that is not a policy', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...folder().map(({ path }) => path)),
        fc.string({ unit: 'binary' }),
        (path, text) => {
          fc.pre(!/^profiles|^cases/.test(path));
          const result = withText(path, text);
          expect('faults' in result && result.faults.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a folder with one character changed compiles or says why', () => {
    const documents = folder();
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom(' ', ':', '-', '"', "'", '[', '}', '\n', '\t', '&', '*', '!', '%', '0', 'x', ''),
        (file, at, put) => {
          const chosen = documents[file % documents.length];
          if (chosen === undefined) return;
          const where = at % chosen.text.length;
          const text = `${chosen.text.slice(0, where)}${put}${chosen.text.slice(where + 1)}`;
          const result = withText(chosen.path, text);
          expect('snapshot' in result || result.faults.length > 0).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
