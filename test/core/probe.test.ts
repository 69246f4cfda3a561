/** What an application's answers say about how it has to be served, and what is proposed from it. */
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { clientSource } from '../../src/core/policy/schema-client.ts';
import { profileFile } from '../../src/core/policy/schema-profile.ts';
import { type Answered, linksIn, probed } from '../../src/core/probe.ts';
import { proposalOf } from '../../src/core/probe-proposal.ts';

const own = new Set(['10.1.2.3:8080', '10.1.2.3', 'erp.acme.example']);
const answer = (more: Partial<Answered> = {}): Answered => ({
  ...{ path: '/', status: 200, headers: [], body: '', ...more },
});
const of = (...some: Partial<Answered>[]) => probed(some.map(answer), own);

describe('what answers say', () => {
  test('addresses elsewhere, most frequent first, without queries and vocabularies', () => {
    const body = `<svg xmlns="http://www.w3.org/2000/svg"><a href="https://sso.example/in?token=secret">
      <script src="//cdn.example/x.js"></script> // cdn2.example is a comment
      {"api":"https:\\/\\/sso.example\\/v1"} <a href="http://10.1.2.3:8080/own"><a href="https://erp.acme.example/">`;
    expect(of({ body }).foreign).toEqual([
      { host: 'sso.example', count: 2, example: 'https://sso.example/in' },
      { host: 'cdn.example', count: 1, example: 'https://cdn.example/x.js' },
    ]);
  });

  test('cookies with their domains, and never a value', () => {
    const found = of({
      headers: [
        ['set-cookie', 'sid=very-secret; Path=/; Domain=.acme.example; HttpOnly'],
        ['set-cookie', 'lang=fr'],
        ['set-cookie', 'lang=en'],
      ],
    });
    expect(found.cookies).toEqual([
      { name: 'sid', domain: 'acme.example' },
      { name: 'lang', domain: undefined },
    ]);
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  test.each([
    [
      ['Negotiate', 'NTLM'],
      ['NTLM', 'Negotiate'],
    ],
    [['Basic realm="a, Digest b", charset="UTF-8"'], ['Basic']],
    [['Digest realm="x", nonce="y", Bearer realm="z"'], ['Bearer', 'Digest']],
    [[''], []],
  ])('how it asks who comes: %j', (lines, schemes) => {
    const headers = lines.map((value): [string, string] => ['www-authenticate', value]);
    expect(of({ status: 401, headers }).schemes).toEqual(schemes);
  });

  test.each<[Partial<Answered>, readonly string[], readonly string[]]>([
    [{ body: 'new WebSocket("/ws?x=1")' }, ['/ws'], []],
    [{ body: 'var u = "wss://erp.acme.example/comms"; new WebSocket(u)' }, ['/comms'], []],
    [{ body: 'new WebSocket(base + "/ws")' }, [''], []],
    [{ body: 'new WebSocket(`/ws/${id}`)' }, [''], []],
    [{ body: "new EventSource('/events')" }, [], ['/events']],
    [{ body: 'new EventSource("/\u001b[2J")' }, [], ['']],
    [{ path: '/live', status: 426, headers: [['upgrade', 'websocket']] }, ['/live'], []],
    [{ path: '/feed', headers: [['content-type', 'text/event-stream']] }, [], ['/feed']],
    [{ body: 'a WebSocket is nice' }, [], []],
  ])('sockets and streams: %j', (more, sockets, streams) => {
    expect(of(more)).toMatchObject({ sockets, streams });
  });

  test('redirects to other hosts, and whether only the name differs', () => {
    const to = (location: string, path = '/') =>
      of({ path, status: 302, headers: [['location', location]] }).redirects;
    expect(to('https://sso.example/login')).toEqual([{ path: '/', host: 'sso.example', renamed: false }]);
    expect(to('https://erp.internal/')).toEqual([{ path: '/', host: 'erp.internal', renamed: true }]);
    for (const here of [
      '/login',
      'http://10.1.2.3:8080/x',
      'https://erp.acme.example/',
      'javascript:x',
      'http://[',
    ])
      expect(to(here)).toEqual([]);
  });

  test('folders of assets are those below which nothing else was seen', () => {
    const css: Partial<Answered> = { headers: [['content-type', 'text/css']] };
    const page: Partial<Answered> = { headers: [['content-type', 'text/html']] };
    expect(
      of(
        { ...css, path: '/static/a.css' },
        { ...css, path: '/assets/a.css' },
        { ...page, path: '/assets/list' },
        { ...css, path: '/customers/a.css' },
      ).folders,
    ).toEqual(['static']);
  });

  test('of nothing at all', () => {
    expect(probed([], own)).toMatchObject({ answers: 0, status: 0, foreign: [], sockets: [] });
  });
});

describe('links that are followed', () => {
  const links = (body: string, path = '/a/b') => linksIn({ path, body }, 'http://10.1.2.3:8080');

  test('are of the same origin, and each once', () => {
    const body =
      '<a class=x href="/one"><a href=two><link href=\'../three.css\'><script src="/four.js"></script><a href="/one">';
    expect(links(body)).toEqual(['/one', '/a/two', '/three.css', '/four.js']);
  });

  test.each([
    ...[
      'https://other.example/x',
      '//other.example/x',
      'http://10.1.2.3:9090/x',
      'javascript:x()',
      'http://[',
    ],
    ...[
      '/list?id=1',
      '/logout',
      '/Sign-Out',
      '/items/3/delete',
      '/admin/restart',
      '/export/all',
      '/backup.zip',
    ],
  ])('not %s', (href) => {
    expect(links(`<a href="${href}">`)).toEqual([]);
  });

  test('and no form is', () => {
    expect(links('<form action="/save"><img src="/pixel">')).toEqual([]);
  });
});

describe('the proposal', () => {
  const propose = (...some: Partial<Answered>[]) => {
    const lines = proposalOf(of(...some), { system: 'erp', origin: 'http://10.1.2.3:8080', hosts: [] });
    const [file = '', profile = ''] = lines.join('\n').split('\n\n');
    return { text: lines.join('\n'), system: parse(file), profile: parse(profile) };
  };

  test.each([
    ['Basic realm="x"', { pass_authorization: true, connection_bound: false }],
    ['NTLM', { pass_authorization: true, connection_bound: true }],
    ['negotiate', { pass_authorization: true, connection_bound: true }],
  ])('lets pass by what it asks who comes: %s', (challenge, expected) => {
    const { profile } = propose({ status: 401, headers: [['www-authenticate', challenge]] });
    expect(profileFile.parse(profile)).toMatchObject(expected);
    expect(profileFile.parse(propose({}).profile).pass_authorization).toBe(false);
  });

  test('is a system and a profile that their schemas take', () => {
    const { system, profile } = propose(
      { body: 'new WebSocket("/ws"); new EventSource("/events")' },
      { path: '/static/a.css', headers: [['content-type', 'text/css']] },
    );
    const client = { name: 'A', controllers: {}, systems: system };
    expect(clientSource.safeParse(client).error).toBeUndefined();
    expect(profileFile.parse(profile).routes).toMatchObject([
      { path: '/ws', operation: 'write', socket: true },
      { path: '/events', operation: 'read', idle_seconds: 3600 },
      { path: '/static/**', operation: 'read', static: true },
    ]);
    expect(system).toMatchObject({ erp: { upstream: { host: 'public' }, profile: 'erp' } });
  });

  test('asks it under the name that it insists on, but not under that of its sign-in', () => {
    const renamed = propose({ status: 301, headers: [['location', 'https://erp.internal/']] });
    expect(renamed.system).toMatchObject({ erp: { upstream: { host: 'erp.internal' } } });
    const signIn = propose({ status: 302, headers: [['location', 'https://sso.example/login']] });
    expect(signIn.system).toMatchObject({ erp: { upstream: { host: 'public' } } });
  });

  test('says that it is closed only when it asks for an account at once', () => {
    expect(propose({ status: 401 }).system).toMatchObject({ erp: { closed_by: 'upstream-auth' } });
    expect(JSON.stringify(propose({ status: 302 }).system)).not.toContain('closed_by');
  });

  test('makes no route of a path that would mean more, and says what it could not see', () => {
    const { profile, text } = propose({ body: 'new WebSocket("/:id/**"); new WebSocket("/../x")' });
    expect(profile.routes).toEqual([]);
    expect(propose({ body: 'new WebSocket(url)' }).text).toContain('under a path that it computes');
    expect(text).toContain('a socket counts as writing');
  });

  test('asks about other hosts', () => {
    expect(propose({ body: '<a href="https://files.internal/x">' }).text).toContain('# files.internal:');
  });
});
