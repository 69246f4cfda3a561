/** How messages to servers elsewhere are signed: as Standard Webhooks are, HMAC-SHA256 over id, time and body. Pure. */
import { createHmac } from 'node:crypto';

/** The headers of a message. `key`: the bytes that the receiver knows; `now`: epoch milliseconds, told in seconds. */
export function signedHeaders(
  key: Uint8Array,
  { id, body }: { readonly id: string; readonly body: string },
  now: number,
): Readonly<Record<string, string>> {
  const time = String(Math.floor(now / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`, 'utf8').digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${signature}`,
  };
}
