/** In which language the commands of technicians speak, and that they have both for everything. */
import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { loginCommand, logoutCommand } from '../../src/cli/login.ts';
import { openCommand } from '../../src/cli/open.ts';
import { closeCommand, extendCommand, openingsCommand } from '../../src/cli/openings.ts';
import { words } from '../../src/cli/technician-texts.ts';
import { languageOf, voiceOf } from '../../src/cli/voice.ts';

test.each([
  [{}, 'en'],
  [{ LANG: 'fr_FR.UTF-8' }, 'fr'],
  [{ LANG: 'fr' }, 'fr'],
  [{ LANG: 'fur_IT.UTF-8' }, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{ LANG: 'fr_FR.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'fr_BE.UTF-8' }, 'fr'],
  [{ LANG: 'fr_FR.UTF-8', LC_MESSAGES: 'fr_FR.UTF-8', LC_ALL: 'C.UTF-8' }, 'en'],
  // Set to nothing is not set.
  [{ LANG: 'fr_CA.UTF-8', LC_MESSAGES: '', LC_ALL: '' }, 'fr'],
])('%j speaks %s', (env, language) => {
  expect(languageOf(env)).toBe(language);
});

test('commands are told as they are typed where this one was started by npx; the name before a colon stays', () => {
  const spoken: string[] = [];
  const terminal = {
    print: (line: string) => void spoken.push(line),
    complain: (line: string) => void spoken.push(line),
    events: new EventEmitter(),
    exit: () => undefined,
  };
  for (const env of [{}, { npm_command: 'exec' }, { npm_command: 'exec', LANG: 'fr' }]) {
    const voice = voiceOf(env, terminal);
    voice.print(words.open.next('http://a/'));
    voice.complain(words.openings.missing('close'));
    voice.print('consentry close as data');
  }
  expect(spoken).toEqual([
    'next    consentry curl http://a/',
    'consentry close: nothing of that is open here; consentry openings lists what is',
    'consentry close as data',
    'next    npx consentry curl http://a/',
    'consentry close: nothing of that is open here; npx consentry openings lists what is',
    'consentry close as data',
    'ensuite  npx consentry curl http://a/',
    'consentry close: rien de tel n’est ouvert ici ; npx consentry openings liste ce qui l’est',
    'consentry close as data',
  ]);
});

/** Every text of the table; functions are asked with what they may be given. */
function textsIn(value: unknown, path: string): readonly (readonly [string, object])[] {
  if (typeof value === 'function') {
    const ask = value as (...args: readonly unknown[]) => unknown;
    const given = path.startsWith('files.') ? ['PATH', 'file', '644', 'chmod 600'] : ['GIVEN', 'MORE', true];
    return textsIn(ask(...given), path);
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no text`);
  if ('en' in value) return [[path, value]];
  return Object.entries(value).flatMap(([name, one]) => textsIn(one, path === '' ? name : `${path}.${name}`));
}

test.each(textsIn(words, ''))('%s is there in both languages', (_, text) => {
  const { en, fr } = text as { en: unknown; fr: unknown };
  expect([typeof en, typeof fr]).toEqual(['string', 'string']);
  expect(`${String(en)}${String(fr)}`).not.toMatch(/undefined|NaN|\[object/);
  // Commands, options and addresses are the same in both.
  const names = (of: unknown) =>
    String(of).match(/consentry [a-z]+|--[a-z-]+|https:[^\s,]+|GIVEN|MORE|PATH/g) ?? [];
  expect(names(fr).sort()).toEqual(names(en).sort());
});

test('what a command does not understand, and that nobody is signed in, is said in French', async () => {
  const said: string[] = [];
  const terminal = {
    print: (line: string) => void said.push(line),
    complain: (line: string) => void said.push(line),
    events: new EventEmitter(),
    exit: () => undefined,
  };
  const env = { LANG: 'fr_FR.UTF-8', XDG_STATE_HOME: '/nowhere/at/all' };
  expect(await openCommand([], env, terminal)).toBe(2);
  expect(await closeCommand(['a', 'b'], env, terminal)).toBe(2);
  expect(await extendCommand(['--minutes', 'x'], env, terminal)).toBe(2);
  expect(await extendCommand(['--hours', '1'], env, terminal)).toBe(2);
  expect(await loginCommand(['--portal'], env, terminal)).toBe(2);
  expect(await logoutCommand(['now'], env, terminal)).toBe(2);
  expect(await openingsCommand([], env, terminal)).toBe(1);
  const extendUsage = 'consentry extend [ID | CLIENT/SYSTÈME] [--minutes N]';
  expect(said).toEqual([
    'consentry open: nommez au moins un système, sous la forme CLIENT/SYSTÈME',
    expect.stringContaining('CLIENT/SYSTÈME'),
    expect.stringContaining('RÉFÉRENCE'),
    'consentry close: nommez un seul accès',
    'consentry close [ID | CLIENT/SYSTÈME]',
    'consentry extend: --minutes prend un nombre entier de minutes, par exemple 30',
    extendUsage,
    'consentry extend: il n’y a pas d’option --hours',
    extendUsage,
    'consentry login: --portal demande une valeur',
    expect.stringContaining('consentry login --portal'),
    'consentry logout: des mots n’appartiennent à aucune option',
    'consentry logout',
    expect.stringContaining('consentry openings: non connecté'),
  ]);
  const voice = voiceOf({ LANG: 'fr' }, { ...terminal, ask: async (question) => `${question}oui` });
  expect(await voice.ask?.(words.open.confirm)).toBe('Les confirmer ? Tapez oui : oui');
});
