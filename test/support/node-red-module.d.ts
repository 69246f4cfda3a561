/** The part of Node-RED's embedding interface that the tests use; the package brings no types. */
declare module 'node-red' {
  import type { Server } from 'node:http';
  import type { RequestHandler } from 'express';

  const RED: {
    init(server: Server, settings: object): void;
    start(): Promise<void>;
    readonly httpAdmin: RequestHandler;
    readonly httpNode: RequestHandler;
  };
  export = RED;
}
