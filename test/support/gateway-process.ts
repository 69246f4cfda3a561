/**
 * A gateway in a process of its own, to be killed: `node gateway-process.ts FOLDER|- PORT UPSTREAM [PURPOSE]`. Prints one JSON
 * line with folder, host and cookie when it is ready; runs until it is killed or its input ends. A line `end` or `suspend` on its
 * input ends that access or takes back its agreement, as the client's representative does, and is answered with a line.
 */
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { limits } from '../../src/gateway/limits.ts';
import { startTestGateway } from './gateway.ts';

const [folder = '-', port = '0', erp = '', purpose = 'support'] = process.argv.slice(2);
const gateway = await startTestGateway({
  ...(folder === '-' ? {} : { folder }),
  port: Number(port),
  erp,
  limits: { epochLease: limits.epochLease },
});
const access = await gateway.open({ purpose, note: 'The last backup is put back.' });
// Whoever is killed keeps nothing for the next one that starts.
flushCompileCache();
process.stdout.write(`${JSON.stringify({ folder: gateway.folder, ...access })}\n`);

const { authority } = gateway.app;
const orders = createInterface(process.stdin);
orders.on('line', (order) => void obey(order));
orders.on('close', () => void gateway.close(true).then(() => process.exit(0)));

async function obey(order: string): Promise<void> {
  const { openings, seats } = await authority.client('acme');
  const [seat] = seats;
  const grant = openings.get(access.opening)?.grant ?? '';
  if (seat === undefined) throw new Error('acme has nobody');
  const by = { seat: seat.id, role: seat.role } as const;
  const ended =
    order === 'end'
      ? await authority.end({ client: 'acme', opening: access.opening }, 'stopped', by)
      : await authority.withdraw('acme', grant, 'suspended', by);
  process.stdout.write(`${JSON.stringify({ ...ended, grant })}\n`);
}
