/**
 * Node-RED as a process of its own: its module is a singleton with timers and hooks that never quite leave a process.
 * Started by `startNodeRed` with a folder to live in; tells its parent the port, and ends when the parent goes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import RED from 'node-red';

/** Nothing is looked up outside: no telemetry, no palette catalogue, no update check, no module installation. */
function settings(userDir: string): object {
  return {
    userDir,
    flowFile: 'flows.json',
    httpAdminRoot: '/',
    httpNodeRoot: '/in',
    credentialSecret: 'sample',
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'off' } },
    externalModules: {
      autoInstall: false,
      palette: { allowInstall: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    editorTheme: { tours: false, palette: { catalogues: [] }, codeEditor: { lib: 'monaco' } },
  };
}

const userDir = process.argv[2];
if (userDir === undefined) throw new Error('usage: node node-red-process.ts FOLDER');
process.once('disconnect', () => process.exit(0));

const app = express();
const server = createServer(app);
RED.init(server, settings(userDir));
app.use('/in', RED.httpNode);
app.use('/', RED.httpAdmin);
await RED.start();
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
