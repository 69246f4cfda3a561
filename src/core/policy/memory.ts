/**
 * What was made out of a parsed file before, for as long as it would be made of the very same things again. Makes
 * compiling a large folder after a small change cheap, and changes no answer: it forgets with the file.
 */

/** Answers what was made for `key` out of the same inputs, in the same order, or makes it. Undefined is not kept. */
export type Memory<V> = (key: object, inputs: readonly unknown[], make: () => V | undefined) => V | undefined;

export function createMemory<V>(): Memory<V> {
  const made = new WeakMap<object, { readonly inputs: readonly unknown[]; readonly value: V }>();
  return (key, inputs, make) => {
    const before = made.get(key);
    if (before !== undefined && isSameInputs(before.inputs, inputs)) return before.value;
    const value = make();
    if (value !== undefined) made.set(key, { inputs, value });
    return value;
  };
}

function isSameInputs(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
