/** Makes a value immutable all the way down, maps and sets included: nobody changes the rules while they apply. */

/** The same value. Cycles are not expected; functions and primitives are left alone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    for (const inner of value.values()) deepFreeze(inner);
    seal(value, ['set', 'delete', 'clear']);
  } else if (value instanceof Set) {
    for (const inner of value) deepFreeze(inner);
    seal(value, ['add', 'delete', 'clear']);
  } else {
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return Object.freeze(value);
}

function seal(collection: object, methods: readonly string[]): void {
  for (const name of methods) Object.defineProperty(collection, name, { value: refuseChange });
}

function refuseChange(): never {
  throw new TypeError('the policy is immutable');
}
