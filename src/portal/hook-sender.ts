/**
 * Sends one message to a client's webhook, signed as Standard Webhooks are: HMAC-SHA256 over id, time and body. Taken is what is
 * answered with 2xx within the time; a redirect is not followed, and the address is judged when it is connected to.
 */
import type { LookupFunction } from 'node:net';
import { mayReach } from '../core/hook-addresses.ts';
import { type HookOutcome, type HookReach, type HookTarget, readHookAddress } from '../core/hooks.ts';
import { exchangeOnce } from './one-exchange.ts';
import { signedHeaders } from './webhook-signing.ts';

const patience = 15_000;

export interface HookSending {
  readonly target: HookTarget;
  readonly message: { readonly id: string; readonly body: string };
  readonly reach: HookReach;
  /** Epoch milliseconds; signed, so that a receiver can refuse what is old. */
  readonly now: number;
  readonly signal: AbortSignal;
}

export type HookSender = (sending: HookSending) => Promise<HookOutcome>;

/** `lookupOnly`: resolves names, and only to addresses that are let pass. The sender never throws. */
export function createHookSender(
  lookupOnly: (allowed: (address: string) => boolean) => LookupFunction,
): HookSender {
  return async ({ target, message, reach, now, signal }) => {
    // The rules may have become narrower since it was added.
    const address = readHookAddress(target.address, reach);
    if (address === undefined) return { fault: 'address' };
    let judged = true;
    const lookup = lookupOnly((one) => {
      judged = mayReach(one, reach);
      return judged;
    });
    try {
      const { status } = await exchangeOnce({
        ...{
          url: new URL(address),
          method: 'POST',
          body: message.body,
          headers: signedHeaders(keyOf(target), message, now),
        },
        ...{ lookup, ca: undefined, patience, mostBytes: 0, signal },
      });
      if (status >= 200 && status < 300) return { ok: true };
      return status === 410 ? { fault: 'status 410', gone: true } : { fault: `status ${status}` };
    } catch {
      return { fault: judged ? 'unreachable' : 'address' };
    }
  };
}

/** The bytes of a secret as it is shown: `whsec_` and Base64. */
function keyOf({ secret }: HookTarget): Buffer {
  return Buffer.from(secret.slice('whsec_'.length), 'base64');
}
