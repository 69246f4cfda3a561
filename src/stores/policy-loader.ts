/**
 * The policy folder as the main thread sees it: asks the policy's thread to load it, and fetches only the pieces that
 * changed, a few at a time. The main loop reads no policy file and is never held up by one.
 */
import { setImmediate } from 'node:timers/promises';
import type { Client, Person, Profile, Snapshot } from '../core/model.ts';
import type { PolicyFault } from '../core/policy/faults.ts';
import { deepFreeze } from '../core/policy/freeze.ts';
import { joinSnapshot, type PackedClient, unpackClient } from '../core/policy/pieces.ts';
import { startThread } from '../threads.ts';
import type { LoadOptions } from './policy-files.ts';
import { type LoadedPolicy, type Teller, tellWith } from './policy-teller.ts';
import type { Named, Plan, PolicyAsk, PolicyTold, PolicyWorkerData } from './policy-worker.ts';

export interface PolicyLoader {
  /**
   * The snapshot of the folder as it is now, its own cases passed; or every fault, sorted. What did not change since
   * the last load is the same object. One load at a time. Never rejects: a thread that died is a fault.
   */
  load(): Promise<LoadedPolicy | { readonly faults: readonly PolicyFault[] }>;
  /** Called after each burst of changes in the folder since the first load, once for those nobody listened to. One listener. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** Clients, or ten times as many people, that cross at once: a few milliseconds of the main loop. */
const batch = 40;

/** Small young generation: the thread makes much garbage at once and then nothing for hours. */
const resourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 256 };

/** What came over before, by id. */
type Kept<T> = ReadonlyMap<string, { readonly version: number; readonly value: T }>;

/** Nothing starts before the first `load`. */
export function createPolicyLoader(directory: string, options: LoadOptions): PolicyLoader {
  const data: PolicyWorkerData = {
    directory,
    options: { ...options, portalUrl: options.portalUrl.href },
  };
  let listener: (() => void) | undefined;
  let unheard = false;
  let line: Line | undefined;
  let closed = false;
  let profiles: Kept<Profile> = new Map();
  let people: Kept<Person> = new Map();
  let clients: Kept<Client> = new Map();

  function changed(): void {
    unheard = listener === undefined;
    listener?.();
  }

  async function fetched(found: Plan, to: Line): Promise<Snapshot> {
    profiles = new Map(
      found.profiles.map(({ id, version, profile }) => {
        const before = profiles.get(id);
        return [id, before?.version === version ? before : { version, value: deepFreeze(profile) }];
      }),
    );
    const byId = new Map([...profiles].map(([id, { value }]) => [id, value]));
    people = await renewed(people, found.people, batch * 10, async (ids) => {
      const some = (await to.ask({ do: 'people', ids })) as readonly Person[];
      return some.map((person) => [person.id, deepFreeze(person)]);
    });
    clients = await renewed(clients, found.clients, batch, async (ids) => {
      const some = (await to.ask({ do: 'clients', ids })) as readonly PackedClient[];
      return some.map((packed) => [packed.client.id, unpackClient(packed, byId)]);
    });
    await setImmediate();
    return joinSnapshot(found.frame, values(people), values(clients));
  }

  return {
    async load() {
      if (closed) return { faults: [fault('the policies are closed')] };
      line ??= openLine(data, changed);
      const to = line;
      try {
        const found = (await to.ask({ do: 'load' })) as Plan | { readonly faults: readonly PolicyFault[] };
        if ('faults' in found) return found;
        const ask = async (client: string, recorded: string, text?: string) =>
          (await to.ask({ do: 'tell', client, recorded, text })) as ReturnType<Teller>;
        return {
          snapshot: await fetched(found, to),
          tell: (client, recorded, earlier) => tellWith(ask, client, recorded, earlier),
        };
      } catch (error) {
        // Another thread counts its versions anew.
        if (line === to) {
          line = undefined;
          profiles = new Map();
          people = new Map();
          clients = new Map();
        }
        void to.close();
        return { faults: [fault(`the thread that reads the policies ended (${nameOf(error)})`)] };
      }
    },
    onChange(to) {
      listener = to;
      if (unheard) queueMicrotask(changed);
    },
    async close() {
      closed = true;
      await line?.close();
    },
  };
}

/** What is kept where the version is the same, and the rest fetched in batches, in the order of `wanted`. */
async function renewed<T>(
  kept: Kept<T>,
  wanted: readonly Named[],
  size: number,
  fetch: (ids: readonly string[]) => Promise<readonly (readonly [string, T])[]>,
): Promise<Kept<T>> {
  const missing = wanted.filter(({ id, version }) => kept.get(id)?.version !== version).map(({ id }) => id);
  const found = new Map<string, T>();
  for (let at = 0; at < missing.length; at += size) {
    for (const [id, value] of await fetch(missing.slice(at, at + size))) found.set(id, value);
  }
  const all = wanted.map(({ id, version }): [string, { version: number; value: T }] => {
    const value = found.get(id) ?? kept.get(id)?.value;
    if (value === undefined) throw new TypeError(`a piece of the policy did not come over`);
    return [id, { version, value }];
  });
  return new Map(all);
}

function values<T>(kept: Kept<T>): ReadonlyMap<string, T> {
  return new Map([...kept].map(([id, { value }]) => [id, value]));
}

interface Line {
  ask(what: Unnumbered<PolicyAsk>): Promise<unknown>;
  close(): Promise<void>;
}

type Unnumbered<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

/** Starts the thread. Questions are answered in any order; all of them fail when it ends. */
function openLine(workerData: PolicyWorkerData, onChange: () => void): Line {
  const worker = startThread('stores/policy-worker', {
    name: 'policies',
    workerData,
    resourceLimits,
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: unknown): void }>();
  let count = 0;
  let ended: Error | undefined;
  function fail(cause: Error): void {
    ended ??= cause;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }
  worker.on('message', (told: PolicyTold) => {
    if ('changed' in told) return onChange();
    const asked = waiting.get(told.id);
    waiting.delete(told.id);
    asked?.resolve('ok' in told ? told.ok : { faults: told.faults });
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('ended')));
  return {
    ask(what) {
      count += 1;
      const id = count;
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.set(id, { resolve, reject });
        worker.postMessage({ ...what, id });
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}

function fault(message: string): PolicyFault {
  return { file: '.', line: 1, column: 1, message };
}

function nameOf(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : 'unexpectedly';
}
