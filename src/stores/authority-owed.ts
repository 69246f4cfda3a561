/** Ends and withdrawals that are in force here: laid down, tried, and tried again until the log has them. */
import type { Actor, RunOutcome } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { EndCause } from '../core/model.ts';
import type { Archive } from '../core/ports.ts';
import type { AuthorityDeps } from './authority-lease.ts';
import type { Owed, StopNotes } from './stop-notes.ts';

interface Hooks {
  /** Writes it; throws Fault. */
  run(owed: Owed): Promise<unknown>;
  /** An opening's end is in the log. */
  told(client: string, opening: string): void;
  /** Reads the client anew: somebody else acted. */
  reload(client: string): Promise<unknown>;
}

/** How openings end: why, on whose behalf, how long cutting took, and what a robot said. */
export interface Manner {
  readonly cause: EndCause;
  readonly by: Actor | undefined;
  readonly cutMs: number;
  readonly outcome?: RunOutcome | undefined;
}

export class OwedStops {
  /** Grants withdrawn here whose line is still owed. */
  readonly withdrawn = new Map<string, 'revoked' | 'suspended'>();
  readonly #deps: Pick<AuthorityDeps, 'notes' | 'log'>;
  readonly #hooks: Hooks;
  #owed: Owed[] = [];

  constructor(deps: Pick<AuthorityDeps, 'notes' | 'log'>, hooks: Hooks) {
    this.#deps = deps;
    this.#hooks = hooks;
  }

  /** Writes what is already in force here; laid down before anything else. False: it is owed, and tried again by `pay`. */
  async record(owed: Owed): Promise<boolean> {
    await this.#deps.notes.lay(owed);
    try {
      await this.#hooks.run(owed);
      if (owed.do === 'grant-status') this.withdrawn.delete(owed.grant);
      else for (const { opening } of owed.closings) this.#hooks.told(owed.client, opening);
      void this.#deps.notes.clear(owed.client, owed);
      return true;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // Somebody else did it already, or it changed meanwhile: the database knows better than a second try of ours.
      if (error.code === 'ledger_conflict') {
        if (owed.do === 'grant-status') this.withdrawn.delete(owed.grant);
        void this.#deps.notes.clear(owed.client, owed);
        await this.#hooks.reload(owed.client);
        return true;
      }
      this.#deps.log.error('end not recorded yet', { client: owed.client, error });
      this.#owed.push(owed);
      return false;
    }
  }

  /**
   * Writes ends that are in force here by one command that writes them all. Throws Fault when it fails: each is owed by itself
   * then.
   */
  async recordTogether<T>(
    ends: readonly Extract<Owed, { do: 'close' }>[],
    run: () => Promise<T>,
  ): Promise<T> {
    for (const one of ends) await this.#deps.notes.lay(one);
    try {
      const answer = await run();
      for (const one of ends) {
        for (const { opening } of one.closings) this.#hooks.told(one.client, opening);
        void this.#deps.notes.clear(one.client, one);
      }
      return answer;
    } catch (error) {
      this.#owed.push(...ends);
      throw error;
    }
  }

  /** Tries each thing owed once, one at a time: what a failure or a resumption leaves behind stays as it is. */
  async pay(): Promise<void> {
    for (let left = this.#owed.length; left > 0; left -= 1) {
      const one = this.#owed.shift();
      if (one !== undefined) await this.record(one);
    }
  }

  /** What was owed before the client resumed must not be done after it. */
  resumed(grant: string): void {
    this.withdrawn.delete(grant);
    const done = this.#owed.filter((owed) => owed.do === 'grant-status' && owed.grant === grant);
    this.#owed = this.#owed.filter((owed) => !done.includes(owed));
    for (const owed of done) void this.#deps.notes.clear(owed.client, owed);
  }

  /**
   * What an earlier process stopped and did not record, as far as the log does not know it; the rest is forgotten. What cannot
   * be told stands for everything: every agreement is suspended, and the client's representative resumes what may go on.
   */
  leftBehind(
    client: string,
    { grants, openings }: Awaited<ReturnType<Archive['inForce']>>,
    laid: Awaited<ReturnType<StopNotes['read']>>,
    now: number,
  ): readonly Owed[] {
    const { notes, log } = this.#deps;
    const isNews = (one: Owed): boolean =>
      one.do === 'close'
        ? one.closings.some(({ opening }) => openings.some(({ id }) => id === opening))
        : grants.some(({ id, status }) => id === one.grant && status !== one.to);
    let owed: readonly Owed[];
    if (laid === 'everything') {
      log.error('a stop was cut short, the agreements rest until a representative resumes them', { client });
      owed = grants
        .filter(({ status }) => status === 'active')
        .map(({ id }) => ({
          do: 'grant-status',
          client,
          grant: id,
          to: 'suspended',
          by: undefined,
          cutAt: now,
        }));
      if (owed.length === 0) void notes.clear(client);
    } else {
      owed = laid.filter(isNews);
      for (const one of laid) if (!owed.includes(one)) void notes.clear(client, one);
    }
    for (const one of owed)
      if (one.do === 'grant-status' && (one.to === 'revoked' || one.to === 'suspended'))
        this.withdrawn.set(one.grant, one.to);
    return owed;
  }
}
