/**
 * The policy's thread: reads the folder, compiles it, runs its cases, and says when something in it changed. It keeps
 * what it parsed, so that a small change costs little; the compiled snapshot crosses to the main thread in pieces,
 * only those asked for, so that the main loop is never held up.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Client, Person, Profile } from '../core/model.ts';
import type { PolicyFault } from '../core/policy/faults.ts';
import { forgetTexts, nothingParsed } from '../core/policy/gather.ts';
import { type Frame, frameOf, type PackedClient, packClient, profilesOf } from '../core/policy/pieces.ts';
import { isSame } from '../core/policy/same.ts';
import type { ToldSlice } from '../core/policy/slice-told.ts';
import { type LoadOptions, loadPolicies } from './policy-files.ts';
import { createTeller, noSlices, slicesOf } from './policy-teller.ts';
import { watchPolicies } from './policy-watch.ts';

export interface PolicyWorkerData {
  readonly directory: string;
  /** As in LoadOptions, with the address as text. */
  readonly options: Omit<LoadOptions, 'portalUrl'> & { readonly portalUrl: string };
}

/** A piece of the snapshot by name; while the thread lives, the same version means the same content. */
export interface Named {
  readonly id: string;
  readonly version: number;
}

/** What a loaded policy consists of, in its order. */
export interface Plan {
  readonly frame: Frame;
  readonly profiles: readonly (Named & { readonly profile: Profile })[];
  readonly people: readonly Named[];
  readonly clients: readonly Named[];
}

export type PolicyAsk =
  | { readonly id: number; readonly do: 'load' }
  | { readonly id: number; readonly do: 'people' | 'clients'; readonly ids: readonly string[] }
  /** As `Teller`, for the last load. */
  | {
      readonly id: number;
      readonly do: 'tell';
      readonly client: string;
      readonly recorded: string;
      readonly text: string | undefined;
    };

export type PolicyTold =
  | { readonly changed: true }
  | {
      readonly id: number;
      readonly ok: Plan | readonly Person[] | readonly PackedClient[] | ToldSlice | undefined;
    }
  | { readonly id: number; readonly faults: readonly PolicyFault[] };

const { directory, options } = workerData as PolicyWorkerData;
const loadOptions: LoadOptions = { ...options, portalUrl: new URL(options.portalUrl) };
const parsed = nothingParsed();
/** Begun before the first reading, so that no change falls between the two. */
const watching = watchPolicies(directory, () => tell({ changed: true }));

/** The pieces of the last load. */
type Kept<T> = ReadonlyMap<string, { readonly version: number; readonly value: T }>;
let profiles: Kept<Profile> = new Map();
let people: Kept<Person> = new Map();
let clients: Kept<Client> = new Map();
let slices = noSlices;
let teller = createTeller(noSlices, noSlices);
let versions = 0;

const port = parentPort;
if (port === null) throw new Error('policy-worker runs as a thread only');

function tell(told: PolicyTold): void {
  port?.postMessage(told);
}

async function load(id: number): Promise<void> {
  await watching;
  const found = await loadPolicies(directory, loadOptions, parsed);
  forgetTexts(parsed);
  if ('faults' in found) return tell({ id, faults: found.faults });
  const { snapshot } = found;
  const before = slices;
  slices = slicesOf(found);
  teller = createTeller(slices, before);
  profiles = renewed(profiles, profilesOf(snapshot));
  people = renewed(people, snapshot.people);
  clients = renewed(clients, snapshot.clients);
  const plan: Plan = {
    frame: frameOf(snapshot),
    profiles: [...profiles].map(([name, { version, value }]) => ({ id: name, version, profile: value })),
    people: namesOf(people),
    clients: namesOf(clients),
  };
  tell({ id, ok: plan });
}

/** What says the same as before is the same piece; everything else has a new version. */
function renewed<T>(before: Kept<T>, now: ReadonlyMap<string, T>): Kept<T> {
  return new Map(
    [...now].map(([id, value]) => {
      const kept = before.get(id);
      if (kept !== undefined && isSame(kept.value, value)) return [id, kept];
      versions += 1;
      return [id, { version: versions, value }];
    }),
  );
}

function namesOf(kept: Kept<unknown>): readonly Named[] {
  return [...kept].map(([id, { version }]) => ({ id, version }));
}

function pieces<T>(ids: readonly string[], from: Kept<T>): readonly T[] {
  return ids.flatMap((id) => from.get(id)?.value ?? []);
}

port.on('message', (ask: PolicyAsk) => {
  switch (ask.do) {
    case 'load':
      return void load(ask.id);
    case 'people':
      return tell({ id: ask.id, ok: pieces(ask.ids, people) });
    case 'clients':
      return tell({ id: ask.id, ok: pieces(ask.ids, clients).map(packClient) });
    case 'tell':
      return tell({ id: ask.id, ok: teller(ask.client, ask.recorded, ask.text) });
  }
});
