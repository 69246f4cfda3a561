#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 node --max-semi-space-size=3 --heap-growing-percent=30 --no-allocation-site-pretenuring --external-memory-accounted-in-global-limit
/**
 * The process: reads the command, hands over environment and signals, sets the exit code. Nothing but node's own
 * modules is loaded before the version is checked, so that an older Node gets a sentence instead of a stack.
 */
import type { CommandMain, Terminal } from './cli/terminal.ts';

interface Entry {
  /** Of technicians' commands in both languages; whoever runs the installation reads English. */
  readonly help: string | { readonly en: string; readonly fr: string };
  load(): Promise<CommandMain>;
}

const OLDEST_NODE = 26;

/** Each command, loaded only when it is asked for: `ledger verify` must not load a web server. */
const commands: Readonly<Record<string, Entry>> = {
  serve: {
    help: 'serve                 run the gateway and the portal (production)',
    load: async () => (await import('./cli/serve.ts')).serveCommand,
  },
  demo: {
    help: 'demo                  try everything on this machine, with sample people and systems',
    load: loadDemo,
  },
  init: {
    help: 'init [FOLDER]         write a starting folder: policies, settings, what to do next',
    load: async () => (await import('./cli/init.ts')).initCommand,
  },
  doctor: {
    help: 'doctor [bypass]       check clock, keys, disk, sign-in, systems, names; bypass: ways around the gateway',
    load: async () => (await import('./cli/doctor.ts')).doctorCommand,
  },
  stop: {
    help: 'stop --client ID      stop every access to a client now and suspend its agreements',
    load: async () => (await import('./cli/stop.ts')).stopCommand,
  },
  client: {
    help: 'client new | import | invite | who        files of clients, and invitations for their people',
    load: async () => (await import('./cli/client.ts')).clientCommand,
  },
  rollout: {
    help: 'rollout               how far each client is: seats, agreements, names, certificates',
    load: async () => (await import('./cli/rollout.ts')).rolloutCommand,
  },
  keys: {
    help: 'keys init             make the keys of this installation, once',
    load: async () => (await import('./cli/keys.ts')).keysCommand,
  },
  credentials: {
    help: 'credentials list      what clients handed over: accounts, last use, rotation; never a secret',
    load: async () => (await import('./cli/credentials.ts')).credentialsCommand,
  },
  ledger: {
    help: 'ledger verify | export | prove | fsck    check and export the access log of a client',
    load: async () => (await import('./cli/ledger.ts')).ledgerCommand,
  },
  record: {
    help: 'record verify FILE --key KEY            check an extract of somebody’s own record; nothing else is needed',
    load: async () => (await import('./cli/record.ts')).recordCommand,
  },
  policy: {
    help: 'policy check | explain | diff | replay | schema    the policy files: right? why? what would change?',
    load: async () => (await import('./cli/policy.ts')).policyCommand,
  },
  profile: {
    help: 'profile learn --client ID               propose a profile from the recorded traffic of an opening',
    load: async () => (await import('./cli/profile.ts')).profileCommand,
  },
  system: {
    help: 'system probe URL      what an application needs to be served: hosts, cookies, sign-in, sockets; proposes YAML',
    load: async () => (await import('./cli/system.ts')).systemCommand,
  },
  login: {
    help: {
      en: 'login --portal URL    sign this machine in by a code, typed in any browser',
      fr: 'login --portal URL    connecter cette machine par un code, tapé dans n’importe quel navigateur',
    },
    load: async () => (await import('./cli/login.ts')).loginCommand,
  },
  logout: {
    help: {
      en: 'logout                sign this machine out, and close what it opened',
      fr: 'logout                déconnecter cette machine et fermer ce qu’elle a ouvert',
    },
    load: async () => (await import('./cli/login.ts')).logoutCommand,
  },
  open: {
    help: {
      en: 'open CLIENT/SYSTEM    --purpose P --reference R: declare an access, as on the page',
      fr: 'open CLIENT/SYSTÈME   --purpose F --reference R : déclarer un accès, comme sur la page',
    },
    load: async () => (await import('./cli/open.ts')).openCommand,
  },
  openings: {
    help: {
      en: 'openings              what you have open',
      fr: 'openings              ce que vous avez d’ouvert',
    },
    load: async () => (await import('./cli/openings.ts')).openingsCommand,
  },
  extend: {
    help: {
      en: 'extend [CLIENT/SYSTEM] [--minutes N]    more time for what this machine opened',
      fr: 'extend [CLIENT/SYSTÈME] [--minutes N]   plus de temps pour ce que cette machine a ouvert',
    },
    load: async () => (await import('./cli/openings.ts')).extendCommand,
  },
  close: {
    help: {
      en: 'close [CLIENT/SYSTEM] close what this machine opened',
      fr: 'close [CLIENT/SYSTÈME]  fermer ce que cette machine a ouvert',
    },
    load: async () => (await import('./cli/openings.ts')).closeCommand,
  },
  curl: {
    help: {
      en: 'curl URL …            the machine’s own curl, within an access that is open',
      fr: 'curl URL …            le curl de la machine, dans un accès ouvert',
    },
    load: async () => (await import('./cli/curl.ts')).curlCommand,
  },
  version: {
    help: 'version               print the version of Consentry and of Node',
    load: async () => (await import('./cli/version.ts')).versionCommand,
  },
};

/** The demo's parts are development dependencies: they are in a clone, not in an archive or image. */
async function loadDemo(): Promise<CommandMain> {
  const { demoCommand } = await import('./cli/demo.ts');
  return async (args, env, terminal) => {
    try {
      return await demoCommand(args, env, terminal);
    } catch (error) {
      if (!(Error.isError(error) && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
      terminal.complain(
        'consentry demo: not in this package; in a clone of the project: npm ci && npm run demo',
      );
      return 1;
    }
  };
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

const terminal: Terminal = {
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  events: process,
  exit: (code) => process.exit(code),
};

/** Whoever read has had enough (`… | head`): nobody is there to be told, and nothing that was asked for is said to be done. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(141);
});

async function printHelp(print: (line: string) => void): Promise<void> {
  const { languageOf } = await import('./cli/voice.ts');
  const language = languageOf(process.env);
  print('consentry COMMAND\n');
  for (const { help } of Object.values(commands))
    print(`  ${typeof help === 'string' ? help : help[language]}`);
  print('\nSettings are environment variables; deploy/env.example lists them. Exit 0 only when all is well.');
}

async function run(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    await printHelp(terminal.print);
    return args.length === 0 ? 2 : 0;
  }
  const wanted = name === '--version' || name === '-v' ? 'version' : name;
  const entry = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined;
  if (entry === undefined) {
    terminal.complain('consentry: there is no such command. These are:\n');
    await printHelp(terminal.complain);
    return 2;
  }
  // Libraries are chattier outside production; whoever serves clients must not depend on remembering this.
  if (wanted === 'serve') process.env.NODE_ENV ??= 'production';
  const command = await entry.load();
  return command([...rest], process.env, terminal);
}

/** A command failed in a way it did not foresee. Only the kind is told; CONSENTRY_LOG_LEVEL=debug shows where. */
function tell(error: unknown): void {
  const known = error instanceof Error ? error : new Error('unknown');
  const code = 'code' in known && typeof known.code === 'string' ? ` (${known.code})` : '';
  const taken = code === ' (EADDRINUSE)' ? ': another program listens on an address of the settings' : '';
  terminal.complain(`consentry: stopped by an unexpected ${known.name}${code}${taken}`);
  if (process.env.CONSENTRY_LOG_LEVEL === 'debug') terminal.complain(known.stack ?? '');
}

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  terminal.complain(
    `consentry: needs Node ${OLDEST_NODE} or newer; this is ${process.versions.node}. ` +
      'Run it as "npx consentry …" in its own folder, or install a newer Node.',
  );
  process.exitCode = 1;
} else {
  try {
    process.exitCode = await run(process.argv.slice(2));
  } catch (error) {
    tell(error);
    // Whatever had been started must not keep a process that has failed.
    process.exit(1);
  }
}
