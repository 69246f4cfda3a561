/** Credentials that the client handed over, as the lines tell them: recorded once, then rotated or returned. Pure. */
import type { LeafFields } from './entries.ts';

export class CredentialsTold {
  readonly #held = new Set<string>();

  line(leaf: LeafFields): string | undefined {
    const id = String(leaf.credential);
    const known = this.#held.has(id);
    if (leaf.t === 'credential.recorded') {
      this.#held.add(id);
      return known ? 'the credential was recorded already' : undefined;
    }
    if (leaf.t === 'credential.returned') this.#held.delete(id);
    return known ? undefined : 'it is about a credential that was never recorded, or was returned';
  }

  /** How many are held. */
  held(): number {
    return this.#held.size;
  }
}
