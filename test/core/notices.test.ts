/** Who is told what, when; and six words for a state. */
import { describe, expect, test } from '@jest/globals';
import { headPhrase } from '../../src/core/head-phrase.ts';
import { accountKey } from '../../src/core/model.ts';
import { type NoticeState, nextDeadline, noticesDue, weekDue } from '../../src/core/notices.ts';
import { noticeMail, weekMail } from '../../src/portal/notice-mail.ts';
import { makeSnapshot, start } from '../portal/world-rules.ts';
import { asked, contestOf, matterOf, seat } from '../portal/world-things.ts';

const snapshot = makeSnapshot();
const acme = snapshot.clients.get('acme');
if (acme === undefined) throw new Error('acme is missing');
const client = {
  ...acme,
  controllers: acme.controllers.map((one) => ({ ...one, mail: `${one.id}@acme.example` })),
};

function state(change: Partial<NoticeState> = {}): NoticeState {
  return {
    client,
    seats: [seat('claire', 'acme', 'representative'), seat('marc', 'acme', 'reader')],
    requests: [],
    frames: [],
    proposals: [],
    people: [],
    stories: [],
    missed: [],
    endings: [],
    matters: [],
    copies: [],
    since: 0,
    now: start,
    ...change,
  };
}

const request = { ...asked('r1'), raisedAt: start - 1000 };

const line = (t: string, at = start) => ({
  origin: 'log',
  index: 1,
  leaf: { t, id: 'l1', at: new Date(at).toISOString() },
  groups: { person: { name: 'Eve <b>\r\nBcc: x' } },
});

describe('what is told at once', () => {
  test('a request, to those who can answer it, under a key that stays', () => {
    const due = noticesDue(state({ requests: [request] }));
    expect(due.map(({ key, to }) => [key, to.id])).toEqual([['request r1 acme/claire', 'claire']]);
    expect(noticesDue(state({ requests: [request], now: start + 60_000 })).map(({ key }) => key)).toEqual([
      'request r1 acme/claire',
    ]);
  });

  test('a change of people, to everybody who sits', () => {
    const due = noticesDue(state({ people: [line('controller.seated')] }));
    expect(due.map(({ to }) => to.id).sort()).toEqual(['claire', 'marc']);
  });

  test('the end of the contract, to everybody who sits, and to the contact what they did not do', () => {
    const began = line('ending.began');
    const given = { t: 'ending.notified', by: 'provider', what: 'log', from: '2026-10-26T23:00:00.000Z' };
    const notified = { ...began, leaf: { ...began.leaf, ...given, id: 'l2' } };
    const due = noticesDue(state({ endings: [began, notified] }));
    expect(due.map(({ key }) => key)).toEqual([
      'ending l1 acme/claire',
      'ending l1 acme/marc',
      'ending l1 acme contact',
      'ending l2 acme/claire',
      'ending l2 acme/marc',
    ]);
    const mails = due.map((one) =>
      noticeMail(one, { portalUrl: new URL('https://portal.example'), client, snapshot }),
    );
    expect(mails[0]?.text).toContain('https://portal.example/ending');
    expect(mails[2]?.text).toContain('https://portal.example/provider/endings/acme');
    expect(mails[3]?.text).toMatch(/27.octobre.2026/);
    expect(noticesDue(state({ endings: [began], since: start + 1 }))).toEqual([]);
  });

  test('that what was chosen for the end is not done in time, once', () => {
    const keys = (more: Partial<NoticeState>) => noticesDue(state(more)).map(({ key }) => key);
    const late = keys({ undoneBy: start });
    expect(late).toEqual([
      'undone 2026-10-05T08:00:00.000Z acme/claire',
      'undone 2026-10-05T08:00:00.000Z acme/marc',
      'undone 2026-10-05T08:00:00.000Z acme contact',
    ]);
    expect(keys({ undoneBy: start, now: start + 86_400_000 })).toEqual(late);
    expect(keys({ undoneBy: start + 1 })).toEqual([]);
    expect(keys({ undoneBy: start, since: start + 1 })).toEqual([]);
    const mails = noticesDue(state({ undoneBy: start })).map((one) =>
      noticeMail(one, { portalUrl: new URL('https://portal.example'), client, snapshot }),
    );
    expect(mails[0]?.text).toMatch(/Cela devait être fait au plus tard le 5.octobre.2026/);
    expect(mails[2]?.text).toContain('https://portal.example/provider/endings/acme');
  });

  test('copies that should be gone, to everybody who sits and the provider’s contact, once a day', () => {
    const kept = { at: start, place: 'Vault', custodian: 'Backup' };
    const copy = { destroyBy: start - 1, answerBy: start - 9, kept, gone: undefined };
    const due = noticesDue(state({ copies: [copy, { ...copy, destroyBy: start + 1 }] }));
    expect(due.map(({ key, to, notice }) => [key, to.mail, notice])).toEqual([
      ['copies 2026-10-05 acme/claire', 'claire@acme.example', { kind: 'copies', at: 'client', overdue: 1 }],
      ['copies 2026-10-05 acme/marc', 'marc@acme.example', { kind: 'copies', at: 'client', overdue: 1 }],
      ['copies 2026-10-05 acme contact', client.contact.mail, { kind: 'copies', at: 'provider', overdue: 1 }],
    ]);
    // One more on the same day, and days later, tell nothing twice.
    const again = noticesDue(state({ copies: [copy, copy], now: start + 86_400_000 * 3 }));
    expect(again.map(({ key }) => key)).toEqual(due.map(({ key }) => key));
    const gone = { at: start, how: 'destroyed', done: start, by: 'taker', text: '' } as const;
    expect(noticesDue(state({ copies: [{ ...copy, gone }] }))).toEqual([]);
    expect(noticesDue(state({ copies: [copy], since: start }))).toEqual([]);
    expect(nextDeadline([copy, { ...copy, destroyBy: start + 5 }], start)).toBe(start + 5);
    expect(nextDeadline([copy], start)).toBeUndefined();
    const mails = due.map((one) =>
      noticeMail(one, { portalUrl: new URL('https://portal.example'), client, snapshot }),
    );
    expect(mails[0]?.text).toContain('https://portal.example/copies');
    expect(mails[2]?.text).toContain('https://portal.example/provider/copies/acme');
  });

  test('copies of which nobody said in time where they are, like those', () => {
    const copy = { destroyBy: start + 9, answerBy: start - 1, kept: undefined, gone: undefined };
    const due = noticesDue(state({ copies: [copy, copy, { ...copy, answerBy: start + 1 }] }));
    expect(due.map(({ key, notice }) => [key, notice])).toEqual([
      ['unanswered 2026-10-05 acme/claire', { kind: 'unanswered', at: 'client', copies: 2 }],
      ['unanswered 2026-10-05 acme/marc', { kind: 'unanswered', at: 'client', copies: 2 }],
      ['unanswered 2026-10-05 acme contact', { kind: 'unanswered', at: 'provider', copies: 2 }],
    ]);
    const kept = { at: start, place: 'Vault', custodian: 'Backup' };
    expect(noticesDue(state({ copies: [{ ...copy, kept }] }))).toEqual([]);
    expect(noticesDue(state({ copies: [copy], since: start }))).toEqual([]);
    expect(nextDeadline([{ ...copy, answerBy: start + 3 }], start)).toBe(start + 3);
    expect(nextDeadline([{ ...copy, kept, answerBy: start + 3 }], start)).toBe(start + 9);
    const mails = due.map((one) =>
      noticeMail(one, { portalUrl: new URL('https://portal.example'), client, snapshot }),
    );
    expect(mails[0]?.text).toContain('https://portal.example/copies');
    expect(mails[2]?.text).toContain('https://portal.example/provider/copies/acme');
  });

  test('a robot that did not come, to everybody who sits and the provider’s contact, once', () => {
    const leaf = {
      ...{ t: 'robot.missed', id: 'm1', at: new Date(start).toISOString(), robot: 'nightly', system: 'erp' },
      ...{
        from: new Date(start - 9).toISOString(),
        latest: new Date(start - 5).toISOString(),
        observed: true,
      },
    };
    const missed = [{ origin: 'log', index: 1, leaf, groups: {} }];
    const due = noticesDue(state({ missed }));
    expect(due.map(({ key, to }) => [key, to.mail])).toEqual([
      ['robot m1 acme/claire', 'claire@acme.example'],
      ['robot m1 acme/marc', 'marc@acme.example'],
      ['robot m1 acme contact', client.contact.mail],
    ]);
    // Also where nobody of the client has an address.
    expect(noticesDue(state({ missed, client: acme })).map(({ key }) => key)).toEqual([
      'robot m1 acme contact',
    ]);
    expect(noticesDue(state({ missed, since: start + 1 }))).toEqual([]);
    const mails = due.map((one) =>
      noticeMail(one, { portalUrl: new URL('https://portal.example'), client, snapshot }),
    );
    expect(mails[2]?.text).toContain('https://portal.example/provider\n');
    expect(mails[2]?.text).not.toContain('Interrogez votre prestataire');
  });

  test.each<[string, Partial<NoticeState>]>([
    [
      'what was before mails began',
      { requests: [request], people: [line('controller.seated')], since: start + 1 },
    ],
    ['without an address', { requests: [request], client: acme }],
    ['to nobody who sits', { requests: [request], seats: [] }],
    ['of other lines', { people: [line('log.read')] }],
  ])('nothing: %s', (_, change) => {
    expect(noticesDue(state(change))).toEqual([]);
  });
});

describe('a mail', () => {
  const context = { portalUrl: new URL('https://portal.example'), client, snapshot };

  test('has a plain address, no path of a system, and nothing of a name gets into its head', () => {
    const [due] = noticesDue(state({ people: [line('controller.nominated')] }));
    if (due === undefined) throw new Error('nothing is due');
    const mail = noticeMail(due, context);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).toContain('https://portal.example/people');
    expect(mail.html).not.toContain('<b>');
    expect(mail.html).not.toMatch(/<img|src=/);
  });

  test('leads whoever acts for several clients to the one that it is about', () => {
    const [due] = noticesDue(state({ people: [line('controller.nominated')] }));
    if (due === undefined) throw new Error('nothing is due');
    const controllers = [due.to, { ...due.to, client: 'martin' }];
    const accounts = new Map([
      [accountKey(due.to.issuer, due.to.subject), { kind: 'several', controllers } as const],
    ]);
    const mail = noticeMail(due, { ...context, snapshot: { ...snapshot, accounts } });
    expect(mail.text).toContain('https://portal.example/c/acme/people');
  });

  test('about a week is one, whatever happened in it', () => {
    const verdict = { openings: 500, more: false, people: 7, robots: 0, refused: 2, unfinished: 0, worth: 1 };
    const [to] = client.controllers;
    if (to === undefined) throw new Error('nobody');
    const week = {
      verdict,
      purposes: [['support', 500]] as const,
      answered: 2,
      overdue: 1,
      state: { checkpoint: 'log\n5\nroot\n\n— x y', phrase: 'un deux' },
    };
    const mail = weekMail('week 2026-09-28 acme/claire', { ...to, language: 'en' }, week, context);
    expect(mail.text).toContain('500');
    expect(mail.text).toContain('un deux');
    expect(mail.text).toMatch(/2\sanswers to what you asked about accesses/);
    expect(mail.text).toMatch(/1\sanswer about an access is overdue/);
    const quiet = weekMail('week', { ...to, language: 'en' }, { ...week, answered: 0, overdue: 0 }, context);
    expect(quiet.text).not.toMatch(/overdue|you asked/);
    expect(mail.text).toContain('log\n5\nroot');
  });
});

describe('the week', () => {
  const monday = Date.UTC(2026, 9, 5, 5); // 07:00 in Paris
  test.each([
    ['before seven on Monday it is the one before', monday - 1, '2026-09-21'],
    ['from seven on it is the last one', monday, '2026-09-28'],
    ['on Sunday still', monday + 6 * 86_400_000, '2026-09-28'],
    ['over the end of summer time', Date.UTC(2026, 9, 26, 6), '2026-10-19'],
  ])('%s', (_, now, name) => {
    expect(weekDue('Europe/Paris', 0, now)?.name).toBe(name);
  });

  test('before mails began it is not told', () => {
    expect(weekDue('Europe/Paris', monday, monday)).toBeUndefined();
  });
});

test('six words say a state: other words for another, the same bits in both languages', () => {
  const note = 'portal.example/log/x/2026\n7\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n';
  const signed = `${note}\n— portal.example abc\n`;
  expect(headPhrase(signed, 'en')).toBe(headPhrase(`${note}\n— other signature\n`, 'en'));
  expect(headPhrase(signed, 'en').split(' ')).toHaveLength(6);
  expect(headPhrase(signed, 'fr').split(' ')).toHaveLength(6);
  expect(headPhrase(signed.replace('\n7\n', '\n8\n'), 'en')).not.toBe(headPhrase(signed, 'en'));
});

test('what staff of the provider contest is told to everybody who sits, once, and neither questions nor what was before', () => {
  const text = 'It lets us copy <b>health</b>\r\nBcc: x data.';
  const said = [{ id: 'm1', by: 'provider' as const, who: 'alice', at: start, text }];
  const matters = [contestOf('m1', { openedAt: start, said }), matterOf('m2', { openedAt: start })];
  const due = noticesDue(state({ matters }));
  expect(due.map(({ key }) => key)).toEqual(['contest m1 acme/claire', 'contest m1 acme/marc']);
  expect(noticesDue(state({ matters: [{ ...contestOf('m1'), status: 'closed' }], since: start }))).toEqual(
    [],
  );
  const [first] = due;
  if (first === undefined) throw new Error('nobody is told');
  const context = { portalUrl: new URL('https://portal.example'), client, snapshot };
  for (const language of ['en', 'fr'] as const) {
    const mail = noticeMail({ ...first, to: { ...first.to, language } }, context);
    expect(mail.text).toContain('Alice Durand');
    expect(mail.text).toContain('https://portal.example/matters/m1');
    expect(mail.html).not.toContain('<b>health');
    expect(mail.text).not.toMatch(/^Bcc:/m);
  }
});
