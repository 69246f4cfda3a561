/**
 * Node's own HTTP as `require` gives it. Importing `node:http` by name looks at all it exports, also at what is made when it is first
 * looked at: a second undici, with WebSockets and events, which takes 15 MB and which nothing of the gateway uses.
 */
import { getBuiltinModule } from 'node:process';

export const { createServer, request: plainRequest } = getBuiltinModule('node:http');
export const { request: secureRequest } = getBuiltinModule('node:https');
