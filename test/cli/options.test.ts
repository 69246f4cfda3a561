/** What stands after a command is read, and what is wrong with it is said before how it is written. */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { bypassCommand } from '../../src/cli/bypass.ts';
import { clientCommand } from '../../src/cli/client.ts';
import { credentialsCommand } from '../../src/cli/credentials.ts';
import { keysCommand } from '../../src/cli/keys.ts';
import { ledgerCommand } from '../../src/cli/ledger.ts';
import { openCommand } from '../../src/cli/open.ts';
import { closeCommand, extendCommand, openingsCommand } from '../../src/cli/openings.ts';
import { readOptions } from '../../src/cli/options.ts';
import { policyCommand } from '../../src/cli/policy.ts';
import { profileCommand } from '../../src/cli/profile.ts';
import { recordCommand } from '../../src/cli/record.ts';
import { rolloutCommand } from '../../src/cli/rollout.ts';
import { stopCommand } from '../../src/cli/stop.ts';
import { systemCommand } from '../../src/cli/system.ts';
import type { CommandMain } from '../../src/cli/terminal.ts';

const options = { minutes: { type: 'string' }, json: { type: 'boolean' } } as const;

describe('a command line', () => {
  test.each<[readonly string[], string, string]>([
    [['--hours', '1'], 'there is no option --hours', 'il n’y a pas d’option --hours'],
    [['--hours=secret'], 'there is no option --hours', 'il n’y a pas d’option --hours'],
    [['-x'], 'there is no option -x', 'il n’y a pas d’option -x'],
    [['--minutes'], '--minutes needs a value', '--minutes demande une valeur'],
    [['--minutes', '--json'], '--minutes needs a value', '--minutes demande une valeur'],
    [['--json=yes'], '--json takes no value', '--json ne prend pas de valeur'],
    [['secret'], 'there are words that belong to no option', 'des mots n’appartiennent à aucune option'],
  ])('%j is not understood, and why is said in both languages', (args, en, fr) => {
    expect(readOptions({ args: [...args], options })).toEqual({ wrong: { en, fr } });
  });

  test('that is understood is read as Node reads it', () => {
    const read = readOptions({ args: ['--minutes', '30'], options });
    expect('wrong' in read ? undefined : read.values.minutes).toBe('30');
  });
});

const commands: readonly (readonly [string, CommandMain, string, string])[] = [
  ['extend', extendCommand, '--minutes x', '--minutes takes a whole number of minutes, such as 30'],
  ['extend', extendCommand, 'a b', 'name one access only'],
  ['close', closeCommand, '--all', 'there is no option --all'],
  ['openings', openingsCommand, 'all', 'there are words that belong to no option'],
  ['open', openCommand, 'erp --purpose p --reference r', 'name at least one system, as CLIENT/SYSTEM'],
  ['open', openCommand, 'acme/erp --reference r', '--purpose is missing'],
  ['open', openCommand, 'acme/erp --purpose p', '--reference is missing'],
  [
    'open',
    openCommand,
    'acme/erp --purpose p --reference r --minutes soon',
    '--minutes takes a whole number of minutes, such as 30',
  ],
  ['credentials', credentialsCommand, 'show', 'what it does is: list'],
  ['stop', stopCommand, '', '--client is missing'],
  ['record', recordCommand, 'verify', 'what it does is: verify FILE'],
  ['record', recordCommand, 'verify f', 'without --key nothing says who wrote the file'],
  ['record', recordCommand, 'verify f --key x', '--key is no verifier key'],
  ['keys', keysCommand, 'init --dir', '--dir needs a value'],
  ['profile', profileCommand, 'learn', '--client is missing'],
  ['profile', profileCommand, 'forget', 'what it does is: learn'],
  ['ledger', ledgerCommand, 'rewrite', 'there is no such action'],
  ['ledger', ledgerCommand, 'verify', 'name the export'],
  ['system', systemCommand, 'probe acme/erp --pages x', '--pages takes a number from 1 to 100'],
  ['system', systemCommand, 'probe https://u:p@erp.example/', 'give the address alone'],
  ['doctor bypass', bypassCommand, '--system erp', '--system needs --client'],
  ['rollout', rolloutCommand, '--client', '--client needs a value'],
  ['client invite', clientCommand, 'invite --client acme', '--controller is missing'],
  ['client propose', clientCommand, 'propose --client acme', '--template is missing'],
  ['client who', clientCommand, 'who --client acme --pseudonym X --reason no', '--reason takes one line'],
  ['client new', clientCommand, 'new', 'give one id for the client'],
  ['client import', clientCommand, 'import', 'name the file'],
  ['policy', policyCommand, 'check --at soon', '--at takes a time'],
  ['policy', policyCommand, 'check --set x', '--portal takes an address, --set takes NAME=VALUE'],
  ['policy', policyCommand, 'dance', 'there is no such action'],
];

test.each(commands)(
  'consentry %s says what is wrong, then how it is written',
  async (name, run, args, why) => {
    const said: string[] = [];
    const terminal = {
      print: () => undefined,
      complain: (line: string) => void said.push(line),
      events: new EventEmitter(),
      exit: () => undefined,
    };
    const env = { XDG_STATE_HOME: '/nowhere/at/all' };
    expect(await run(args.split(' ').filter(Boolean), env, terminal)).toBe(2);
    expect(said[0]).toMatch(new RegExp(`^consentry ${name}: `));
    expect(said[0]).toContain(why);
    expect(said[1]).toContain(`consentry ${name.split(' ')[0]}`);
    expect(said.join()).not.toContain('u:p');
  },
);
