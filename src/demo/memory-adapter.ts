/**
 * Where the demo's identity provider keeps its sessions and codes: in memory, bounded, gone with the process. The
 * interface is oidc-provider's adapter.
 */

type Payload = Readonly<Record<string, unknown>> & { readonly uid?: string; readonly grantId?: string };

interface Stored {
  readonly payload: Payload;
  /** Monotonic milliseconds. */
  readonly until: number;
}

const most = 10_000;

/** A factory of adapters, one per model, over one store. Oldest entries go first when there are too many. */
export function createMemoryAdapter(): (model: string) => unknown {
  const store = new Map<string, Stored>();

  function find(key: string): Payload | undefined {
    const stored = store.get(key);
    if (stored && stored.until > performance.now()) return stored.payload;
    store.delete(key);
    return undefined;
  }

  function keep(key: string, payload: Payload, until: number): void {
    store.delete(key);
    store.set(key, { payload, until });
    for (const oldest of store.keys()) {
      if (store.size <= most) break;
      store.delete(oldest);
    }
  }

  async function destroyWhere(matches: (key: string, payload: Payload) => boolean): Promise<void> {
    for (const [key, { payload }] of store) if (matches(key, payload)) store.delete(key);
  }

  function findWhere(model: string, matches: (payload: Payload) => boolean): Payload | undefined {
    for (const [key, { payload }] of store)
      if (key.startsWith(`${model}:`) && matches(payload)) return find(key);
    return undefined;
  }

  return (model) => ({
    async upsert(id: string, payload: Payload, expiresIn?: number): Promise<void> {
      const until = expiresIn ? performance.now() + expiresIn * 1_000 : Number.POSITIVE_INFINITY;
      keep(`${model}:${id}`, payload, until);
    },
    find: async (id: string) => find(`${model}:${id}`),
    findByUid: async (uid: string) => findWhere(model, (payload) => payload.uid === uid),
    findByUserCode: async () => undefined,
    async consume(id: string): Promise<void> {
      const key = `${model}:${id}`;
      const stored = store.get(key);
      // The provider wants the instant in whole seconds; only its presence is ever looked at.
      if (stored)
        keep(key, { ...stored.payload, consumed: Math.floor(performance.timeOrigin / 1_000) }, stored.until);
    },
    destroy: async (id: string) => destroyWhere((key) => key === `${model}:${id}`),
    revokeByGrantId: async (grantId: string) =>
      destroyWhere((key, payload) => key.startsWith(`${model}:`) && payload.grantId === grantId),
  });
}
