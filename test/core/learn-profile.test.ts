/** A proposed profile: what it says of recorded traffic, and that it always passes the check. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Route } from '../../src/core/model.ts';
import { buildProfile } from '../../src/core/policy/build-profile.ts';
import { createComplaints } from '../../src/core/policy/complaints.ts';
import { learnProfile, type Seen } from '../../src/core/policy/learn-profile.ts';
import { parseFile } from '../../src/core/policy/parse.ts';
import { profileFile } from '../../src/core/policy/schema-profile.ts';

const page: Seen = {
  method: 'GET',
  dest: 'page',
  path: '/',
  covered: false,
  status: 200,
  type: 'text/html',
  disposition: '',
  outcome: 'complete',
  ms: 12,
};

/** The routes of the proposed text, as `policy check` reads it. Throws when it does not pass. */
function routes(seen: readonly Seen[]): readonly Route[] {
  const text = learnProfile({ en: 'Shop', fr: 'Boutique' }, seen);
  const parsed = parseFile(profileFile, { path: 'profiles/shop.yaml', text }, {});
  if ('faults' in parsed) throw new Error(`${JSON.stringify(parsed.faults)}\n${text}`);
  const complaints = createComplaints();
  const profile = buildProfile('shop', parsed.file, complaints);
  if (complaints.faults.length > 0) throw new Error(`${JSON.stringify(complaints.faults)}\n${text}`);
  return profile.routes;
}

/** `GET HEAD OPTIONS read /path?key static "label"` */
function said(...seen: readonly Partial<Seen>[]): readonly string[] {
  return routes(seen.map((one) => ({ ...page, ...one }))).map(
    ({ methods = ['any'], operation, template, query, static: isStatic, socket, label, idleSeconds }) =>
      [
        methods.join(','),
        operation,
        template + (query.length > 0 ? `?${query.join('&')}` : ''),
        ...(isStatic ? ['static'] : []),
        ...(socket ? ['socket'] : []),
        ...(idleSeconds === undefined ? [] : [`idle ${idleSeconds}`]),
        ...(label === undefined ? [] : [`"${label.en}" "${label.fr}"`]),
      ].join(' '),
  );
}

describe('proposes', () => {
  test('nothing for nothing', () => expect(said()).toEqual([]));

  test.each<[string, readonly Partial<Seen>[], readonly string[]]>([
    ['the start page', [{ path: '/' }], ['GET,HEAD,OPTIONS read / "Start page" "Page d’accueil"']],
    [
      'a list and its entries',
      [{ path: '/customers' }, { path: '/customers/*' }, { path: '/customers/*', method: 'HEAD' }],
      [
        'GET,HEAD,OPTIONS read /customers "Customers" "Customers"',
        'GET,HEAD,OPTIONS read /customers/:id "Customers: one entry" "Customers\u00a0: une fiche"',
      ],
    ],
    [
      'keys that the log names',
      [{ path: '/invoices?page' }, { path: '/invoices?page&sort' }],
      ['GET,HEAD,OPTIONS read /invoices?page&sort "Invoices" "Invoices"'],
    ],
    [
      'a write for every other method, whatever it was taken for',
      [
        { path: '/api/search', method: 'POST' },
        { path: '/api/search', method: 'PUT' },
        { path: '/api/search' },
      ],
      [
        'GET,HEAD,OPTIONS read /api/search "Search" "Search"',
        'POST,PUT write /api/search "Search: change" "Search\u00a0: modification"',
      ],
    ],
    [
      'a copy for what was saved',
      [
        { path: '/a', disposition: 'attachment' },
        { path: '/b', type: 'text/csv' },
        { path: '/c', outcome: 'withheld:copy_withheld' },
        { path: '/c' },
      ],
      [
        'GET,HEAD copy /a "A: download" "A\u00a0: téléchargement"',
        'GET,HEAD copy /b "B: download" "B\u00a0: téléchargement"',
        'GET,HEAD copy /c "C: download" "C\u00a0: téléchargement"',
      ],
    ],
    [
      'a socket as a write, and patience for what runs long',
      [
        { path: '/ws', dest: 'socket', status: 101, type: '', ms: 900_000 },
        { path: '/events', type: 'text/event-stream' },
      ],
      [
        'GET,HEAD,OPTIONS read /events idle 3600 "Events" "Events"',
        'GET write /ws socket idle 3600 "Ws: live link" "Ws\u00a0: liaison continue"',
      ],
    ],
    [
      'folders of assets, but not where something else is',
      [
        { path: '/static/js/*.js', dest: 'asset', type: 'text/javascript' },
        { path: '/static/logo.png', dest: 'asset', type: 'image/png' },
        { path: '/app/style.css', dest: 'asset', type: 'text/css' },
        { path: '/app/page' },
        { path: '/photos/*.jpg', dest: 'asset', type: 'image/jpeg' },
        { path: '/assets/**', dest: 'asset', type: '', status: 0, covered: true },
      ],
      [
        'GET,HEAD,OPTIONS read /app/page "Page" "Page"',
        'GET,HEAD,OPTIONS read /app/style.css "Style" "Style"',
        'GET,HEAD read /assets/** static',
        'GET,HEAD,OPTIONS read /photos/:id "Photos: one entry" "Photos\u00a0: une fiche"',
        'GET,HEAD read /static/** static',
      ],
    ],
    [
      'one template for many names side by side',
      [...'abcdefghijkl'].map((letter) => ({ path: `/people/${letter.repeat(5)}/notes` })),
      ['GET,HEAD,OPTIONS read /people/:id/notes "Notes" "Notes"'],
    ],
    [
      'nothing that was not there',
      [
        { path: '/gone', status: 404 },
        { path: '/x', method: 'OPTIONS' },
      ],
      [],
    ],
    [
      'nothing that no template can say',
      [{ path: '//x' }, { path: '/a//b' }, { path: '' }, { path: '/é' }],
      [],
    ],
  ])('%s', (_name, seen, expected) => expect(said(...seen)).toEqual(expected));

  test('nothing that some YAML reads as something else', () => {
    expect(said({ path: '/no' }, { path: '/on/off' }, { path: '/1/0x1' }, { path: '/null' })).toHaveLength(4);
  });
});

test('always passes the check, and reads only by GET', () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'static',
      '*',
      '*.pdf',
      '*.js',
      ':id',
      ':nr',
      '**',
      '',
      '.',
      '..',
      'x.y',
      "o'k",
      'no',
    ),
    fc.string({ maxLength: 12 }),
  );
  const seen = fc.record<Seen>({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PROPFIND', 'MOVE', 'OPTIONS'),
    dest: fc.constantFrom('page', 'call', 'asset', 'download', 'upload', 'socket'),
    path: fc
      .tuple(
        fc.array(segment, { maxLength: 17 }),
        fc.constantFrom('', '?page', '?page&sort', '?-x&1', '?a?b'),
      )
      .map(([segments, query]) => `/${segments.join('/')}${query}`),
    covered: fc.boolean(),
    status: fc.constantFrom(0, 101, 200, 302, 304, 404, 500),
    type: fc.constantFrom('', 'text/html', 'text/css', 'image/png', 'text/csv', 'text/event-stream'),
    disposition: fc.constantFrom('', 'attachment', 'inline'),
    outcome: fc.constantFrom('complete', 'withheld:copy_withheld', 'client-abort'),
    ms: fc.nat(200_000),
  });
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 40 }), (all) => {
      for (const { methods, operation } of routes(all)) {
        const looks = (methods ?? ['any']).every((method) => ['GET', 'HEAD', 'OPTIONS'].includes(method));
        expect(operation === 'write' || looks).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
