/**
 * By which the ticket system says that a ticket was closed: what is open under that reference at that client ends at once.
 * Signed as Standard Webhooks are; each message counts once, and only while it is fresh. It takes rights away and gives
 * none, and answers the same whether anything was open.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import { parseJson } from '../core/objects.ts';
import type { PortalDeps } from './deps.ts';
import { Rates } from './rate.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';

/** How far the time of a message may lie from now, milliseconds. */
const tolerance = 5 * 60_000;
/** So many messages at once, and so many a second after that. */
const allowed = { burst: 60, perSecond: 5 } as const;

const words = texts.corrections.webhook;

const message = z.strictObject({
  type: z.literal('ticket.closed'),
  timestamp: z.string().max(64).optional(),
  data: z.strictObject({ client: z.string().min(1).max(63), reference: z.string().min(1).max(64) }),
});

type Deps = Pick<PortalDeps, 'authority' | 'policies' | 'clock' | 'log'>;

/** The route; `secret`: the bytes that messages are signed with. */
export function createTicketWebhook(deps: Deps, secret: Buffer): Router {
  const once = new Once();
  const rate = new Rates(allowed);
  const quiet = { until: Number.NEGATIVE_INFINITY };
  const routes = Router();
  routes.post('/', express.raw({ type: () => true, limit: '16kb', inflate: false }), async (req, res) => {
    const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    if (!isSigned(req, body, secret)) {
      // Strangers must not be able to fill the operator's log.
      if (deps.clock.monotonic() >= quiet.until) {
        quiet.until = deps.clock.monotonic() + 60_000;
        deps.log.warn('ticket_webhook_refused');
      }
      throw new Refusal(401, 'signature_invalid', words.unsigned, words.unsignedNext);
    }
    if (!rate.take('', deps.clock.monotonic()))
      throw new Refusal(429, 'too_many_requests', words.tooMany, words.tooManyNext);
    const at = Number(headerOf(req, 'webhook-timestamp')) * 1_000;
    const act = (): Promise<void> => closed(deps, body);
    if ((await once.run(headerOf(req, 'webhook-id'), at, deps.clock.now(), act)) === 'stale')
      throw new Refusal(401, 'message_stale', words.stale, words.staleNext);
    quietly(res);
  });
  return routes;
}

async function closed({ authority, policies }: Deps, body: Buffer): Promise<void> {
  const read = message.safeParse(parseJson(body));
  if (!read.success) throw new Refusal(400, 'bad_request', words.unread, words.unreadNext);
  const { client, reference } = read.data.data;
  if (!policies.current().clients.has(client)) return;
  await authority.end({ client, reference }, 'ticket-closed', undefined);
}

function quietly(res: Response): void {
  res.status(204).end();
}

function headerOf(req: Request, name: string): string {
  return req.get(name) ?? '';
}

/** `v1,<base64>` of HMAC-SHA256 over id, time and body; several may be given while a secret is replaced. */
function isSigned(req: Request, body: Buffer, secret: Buffer): boolean {
  const id = headerOf(req, 'webhook-id');
  const time = headerOf(req, 'webhook-timestamp');
  if (!/^[\x21-\x7e]{1,128}$/.test(id) || !/^\d{1,12}$/.test(time)) return false;
  const expected = createHmac('sha256', secret).update(`${id}.${time}.`).update(body).digest();
  return headerOf(req, 'webhook-signature')
    .split(' ')
    .slice(0, 8)
    .some((one) => {
      const given = Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64');
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
}

/**
 * Which messages were acted on already; one that failed may come again. A clock that is set back makes nothing fresh that
 * was stale.
 */
class Once {
  readonly #seen = new Map<string, { readonly at: number; readonly done: Promise<void> }>();
  #newest = Number.NEGATIVE_INFINITY;

  /** Acts unless it was done; resolves when it is, and rejects, for whoever waits for the same, when it could not be. */
  async run(id: string, at: number, now: number, act: () => Promise<void>): Promise<'stale' | 'done'> {
    if (Math.abs(now - at) > tolerance || at < this.#newest - tolerance) return 'stale';
    const known = this.#seen.get(id);
    if (known !== undefined) {
      await known.done;
      return 'done';
    }
    this.#newest = Math.max(this.#newest, at);
    // What is older than this would be stale: its id need not be known.
    for (const [seen, one] of this.#seen) if (one.at < this.#newest - tolerance) this.#seen.delete(seen);
    const done = act();
    this.#seen.set(id, { at, done });
    try {
      await done;
    } catch (error) {
      this.#seen.delete(id);
      throw error;
    }
    return 'done';
  }
}
