/** Addresses that carry a client: what gets the beginning on its way out, what does not, and whom it makes of somebody. */
import { describe, expect, test } from '@jest/globals';
import type { ControllerUser, Who } from '../../src/core/model.ts';
import { markupUnder, under, whoAt } from '../../src/portal/client-address.ts';
import { makeSnapshot } from './world-rules.ts';

describe('an address of ours', () => {
  test.each([
    ['/', '/c/acme/'],
    ['/agreements?again=1#x', '/c/acme/agreements?again=1#x'],
    ['/signing', '/c/acme/signing'],
    ['/?lang=en', '/c/acme/?lang=en'],
    ['/clients', '/clients'],
    ['/c/martin/people', '/c/martin/people'],
    ['/c/acme/people', '/c/acme/people'],
    ['/sign-out', '/sign-out'],
    ['/sign-in?return=%2F', '/sign-in?return=%2F'],
    ['/assets/portal.css', '/assets/portal.css'],
    ['//evil.example/', '//evil.example/'],
    ['https://erp.acme.example/', 'https://erp.acme.example/'],
    ['mailto:a@b.example', 'mailto:a@b.example'],
    ['#main', '#main'],
    ['', ''],
  ])('%j is %j for acme, and stays for whoever named no client', (address, expected) => {
    expect(under('acme', address)).toBe(expected);
    expect(under(undefined, address)).toBe(address);
  });

  test('is found in markup, and what only looks like one in a text stays', () => {
    const markup =
      '<html lang="en"><a href="/people">x</a><form action="/stop"></form><p data-stream="/now/live"> href=&quot;/people&quot;</p>';
    expect(markupUnder('acme', markup)).toBe(
      '<html data-base="/c/acme" lang="en"><a href="/c/acme/people">x</a><form action="/c/acme/stop"></form><p data-stream="/c/acme/now/live"> href=&quot;/people&quot;</p>',
    );
    expect(markupUnder(undefined, markup)).toBe(markup);
  });
});

describe('who somebody is there', () => {
  const { accounts } = makeSnapshot();
  const claire = accounts.get('claire') as Extract<Who, { kind: 'controller' }>;
  const reader: ControllerUser = { ...claire.controller, client: 'martin', role: 'reader' };
  const several: Who = { kind: 'several', controllers: [claire.controller, reader] };

  test('is decided by the address for whoever acts for several, and nobody elsewhere', () => {
    expect(whoAt(several, 'acme')).toEqual(claire);
    expect(whoAt(several, 'martin')).toEqual({ kind: 'controller', controller: reader });
    expect(whoAt(several, undefined)).toBe(several);
    expect(whoAt(several, 'third')).toBeUndefined();
  });

  test('is themselves at their own client, and nobody at another', () => {
    expect(whoAt(claire, undefined)).toBe(claire);
    expect(whoAt(claire, 'acme')).toBe(claire);
    expect(whoAt(claire, 'martin')).toBeUndefined();
    for (const name of ['alice', 'david']) {
      const who = accounts.get(name) as Who;
      expect(whoAt(who, undefined)).toBe(who);
      expect(whoAt(who, 'acme')).toBeUndefined();
    }
  });
});
