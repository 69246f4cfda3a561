/**
 * `consentry serve`: the gateway and the portal, in production. Settings and policies are checked first and every
 * fault of both is told at once; with one fault nothing listens and the exit code is 1.
 */
import type { Address, Config, Environment } from '../config.ts';
import { settingWarnings } from '../config.ts';
import { createLog } from '../log.ts';
import { KeysFault } from '../stores/keys.ts';
import { createPolicyLoader, type PolicyLoader } from '../stores/policy-loader.ts';
import { untilStopped } from './lifetime.ts';
import { deviceOf, prepare } from './prepare.ts';
import type { Terminal } from './terminal.ts';

/** Runs until a signal. Answers 0 after an orderly end, 1 when it could not start or did not end well. */
export async function serveCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  if (args.length > 0) {
    terminal.complain('consentry serve: takes no arguments; settings are environment variables');
    return 2;
  }
  let loader: PolicyLoader | undefined;
  // While the policies' thread reads the folder, this one loads the rest.
  const [prepared, { createApp }] = await Promise.all([
    prepare(env, (directory, options) => {
      loader = createPolicyLoader(directory, options);
      return loader.load();
    }),
    import('../app.ts'),
  ]);
  if ('faults' in prepared) {
    await loader?.close();
    terminal.complain('consentry serve: not started, because of');
    for (const fault of prepared.faults) terminal.complain(`  ${fault}`);
    return 1;
  }
  const { config, secrets, policy } = prepared;
  const log = createLog(config);
  for (const warning of settingWarnings(config, deviceOf)) terminal.complain(`warning: ${warning}`);
  try {
    const app = await createApp(config, secrets, {
      policy,
      log,
      ...(loader === undefined ? {} : { loader }),
    });
    log.info('ready', {
      portal: app.portalUrl,
      version: process.versions.node,
      production: config.production,
    });
    return await untilStopped(app, log, terminal);
  } catch (error) {
    log.error('not started', { error });
    for (const sentence of startFaults(error, config)) terminal.complain(`consentry serve: ${sentence}`);
    // Whatever was started before the fault (workers, a listener) must not keep the process.
    terminal.exit(1);
    return 1;
  }
}

/** What an operator can do about a start that failed, for the faults that operators can cause. */
export function startFaults(error: unknown, config: Config): readonly string[] {
  if (error instanceof KeysFault) return error.faults;
  const code = Error.isError(error) && 'code' in error ? error.code : undefined;
  const places = `${settingText(config.listen)} or ${settingText(config.opsListen)}`;
  if (code === 'EADDRINUSE') return [`another program listens on ${places} already`];
  if (code === 'EADDRNOTAVAIL') return [`this machine has no such address as ${places}`];
  if (code === 'EACCES')
    return [`this user may not listen on ${places}, or may not use a folder of the settings`];
  return [];
}

function settingText({ host, port }: Address): string {
  return `${host}:${port}`;
}
