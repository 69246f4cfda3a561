/** Asks the archive the same question once, however many want the answer. */
import type { Archive } from '../core/ports.ts';

/**
 * An archive that keeps each answer of a question for as long as it is itself kept: make a new one to see what is new.
 * A question that failed fails for everybody who waits, and is then asked anew. What comes in pieces (exports) passes through.
 */
export function onceEach(archive: Archive): Archive {
  const answers = new Map<string, Promise<unknown>>();
  return new Proxy(archive, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || name === 'export' || name === 'take') return member;
      return (...args: unknown[]): unknown => {
        const key = JSON.stringify([String(name), ...args]);
        const known = answers.get(key);
        if (known !== undefined) return known;
        const asked = Promise.resolve(Reflect.apply(member, target, args));
        answers.set(key, asked);
        asked.catch(() => answers.delete(key));
        return asked;
      };
    },
  });
}
