/**
 * `consentry doctor`: looks at everything that Consentry needs and says for each either "ok" or what to do. It
 * changes nothing, sends no secret, and ends by itself: each check has a limit. Exit 0 only when nothing has to be
 * done; advice (marked `note`) does not count.
 */
import type { Environment } from '../config.ts';
import { examine, printFinding } from './doctor-check.ts';
import { machineChecks, secretChecks } from './doctor-machine.ts';
import { networkChecks } from './doctor-network.ts';
import { prepare } from './prepare.ts';
import type { Terminal } from './terminal.ts';

/** Prints one line per finding. Answers 0 when all is well, 1 when there is something to do. */
export async function doctorCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'bypass') return (await import('./bypass.ts')).bypassCommand(rest, env, terminal);
  if (args.length > 0) {
    terminal.complain(
      'consentry doctor [bypass]: takes no other arguments; it reads the same settings as "consentry serve"',
    );
    return 2;
  }
  const prepared = await prepare(env);
  if ('faults' in prepared) {
    for (const fault of prepared.faults)
      printFinding({ verdict: 'do', about: 'settings and policies', advice: fault }, terminal);
    return 1;
  }
  printFinding({ verdict: 'ok', about: 'settings and policies' }, terminal);
  const {
    config,
    secrets,
    policy: { snapshot },
  } = prepared;
  const checks = [
    ...machineChecks(config),
    ...secretChecks(config, snapshot),
    ...networkChecks(config, secrets, snapshot),
  ];
  return (await examine(checks, terminal)) ? 0 : 1;
}
