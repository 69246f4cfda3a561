/**
 * `consentry demo`: the whole product on this machine with sample people, systems and an identity provider of its
 * own. Loopback only; agreements are signed by a key that the gateway holds, and every page says so.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../app.ts';
import { credentialsFolder, readConfig } from '../config.ts';
import { formatFault } from '../core/policy/faults.ts';
import { createLog } from '../log.ts';
import { initKeys, pseudonymKeyIn } from '../stores/keys.ts';
import { createPolicyLoader } from '../stores/policy-loader.ts';
import { untilStopped } from './lifetime.ts';
import { readSecretFile } from './prepare.ts';
import type { CommandMain } from './terminal.ts';

export const demoCommand: CommandMain = async (args, env, terminal) => {
  if (args.length > 0) {
    terminal.complain('consentry demo: takes no arguments; settings are environment variables');
    return 2;
  }
  const reading = readConfig(env, { evaluation: true, readSecretFile });
  if ('faults' in reading) {
    for (const fault of reading.faults) terminal.complain(fault);
    return 1;
  }
  const { config, secrets } = reading;
  const log = createLog({ logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel });
  // The demo's parts are development dependencies: only this command may load them.
  const { startWorld } = await import('../demo/world.ts');
  const { seedDemo } = await import('../demo/seed.ts');
  const world = await startWorld(config.portalUrl.origin, config.listen.port + 1);
  if (!existsSync(config.keys)) initKeys(config.keys, { evaluation: true });
  const loader = createPolicyLoader(config.policies, {
    evaluation: true,
    production: false,
    portalUrl: config.portalUrl,
    credentialsDir: credentialsFolder(config),
    variables: world.variables,
    pseudonymKey: pseudonymKeyIn(config.keys) ?? '',
  });
  const loaded = await loader.load();
  if ('faults' in loaded) {
    for (const fault of loaded.faults) terminal.complain(formatFault(fault));
    await loader.close();
    await world.close();
    return 1;
  }
  const app = await createApp(config, secrets, {
    policy: loaded,
    loader,
    log,
    clientSecret: () => world.clientSecret,
  });
  await seedDemo(app, loaded.snapshot, Date.now());
  const robotKey = join(config.data, 'robot.pem');
  writeFileSync(robotKey, world.robotKey, { mode: 0o600 });
  const hosts = [...loaded.snapshot.hosts.values()];
  const systems = [...new Set(hosts.map(({ publicOrigin }) => `    ${publicOrigin}`))];
  terminal.print(`
  Consentry is ready for a look around (evaluation mode, this machine only).

  Open    ${config.portalUrl.origin}
  Sign in as alice (technician) or claire (client); any password works.
  Others: bruno, eve (technicians), marc (reads for acme), nadia (client martin), david (data protection officer), carla (proposes agreements).

  Systems behind the door:
${systems.join('\n')}

  A robot that takes a backup by itself (docs/robots.md):
    PORTAL=${config.portalUrl.origin} ISSUER=${world.identityProvider.issuer} KEY=${robotKey} sh deploy/backup-robot.sh

  Stop with Ctrl-C. What was recorded stays in ${config.data}.
`);
  return untilStopped({ close: () => app.close().then(() => world.close()) }, log, terminal);
};
