/** A gateway that follows a policy folder of its own, and how tests change that folder and see what came of it. */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Line } from '../../src/core/ports.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './gateway.ts';

const sample = new URL('../../policies/', import.meta.url).pathname;

/** From what, to what, in one file; undefined takes the file away, a text alone is the whole file. */
export type Edit = readonly [file: string, from: string | RegExp, to: string] | readonly [string, string?];

export interface LiveGateway {
  readonly gateway: TestGateway;
  /** The folder that is followed. */
  readonly policies: string;
  /** Beside the folder, for things that are moved into it. */
  readonly home: string;
  /** Changes files, each complete at once, as an editor or a deployment should do it. */
  edit(...edits: readonly Edit[]): Promise<void>;
  /** Puts the folder back as it was at the start, waits until that is in force, and has acme agree to it again. */
  restore(): Promise<void>;
  /** Only the files; whether they are in force already is another matter. */
  putBack(): Promise<void>;
  /** Acme's representative looks, and what rests is in force again. */
  resume(): Promise<void>;
  /** The lines that say which rules took effect, newest first. */
  activations(client?: string): Promise<readonly Line[]>;
  /** Resolves once a log has more than `count` of them. */
  activated(count: number, client?: string): Promise<void>;
  close(): Promise<void>;
}

/** `begin` changes the sample before the gateway starts. The sample's own cases are left out. */
export async function startLiveGateway(
  options: TestGatewayOptions,
  begin: readonly Edit[] = [],
): Promise<LiveGateway> {
  const home = await mkdtemp(join(tmpdir(), 'consentry-live-'));
  const policies = join(home, 'policies');
  const kept = join(home, 'kept');
  await cp(sample, policies, { recursive: true });
  await rm(join(policies, 'cases'), { recursive: true });
  await edit(begin);
  await cp(policies, kept, { recursive: true });
  const gateway = await startTestGateway({ ...options, policies, live: true });

  async function edit(edits: readonly Edit[]): Promise<void> {
    for (const one of edits) {
      const [file, from, to] = one;
      const path = join(policies, file);
      if (from === undefined) {
        await rm(path);
        continue;
      }
      const text = to === undefined ? '' : await readFile(path, 'utf8');
      const changed = to === undefined ? String(from) : text.replace(from, to);
      if (changed === text) throw new Error(`${file} holds no ${String(from)}`);
      await writeFile(join(home, 'new'), changed);
      await rename(join(home, 'new'), path);
    }
  }

  async function activations(client = 'acme'): Promise<readonly Line[]> {
    const kinds = ['policy.activated'] as const;
    return gateway.app.archive.lines({ client, kinds, limit: 1_000, disclose: ['change'] });
  }

  async function putBack(): Promise<void> {
    await rm(policies, { recursive: true });
    await cp(kept, policies, { recursive: true });
  }

  /** What acme's representative does after she has looked: every agreement that rests is in force again. */
  async function resume(): Promise<void> {
    const { authority } = gateway.app;
    const { grants, seats } = await gateway.app.archive.inForce('acme');
    const seat = seats.find(({ role }) => role === 'representative');
    if (seat === undefined) throw new Error('acme has nobody who may resume');
    const by = { seat: seat.id, role: seat.role } as const;
    for (const { id, status } of grants)
      if (status === 'suspended')
        await authority.run({ do: 'grant-status', client: 'acme', grant: id, to: 'active', by });
  }

  return {
    gateway,
    policies,
    home,
    edit: (...edits) => edit(edits),
    async restore() {
      await putBack();
      await gateway.app.reloadPolicies();
      await resume();
    },
    putBack,
    resume,
    activations,
    async activated(count, client) {
      while ((await activations(client)).length <= count)
        await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async close() {
      await gateway.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
