/** Grant templates: what ships is right for the sample clients, and each mistake is told where it stands. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compile } from '../../src/core/policy/compile.ts';
import { proposalFrom } from '../../src/core/proposals.ts';
import { everySystem } from '../../src/core/systems.ts';
import { folder } from './policy-folder.ts';

const options = {
  evaluation: false,
  production: false,
  portalUrl: new URL('https://portal.msp.example'),
};
const right = `label: { en: Look, fr: Voir }
about: { en: To look., fr: Pour voir. }
purposes: [support]
operations: [read]
days: 30
`;

function compiled(text: string) {
  return compile([...folder(), { path: 'grant-templates/look.yaml', text }], options);
}

function faults(text: string): readonly string[] {
  const found = compiled(text);
  return 'faults' in found
    ? found.faults.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
    : [];
}

describe('a template', () => {
  test('gives a proposal of the systems that have one of its purposes, in the zone of the client', () => {
    const found = compiled(`${right}once_minutes: 60\nlimits: { per: week, openings: 2, megabytes: 5 }\n`);
    if ('faults' in found) throw new Error(JSON.stringify(found.faults));
    const { templates, clients } = found.snapshot;
    const [template, client] = [templates.get('look'), clients.get('acme')];
    if (template === undefined || client === undefined) throw new Error('both are there');
    const proposal = proposalFrom(template, client, everySystem(client), { id: 'p', by: 'carla', now: 5 });
    expect(proposal).toMatchObject({
      ...{ client: 'acme', template: 'look', purposes: ['support'], operations: ['read'] },
      ...{ people: ['assigned'], days: 30, onceMinutes: 60, status: 'waiting', by: 'carla' },
      budget: { per: 'week', zone: client.zone, openings: 2, bytes: 5_000_000 },
    });
    expect(proposal?.systems.length).toBeGreaterThan(0);
    const nothing = { ...template, purposes: ['none'] };
    const made = { id: 'p', by: 'carla', now: 5 };
    expect(proposalFrom(nothing, client, everySystem(client), made)).toBeUndefined();
  });

  test.each([
    [
      'an unknown purpose',
      right.replace('[support]', '[suport]'),
      '3:12: unknown purpose "suport"; did you mean',
    ],
    ['an unknown team', `${right}people: ["team:nobody"]\n`, '6:10: unknown team "nobody"'],
    ['a person', `${right}people: [alice]\n`, '6:10: must be assigned, team:<id> or robot:<id>'],
    ['an unknown robot', `${right}people: ["robot:nobody"]\n`, '6:10: unknown robot "nobody"'],
    ['nobody', `${right}people: []\n`, '6:9: name at least one'],
    ['no purpose', right.replace('[support]', '[]'), '3:11: name at least one purpose'],
    ['no operation', right.replace('[read]', '[]'), '4:13: name at least one operation'],
    ['an operation that is none', right.replace('[read]', '[delete]'), '4:14: must be one of'],
    ['no end', right.replace('days: 30\n', ''), '"days" is missing'],
    ['more than a year', right.replace('30', '366'), '5:7:'],
    ['a limit of nothing', `${right}limits: { per: week }\n`, '6:9: set at least one limit'],
    ['a limit for ever', `${right}limits: { per: year, openings: 1 }\n`, '6:16: must be one of'],
    ['more than a day at once', `${right}once_minutes: 1441\n`, '6:15:'],
    ['a key too many', `${right}approve: true\n`, '6:1: unknown key "approve"'],
  ])('with %s is a fault where it stands', (_name, text, said) => {
    expect(faults(text).join('\n')).toContain(
      said.startsWith('"') ? said : `grant-templates/look.yaml:${said}`,
    );
  });

  describe('of a robot', () => {
    const robot = {
      ...{ name: 'Copies', issuer: 'https://login.msp.example', client_id: 'copies', proof: 'private-key' },
      ...{ responsible: 'alice', place: 'FR', from: '2025-04-01', purposes: ['support'] },
      windows: [{ days: ['mon'], from: '01:00', until: '05:00' }],
    };
    const documents = (text: string, purposes = ['support']) => [
      ...folder().map((one) =>
        one.path === 'staff.yaml'
          ? { ...one, text: `${one.text}robots: ${JSON.stringify({ copies: { ...robot, purposes } })}\n` }
          : { ...one, text: one.text.replace('service: support\n', 'service: support\n    robots: true\n') },
      ),
      { path: 'grant-templates/look.yaml', text },
    ];

    test('that has none of its purposes is a fault where it stands', () => {
      const look = right.replace('[support]', '[look]');
      const other = `  look:
    label: { en: Look, fr: Voir }
    description: { en: Look, fr: Voir }
    operations: [read]
    functions: [technician]
    service: support
    reference: required
    note: optional
    minutes: 60
    production: true
`;
      const all = documents(`${look}people: ["robot:copies"]\n`).map((one) =>
        one.path === 'purposes.yaml' ? { ...one, text: one.text + other } : one,
      );
      const found = compile(all, options);
      expect('faults' in found ? found.faults.map(({ message }) => message) : []).toEqual([
        'the robot copies has none of the purposes of this template',
      ]);
    });

    test('is about the systems that it is assigned to, and proposes none that is not assigned', () => {
      const made = { id: 'p', by: 'carla', now: Date.parse('2026-10-05T08:00:00Z') };
      const proposed = (people: string, until?: number, systems: readonly string[] = ['crm']) => {
        const found = compile(documents(`${right}people: ${people}\n`), options);
        if ('faults' in found) throw new Error(JSON.stringify(found.faults));
        const template = found.snapshot.templates.get('look');
        if (template === undefined) throw new Error('it is there');
        const assigned = { who: 'copies', systems, from: 0, until, reason: 'copies' };
        const client = { id: 'acme', zone: 'UTC', assignments: [assigned] };
        const both = ['erp', 'crm'].map((id) => ({ id, purposes: ['support'] }));
        return proposalFrom(template, client, both, made);
      };
      const alone = '["robot:copies"]';
      expect(proposed(alone)).toMatchObject({ systems: ['crm'], people: ['robot:copies'] });
      expect(proposed(alone, undefined, ['*'])?.systems).toEqual(['erp', 'crm']);
      expect(proposed(alone, made.now)).toBeUndefined();
      expect(proposed(alone, undefined, ['other'])).toBeUndefined();
      const beside = '[assigned, "robot:copies"]';
      expect(proposed(beside)).toMatchObject({
        systems: ['erp', 'crm'],
        people: ['assigned', 'robot:copies'],
      });
      expect(proposed(beside, made.now)?.people).toEqual(['assigned']);
      expect(proposed('[assigned]')?.people).toEqual(['assigned']);
    });
  });

  test('the five that ship name purposes that ship', () => {
    const shipped = join(import.meta.dirname, '../../policies/grant-templates');
    const names = readdirSync(shipped).sort();
    expect(names).toEqual([
      'ask-me-first.yaml',
      'backup-nightly.yaml',
      'backup-robot.yaml',
      'hotline-hours.yaml',
      'support-on-ticket.yaml',
    ]);
    for (const name of names)
      expect(readFileSync(join(shipped, name), 'utf8')).toMatch(/^# yaml-language-server/);
  });
});
