/** Random identifiers, drawn from the operating system in bulk because a draw per request is measurably slow. */
import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8_192);
let used = pool.length;

/** `count` fresh random bytes as base64url. */
export function randomId(count = 16): string {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('base64url', used, used + count);
  pool.fill(0, used, used + count);
  used += count;
  return id;
}
