/** Grant templates: what ships is right for the sample clients, and each mistake is told where it stands. */
import { readFileSync, readdirSync } from 'node:fs';
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
    ['a person', `${right}people: [alice]\n`, '6:10: must be assigned or team:<id>'],
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

  test('the four that ship name purposes that ship', () => {
    const shipped = join(import.meta.dirname, '../../policies/grant-templates');
    const names = readdirSync(shipped).sort();
    expect(names).toEqual([
      'ask-me-first.yaml',
      'backup-nightly.yaml',
      'hotline-hours.yaml',
      'support-on-ticket.yaml',
    ]);
    for (const name of names)
      expect(readFileSync(join(shipped, name), 'utf8')).toMatch(/^# yaml-language-server/);
  });
});
