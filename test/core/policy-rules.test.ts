/** What the rules of policy files compile to, and the faults that only show when names are held against each other. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { questionOf } from '../../src/core/policy/cases.ts';
import { type Compiled, compile } from '../../src/core/policy/compile.ts';
import type { PolicyDocument } from '../../src/core/policy/document.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { caseFile } from '../../src/core/policy/schema-cases.ts';
import { edited, folder, replaced, rulesIn, serving } from './policy-folder.ts';

function whole(documents: readonly PolicyDocument[]): Compiled {
  const result = compile(documents, serving);
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'));
  return result;
}

function compiled(documents: readonly PolicyDocument[]): Snapshot {
  return whole(documents).snapshot;
}

function faults(documents: readonly PolicyDocument[]): readonly string[] {
  const result = compile(documents, serving);
  return 'faults' in result ? result.faults.map(formatFault) : [];
}

/** What comes out for alice at acme's erp. */
function outcome(snapshot: Snapshot, at: string, more: object = {}): string {
  const asked = {
    name: 'x',
    person: 'alice',
    client: 'acme',
    system: 'erp',
    purpose: 'support',
    at,
    expect: 'allow',
  };
  const [source] = caseFile.parse({ cases: [{ ...asked, ...more }] }).cases;
  const now = Date.parse(at);
  const question = source === undefined ? undefined : questionOf(snapshot, source, now);
  if (question === undefined || 'refuse' in question) return question?.refuse ?? 'nothing asked';
  const decision = decide(snapshot, question, now);
  return decision.effect === 'allow' ? 'allow' : decision.reason;
}

const staff = (from: string, to: string) => edited('staff.yaml', from, to);
const providersFile = (more: string) => `providers:
  helpers:
    name: Helpers SAS
    address: Nantes
    contact: { name: H, mail: h@helpers.example }
    tasks: Restoration
    country: FR
    places: [FR, BE]
${more}`;
const guarantees =
  '    guarantees: { agreement: a, confidentiality: b, no_sale: c, security: d, reviewed: 2025-06-01, until: 2026-05-31 }\n';
const approval = '    approvals: { acme: { reference: letter, from: 2025-07-01, until: 2026-02-28 } }\n';
const helper = replaced('staff.yaml', 'employment: employee', 'employment: provider\n    provider: helpers');

describe('standing', () => {
  test('a training that was done holds for twelve months, to the day', () => {
    const snapshot = compiled(
      staff('security_training: 2026-12-31', 'security_training: { done: 2025-06-10 }'),
    );
    expect(outcome(snapshot, '2025-06-09T23:59:59+02:00')).toBe('training_expired');
    expect(outcome(snapshot, '2025-06-10T00:00:00+02:00')).toBe('allow');
    expect(outcome(snapshot, '2026-06-09T23:59:59+02:00')).toBe('allow');
    expect(outcome(snapshot, '2026-06-10T00:00:00+02:00')).toBe('training_expired');
  });

  test('or for as many as the file says, at the end of a short month too', () => {
    const text = replaced('staff.yaml', 'gdpr_training: 2026-12-31', 'gdpr_training: { done: 2025-08-31 }');
    const snapshot = compiled(folder({ 'staff.yaml': `${text}validity_months: { gdpr_training: 6 }\n` }));
    expect(outcome(snapshot, '2026-02-27T23:59:59+01:00')).toBe('allow');
    expect(outcome(snapshot, '2026-02-28T00:00:00+01:00')).toBe('gdpr_training_missing');
  });

  test('an earlier charter holds until the days of grace are over, each person for themselves', () => {
    const text = replaced('staff.yaml', 'version: "2", signed', 'version: "1", signed');
    const earlier = compiled(
      folder({ 'staff.yaml': text.replace('effective: 2025-01-01', 'effective: 2026-01-10') }),
    );
    expect(outcome(earlier, '2026-01-09T12:00:00+01:00')).toBe('allow');
    expect(outcome(earlier, '2026-02-08T23:59:59+01:00')).toBe('allow');
    expect(outcome(earlier, '2026-02-09T00:00:00+01:00')).toBe('charter_not_signed');
    const current = compiled(staff('effective: 2025-01-01', 'effective: 2026-01-10'));
    expect(outcome(current, '2026-02-09T00:00:00+01:00')).toBe('allow');
  });

  test('no signature reaches back', () => {
    const signed = compiled(staff('signed: 2025-03-30', 'signed: 2026-01-15'));
    expect(outcome(signed, '2026-01-14T12:00:00+01:00')).toBe('charter_not_signed');
    const bound = compiled(staff('confidentiality: 2026-12-31', 'confidentiality: { signed: 2026-01-15 }'));
    expect(outcome(bound, '2026-01-14T12:00:00+01:00')).toBe('confidentiality_missing');
    expect(outcome(bound, '2026-06-14T12:00:00+01:00')).toBe('allow');
  });

  test('an allow ends with the grace', () => {
    const text = replaced('staff.yaml', 'version: "2", signed', 'version: "1", signed');
    const snapshot = compiled(
      folder({ 'staff.yaml': text.replace('effective: 2025-01-01', 'effective: 2026-01-10') }),
    );
    const [source] = caseFile.parse({
      cases: [
        {
          name: 'x',
          person: 'alice',
          client: 'acme',
          system: 'erp',
          purpose: 'support',
          at: '2026-02-08',
          expect: 'allow',
        },
      ],
    }).cases;
    const now = Date.parse('2026-02-08T23:30:00+01:00');
    const question = source === undefined ? undefined : questionOf(snapshot, source, now);
    if (question === undefined || 'refuse' in question) throw new Error('nothing asked');
    expect(decide(snapshot, question, now)).toMatchObject({
      effect: 'allow',
      until: Date.parse('2026-02-09T00:00:00+01:00'),
      atMost: Date.parse('2026-02-09T00:00:00+01:00'),
    });
  });
});

describe('assignments of the staff file', () => {
  const shared = (clients: string, systems = '["*"]') =>
    folder({
      'staff.yaml': `${replaced('staff.yaml', 'functions: [technician]\n    teams', 'functions: [technician]\n    teams')}assignments:
  - { who: "team:first-line", clients: ${clients}, systems: ${systems}, from: 2026-01-01, until: 2026-01-31, reason: first line }
`,
      'clients/acme.yaml': replaced(
        'clients/acme.yaml',
        'assignments:\n  - { who: alice, systems: [erp], from: 2025-01-01, reason: first line }\n',
        'tags: [sme]\nassignments: []\n',
      ),
    });

  test.each(['["tag:sme"]', '[acme]', '[martin, "tag:sme"]'])(
    '%s reaches acme, for its period',
    (clients) => {
      const snapshot = compiled(shared(clients));
      expect(outcome(snapshot, '2025-12-31T12:00:00+01:00')).toBe('not_assigned');
      expect(outcome(snapshot, '2026-01-31T23:00:00+01:00')).toBe('allow');
      expect(outcome(snapshot, '2026-02-01T00:00:00+01:00')).toBe('not_assigned');
    },
  );

  test('a client reads its own part of them, and nothing of others', () => {
    const slice = JSON.parse(rulesIn(whole(shared('[martin, "tag:sme"]')), 'acme'));
    expect(slice.shared_assignments).toEqual([
      {
        who: 'team:first-line',
        systems: ['*'],
        from: '2026-01-01',
        until: '2026-01-31',
        reason: 'first line',
      },
    ]);
    expect(slice.assigned).toEqual([{ id: 'alice', functions: ['technician'] }]);
    expect(JSON.stringify(slice)).not.toContain('martin');
  });

  test.each([
    ['["tag:large"]', '["*"]', 'no client is or has "tag:large"'],
    ['[nobody]', '["*"]', 'no client is or has "nobody"'],
    ['["tag:sme"]', '[payroll]', 'none of these clients has a system "payroll"'],
    ['["tag:sme"]', '["*", erp]', '"*" stands alone'],
  ])('%s and %s: %s', (clients, systems, message) => {
    expect(
      faults(shared(clients, systems)).map((fault) => fault.replace(/^staff\.yaml:\d+:\d+: /, '')),
    ).toEqual([message]);
  });
});

describe('other providers', () => {
  const with_ = (file: string | undefined) => folder({ 'staff.yaml': helper, 'providers.yaml': file });
  const named = { grant: { people: ['alice'] } };
  const at = '2026-02-10T12:00:00+01:00';

  test.each([
    ['in order', providersFile(guarantees + approval), at, 'allow'],
    ['no guarantees', providersFile(approval), at, 'provider_guarantee_missing'],
    [
      'guarantees over',
      providersFile(guarantees + approval),
      '2026-06-01T12:00:00+02:00',
      'provider_guarantee_expired',
    ],
    ['not approved by this client', providersFile(guarantees), at, 'consultation_pending'],
    ['approval over', providersFile(guarantees + approval), '2026-03-01T12:00:00+01:00', 'outside_window'],
    [
      'established outside',
      providersFile(guarantees + approval).replace('country: FR', 'country: CH'),
      at,
      'provider_outside_eu',
    ],
    [
      'works from overseas',
      providersFile(guarantees + approval).replace('[FR, BE]', '[FR, NC]'),
      at,
      'provider_outside_eu',
    ],
  ])('%s', (_, file, when, expected) => {
    expect(outcome(compiled(with_(file)), when, named)).toBe(expected);
  });

  test('who agrees to whoever is assigned has not agreed to them', () => {
    expect(outcome(compiled(with_(providersFile(guarantees + approval))), at)).toBe('consent_scope');
  });

  test('stand in the slice of who approved them, without other approvals', () => {
    const both = approval.replace('} }', '}, martin: { reference: other, from: 2025-01-01 } }');
    const slice = rulesIn(whole(with_(providersFile(guarantees + both))), 'acme');
    expect(JSON.parse(slice).providers.helpers).toMatchObject({
      name: 'Helpers SAS',
      approval: { reference: 'letter' },
    });
    expect(slice).not.toContain('other');
  });

  test.each([
    ['no file', undefined, 'staff.yaml:10:15: unknown provider "helpers"'],
    [
      'an approval by nobody',
      providersFile(guarantees + approval.replace('acme', 'acmee')),
      'providers.yaml:10:25: unknown client "acmee"; did you mean "acme"?',
    ],
    [
      'guarantees that end before they begin',
      providersFile(guarantees.replace('2026-05-31', '2024-05-31') + approval),
      'providers.yaml:9:107: ends before it begins',
    ],
    [
      'a country that is none',
      providersFile(guarantees).replace('country: FR', 'country: UK'),
      'providers.yaml:7:14: must be a territory of ISO 3166 in two capitals, such as FR, RE, GB',
    ],
  ])('%s is a fault', (_, file, message) => {
    expect(faults(with_(file))).toContain(message);
  });

  test('a provider’s person without a provider, an employee with one', () => {
    expect(faults(staff('employment: employee', 'employment: provider'))).toEqual([
      'staff.yaml:9:17: name the provider of providers.yaml as provider',
    ]);
    const both = replaced(
      'staff.yaml',
      'employment: employee',
      'employment: employee\n    provider: helpers',
    );
    expect(faults(folder({ 'staff.yaml': both, 'providers.yaml': providersFile('') }))).toEqual([
      'staff.yaml:10:5: an employee works for no other provider',
    ]);
  });
});

describe('purposes', () => {
  const purpose = (more: string) => edited('purposes.yaml', '    minutes: 60\n', `    minutes: 60\n${more}`);

  test('hours are those of the client’s zone and calendar, with the purpose’s own zone if it has one', () => {
    const hours =
      '    hours: { windows: [{ days: [mon, tue, wed, thu, fri], from: 08:00, until: 18:00 }] }\n';
    const snapshot = compiled(purpose(hours));
    expect(outcome(snapshot, '2026-05-27T10:00:00+02:00')).toBe('allow');
    expect(outcome(snapshot, '2026-05-25T10:00:00+02:00')).toBe('outside_hours');
    expect(outcome(snapshot, '2026-05-27T18:00:00+02:00')).toBe('outside_hours');
    expect(snapshot.clients.get('martin')?.hours.get('support')).toMatchObject({
      zone: 'Indian/Reunion',
      closedOn: 'FR',
    });
    const open = compiled(purpose(hours.replace('hours: {', 'hours: { holidays: open, zone: Europe/Paris,')));
    expect(outcome(open, '2026-05-25T10:00:00+02:00')).toBe('allow');
    expect(open.clients.get('martin')?.hours.get('support')).toBe(
      open.clients.get('acme')?.hours.get('support'),
    );
  });

  test('the form of a reference, and what a note must say', () => {
    const snapshot = compiled(purpose('    reference_patterns: ["INC-#"]\n'));
    expect(outcome(snapshot, '2026-05-27T10:00:00+02:00', { reference: 'INC-7' })).toBe('allow');
    expect(outcome(snapshot, '2026-05-27T10:00:00+02:00', { reference: 'T-7' })).toBe('reference_form');
    expect(outcome(snapshot, '2026-05-27T10:00:00+02:00', { reference: '' })).toBe('reference_missing');
    const text = replaced('purposes.yaml', 'note: optional', 'note: required\n    note_minimum: 10');
    const noted = compiled(folder({ 'purposes.yaml': text }));
    expect(outcome(noted, '2026-05-27T10:00:00+02:00', { note: 'ça va mieux' })).toBe('note_too_short');
    expect(outcome(noted, '2026-05-27T10:00:00+02:00', { note: 'ça ira mieux' })).toBe('allow');
  });

  test('a sign-in for a purpose, beside that of the system', () => {
    const snapshot = compiled(purpose('    authentication: { amr: [otp], max_age_minutes: 5 }\n'));
    const ask = (authentication: object) =>
      outcome(snapshot, '2026-05-27T10:00:00+02:00', { authentication });
    expect(ask({ amr: ['pwd'] })).toBe('authentication_too_weak');
    expect(ask({ amr: ['pwd', 'otp'], minutes_ago: 5 })).toBe('authentication_too_old');
    expect(ask({ amr: ['pwd', 'otp'], minutes_ago: 4 })).toBe('allow');
  });

  test.each([
    ['    hours: { windows: [{ days: [mon], from: 08:00, until: 08:00 }] }\n', 'ends when it begins'],
    [
      '    hours: { windows: [{ days: [mon], from: 24:00, until: 08:00 }] }\n',
      'begins after the day: write 00:00',
    ],
    [
      '    hours: { windows: [{ days: [mon], from: 8:00, until: 09:00 }] }\n',
      'must be a time such as 08:00, or 24:00',
    ],
    [
      '    hours: { windows: [{ days: [monday], from: 08:00, until: 09:00 }] }\n',
      'must be one of: mon, tue, wed, thu, fri, sat, sun',
    ],
    ['    hours: { zone: Paris, windows: [] }\n', 'must be a time zone such as Europe/Paris'],
    ['    reference_patterns: ["(a+)+$"]\n', 'must be a pattern such as INC-# or CALL-####'],
    ['    reference_patterns: []\n', 'must name at least one form'],
    ['    note_minimum: 0\n', 'Too small: expected number to be >=1'],
  ])('%s is a fault: %s', (more, message) => {
    expect(faults(purpose(more)).map((fault) => fault.replace(/^purposes\.yaml:\d+:\d+: /, ''))).toEqual([
      message,
    ]);
  });
});

describe('instructions', () => {
  const instruction = (more: string) => edited('clients/acme.yaml', 'forbids: [] }', `${more} }`);
  const at = '2026-05-27T10:00:00+02:00';

  test.each([
    ['forbids: [support]', {}, 'instruction_condition'],
    ['forbids: [support], systems: [erp]', {}, 'instruction_condition'],
    ['no_copy: true', {}, 'allow'],
    ['only: [alice]', {}, 'allow'],
    ['only: ["team:first-line"]', {}, 'allow'],
    ['only: []', {}, 'instruction_condition'],
    ['hours: { windows: [{ days: [wed], from: 09:00, until: 10:01 }] }', {}, 'allow'],
    ['hours: { windows: [{ days: [wed], from: 09:00, until: 10:00 }] }', {}, 'instruction_condition'],
    ['hours: { windows: [] }', {}, 'instruction_condition'],
    ['purposes: [support], hours: { windows: [] }', {}, 'instruction_condition'],
  ])('%s', (more, asked, expected) => {
    expect(outcome(compiled(instruction(more)), at, asked)).toBe(expected);
  });

  test.each([
    ['systems: [crm]', 'unknown system "crm"'],
    ['purposes: [supprt]', 'unknown purpose "supprt"; did you mean "support"?'],
    ['only: [alicia]', 'unknown person "alicia"; did you mean "alice"?'],
    ['only: ["team:first"]', 'unknown team "first"'],
    ['hours: { windows: [{ days: [mon], from: 08:00, until: 08:00 }] }', 'ends when it begins'],
  ])('%s is a fault: %s', (more, message) => {
    expect(
      faults(instruction(more)).map((fault) => fault.replace(/^clients\/acme\.yaml:\d+:\d+: /, '')),
    ).toEqual([message]);
  });
});

describe('contracts', () => {
  test.each(['subject', 'duration', 'nature', 'purpose', 'data_types', 'persons', 'obligations'])(
    'without %s are a fault: article 28(3) asks for it',
    (field) => {
      const text = folder().find(({ path }) => path === 'clients/acme.yaml')?.text ?? '';
      const without = text.replace(new RegExp(`(processing: \\{.*?) ${field}: (\\[.*?\\]|\\w+),?`), '$1');
      const found = faults(folder({ 'clients/acme.yaml': without }));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`^clients/acme\\.yaml:4:\\d+: "${field}" is missing$`));
    },
  );

  test('an empty list of data types or persons is none', () => {
    const found = faults(
      folder({
        'clients/acme.yaml': replaced('clients/acme.yaml', 'data_types: [names]', 'data_types: []'),
      }),
    );
    expect(found.map((fault) => fault.replace(/^[^ ]+ /, ''))).toEqual(['must name at least one']);
  });
});

test('a system and a purpose that no sign-in can meet together', () => {
  const text = replaced(
    'purposes.yaml',
    '    minutes: 60\n',
    '    minutes: 60\n    authentication: { acr: [other] }\n',
  );
  expect(faults(folder({ 'purposes.yaml': text }))).toEqual([
    'clients/martin.yaml:13:28: no sign-in can meet both this and what the purpose "support" asks',
  ]);
});
