/**
 * What the command line may ask of the portal: each act with the act of the pages that its technician must be free to do, or none
 * while nobody is signed in yet. Routes are made from it; a test walks it by role.
 */
import type { ActName } from '../roles.ts';

export interface CommandLineAct {
  readonly method: 'get' | 'post';
  /** Below `/api/command-line`. */
  readonly path: string;
  /** What the technician does on the pages; undefined: a machine that is not signed in asks. */
  readonly as: ActName | undefined;
}

export const commandLineActs = {
  device: { method: 'post', path: '/device', as: undefined },
  token: { method: 'post', path: '/token', as: undefined },
  session: { method: 'get', path: '/session', as: 'home' },
  end: { method: 'post', path: '/end', as: 'home' },
  openings: { method: 'get', path: '/openings', as: 'home' },
  open: { method: 'post', path: '/openings', as: 'declare' },
  extend: { method: 'post', path: '/openings/:id/extend', as: 'openingExtend' },
  close: { method: 'post', path: '/openings/:id/close', as: 'openingClose' },
} as const satisfies Record<string, CommandLineAct>;

export type CommandLineActName = keyof typeof commandLineActs;
