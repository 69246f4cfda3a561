import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { untilStopped } from '../../src/cli/lifetime.ts';
import type { Log } from '../../src/log.ts';

interface Stage {
  readonly events: EventEmitter;
  readonly exits: number[];
  readonly told: string[];
  /** Ends the closing that was asked for. */
  closed(fault?: Error): void;
  readonly ended: Promise<number>;
  closings(): number;
}

function stage(drainMs = 10_000): Stage {
  const events = new EventEmitter();
  const exits: number[] = [];
  const told: string[] = [];
  const closing = Promise.withResolvers<void>();
  let closings = 0;
  const tell = (event: string): void => void told.push(event);
  const log: Log = { error: tell, warn: tell, info: tell, debug: tell };
  const running = {
    close: () => {
      closings += 1;
      return closing.promise;
    },
  };
  const terminal = { events, exit: (code: number) => void exits.push(code) };
  const ended = untilStopped(running, log, terminal, { drainMs, crashMs: 20 });
  return {
    events,
    exits,
    told,
    ended,
    closings: () => closings,
    closed: (fault) => (fault === undefined ? closing.resolve() : closing.reject(fault)),
  };
}

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'])('%s drains and ends with 0', async (signal) => {
    const { events, ended, closed, exits, closings } = stage();
    events.emit(signal, signal);
    expect(closings()).toBe(1);
    closed();
    expect(await ended).toBe(0);
    expect(exits).toEqual([]);
    expect(events.eventNames()).toEqual([]);
  });

  test('a second signal ends at once and does not close twice', async () => {
    const { events, exits, closings, closed, ended } = stage();
    events.emit('SIGTERM', 'SIGTERM');
    expect(exits).toEqual([]);
    events.emit('SIGINT', 'SIGINT');
    expect(exits).toEqual([1]);
    expect(closings()).toBe(1);
    closed();
    await ended;
  });

  test('closing that fails or takes too long ends with 1', async () => {
    const failing = stage();
    failing.events.emit('SIGTERM', 'SIGTERM');
    failing.closed(new Error('disk'));
    expect(await failing.ended).toBe(1);
    expect(failing.exits).toEqual([1]);
    expect(failing.told).toContain('closing failed');
    const hanging = stage(5);
    hanging.events.emit('SIGTERM', 'SIGTERM');
    expect(await hanging.ended).toBe(1);
    expect(hanging.exits).toEqual([1]);
    expect(hanging.told).toContain('closing took too long');
  });
});

describe('an error that nobody caught', () => {
  test.each(['uncaughtException', 'unhandledRejection'])('%s: log, close, exit 1', async (name) => {
    const { events, ended, closed, exits, told } = stage();
    events.emit(name, new Error('x'));
    closed();
    expect(await ended).toBe(1);
    expect(exits).toEqual([1]);
    expect(told).toEqual(['uncaught error']);
  });

  test('gives what runs only a short time', async () => {
    const { events, ended, exits } = stage(60_000);
    events.emit('uncaughtException', new Error('x'));
    expect(await ended).toBe(1);
    expect(exits).toEqual([1]);
  });

  test('another one while closing is logged and changes nothing', async () => {
    const { events, ended, closed, closings, told } = stage();
    events.emit('SIGTERM', 'SIGTERM');
    events.emit('unhandledRejection', new Error('y'));
    closed();
    expect(await ended).toBe(0);
    expect(closings()).toBe(1);
    expect(told).toEqual(['stopping', 'uncaught error']);
  });
});
