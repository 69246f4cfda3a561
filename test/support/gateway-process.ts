/**
 * A gateway in a process of its own, to be killed: `node gateway-process.ts FOLDER|- PORT UPSTREAM [PURPOSE]`. Prints one JSON
 * line with folder, host and cookie when it is ready; runs until it is killed or its input ends.
 */
import { startTestGateway } from './gateway.ts';

const [folder = '-', port = '0', erp = '', purpose = 'support'] = process.argv.slice(2);
const gateway = await startTestGateway({ ...(folder === '-' ? {} : { folder }), port: Number(port), erp });
const access = await gateway.open({ purpose, note: 'The last backup is put back.' });
process.stdout.write(`${JSON.stringify({ folder: gateway.folder, ...access })}\n`);
process.stdin.resume();
process.stdin.on('end', () => void gateway.close(true).then(() => process.exit(0)));
