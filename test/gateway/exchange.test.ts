/** The life of one exchange against a clock of the test's own: idle, rate, expiry, progress, and one end only. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/core/commands.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import type { Opening } from '../../src/core/model.ts';
import type { Ledger, Recorded } from '../../src/core/ports.ts';
import { createRegistry, type Registry } from '../../src/gateway/cutters.ts';
import { Exchange } from '../../src/gateway/exchange.ts';
import { limits } from '../../src/gateway/limits.ts';

const opening: Opening = {
  id: 'o-1',
  client: 'acme',
  person: 'alice',
  account: { issuer: 'i', subject: 's' },
  systems: ['erp'],
  purpose: 'support',
  reference: 'T',
  note: '',
  grant: 'g-1',
  login: 'l',
  authentication: { acr: undefined, amr: [], at: 0 },
  openedAt: 0,
  endsAt: 1_000_000,
  endedAt: undefined,
  endCause: undefined,
};

let registry: Registry;
let results: LeafFields[];
let commands: Command[];
let monotonic: number;
let exchange: Exchange;

beforeEach(() => {
  registry = createRegistry(() => undefined);
  results = [];
  commands = [];
  monotonic = 0;
  const ledger = {
    result: (_intent: Recorded, _id: string, fields: LeafFields) => void results.push(fields),
    run: async (command: Command) => {
      commands.push(command);
    },
  } as unknown as Ledger;
  exchange = made('x-1', 'erp', ledger);
  exchange.recorded({ client: 'acme' } as unknown as Recorded);
});

function made(id: string, system: string, ledger: Ledger): Exchange {
  return new Exchange(
    {
      id,
      system,
      opening,
      method: 'GET',
      template: '/',
      operation: 'read',
      idleSeconds: 60,
      covered: false,
      startedAt: 0,
      tellBytes: Number.POSITIVE_INFINITY,
      until: 900_000,
    },
    { registry, ledger, monotonic: () => monotonic, inTouch: () => true },
  );
}

function at(ms: number): void {
  monotonic = ms;
  exchange.sweep(ms, ms);
}

describe('sweep', () => {
  test('ends what is idle, but not what waits for its upstream', () => {
    at(1_000);
    at(200_000);
    expect(exchange.ended).toBeUndefined();
    exchange.waiting = false;
    at(200_001);
    at(260_000);
    expect(exchange.ended).toBeUndefined();
    at(260_002);
    expect(exchange.ended).toBe('terminated:idle');
  });

  test('bytes either way keep it alive', () => {
    exchange.waiting = false;
    for (let ms = 0; ms < 600_000; ms += 30_000) {
      exchange.down += 1;
      at(ms);
    }
    expect(exchange.ended).toBeUndefined();
  });

  test('ends an upload below the minimum rate, however long a good one lasts', () => {
    exchange.uploading = true;
    exchange.waiting = false;
    for (let ms = 0; ms < 600_000; ms += 10_000) {
      exchange.up += limits.uploadBytesPerWindow;
      at(ms);
    }
    expect(exchange.ended).toBeUndefined();
    exchange.up += 1;
    at(610_000);
    exchange.up += 1;
    at(662_000);
    exchange.up += 1;
    at(724_000);
    expect(exchange.ended).toBe('terminated:too_slow');
  });

  test('ends at the end of its rights', () => {
    at(899_999);
    expect(exchange.ended).toBeUndefined();
    at(900_000);
    expect(exchange.ended).toBe('terminated:expired');
    expect(results).toMatchObject([{ outcome: 'terminated:expired' }]);
  });

  test('tells its progress every five minutes', () => {
    exchange.waiting = false;
    for (let ms = 0; ms <= 700_000; ms += 10_000) {
      exchange.down += 100;
      at(ms);
    }
    expect(commands).toHaveLength(2);
    expect(commands[0]).toMatchObject({
      do: 'append',
      draft: { t: 'access.progress', fields: { session: 'o-1', request: 'x-1' } },
    });
  });
});

describe('the end', () => {
  test('comes once, and the first cause stands', () => {
    let destroyed = 0;
    exchange.onCut(() => {
      destroyed += 1;
    });
    exchange.down = 500;
    exchange.cut('terminated:stopped');
    exchange.finish('complete');
    exchange.cut('terminated:revoked');
    expect(destroyed).toBe(1);
    expect(results).toMatchObject([{ outcome: 'terminated:stopped', down: 500 }]);
    expect(registry.running('acme')).toEqual([]);
    expect(registry.counts('o-1')).toMatchObject({ exchanges: 1, down: 500 });
  });

  test('destroys at once what is registered after a cut', () => {
    exchange.cut('terminated:stopped');
    let destroyed = false;
    exchange.onCut(() => {
      destroyed = true;
    });
    expect(destroyed).toBe(true);
  });

  test('does not count what never left', () => {
    exchange.down = 500;
    exchange.finish('client-abort', 200);
    expect(results).toMatchObject([{ down: 300 }]);
  });
});

test('what runs at once is counted for each system apart, and no longer once it ended', () => {
  const ledger = { result: () => undefined } as unknown as Ledger;
  const others = Array.from({ length: limits.exchangesPerOpening }, (_, i) =>
    made(`y-${i}`, i % 2 === 0 ? 'erp' : 'backup', ledger),
  );
  const half = limits.exchangesPerOpening / 2;
  expect(['erp', 'backup', 'wiki'].map((system) => registry.inFlight('o-1', system))).toEqual([
    half + 1,
    half,
    0,
  ]);
  expect(registry.inFlight('o-2', 'erp')).toBe(0);
  for (const one of [...others, exchange]) one.finish('complete');
  expect(registry.inFlight('o-1', 'erp')).toBe(0);
});
