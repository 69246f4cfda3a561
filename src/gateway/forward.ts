/**
 * Carries one admitted request to the client's system and the answer back. Streams both ways with back-pressure,
 * keeps nothing, filters headers both ways, and releases the answer only through the copy gate. A truncated answer
 * is visible as such: the connection is reset, never ended politely.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FaultCode } from '../core/faults.ts';
import type { Clock, Credentials } from '../core/ports.ts';
import type { Reason } from '../core/reasons.ts';
import { type AnswerHead, type Release, release } from '../core/release.ts';
import type { Admitted } from './admit.ts';
import { faultAnswer, refusalAnswer, send } from './answer.ts';
import type { Arrival } from './arrive.ts';
import type { Assertions } from './assertion.ts';
import type { ClientAddress } from './client-address.ts';
import { Copying, type CopyingDeps, headOf, loggable, overLimit, registerCopy } from './copying.ts';
import type { Courier, Flow, UpstreamError } from './courier.ts';
import { addCredential } from './credential.ts';
import type { CredentialUse } from './credential-use.ts';
import { failureOf } from './failures.ts';
import { addOurs, type DownHeaders, downHeaders, withoutEncoding } from './headers.ts';
import type { Limits } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { Pools } from './pools.ts';
import { reset } from './raw-socket.ts';
import type { Slab } from './slabs.ts';
import type { Head } from './upstream-head.ts';

export interface ForwardDeps extends CopyingDeps {
  readonly pools: Pools;
  readonly assertions: Assertions;
  readonly credentials: Credentials;
  readonly credentialUse: CredentialUse;
  readonly clock: Clock;
  readonly addressOf: ClientAddress;
  readonly limits: Limits;
}

/** Forwards; returns at once. The exchange ends by itself, exactly once, whatever happens. */
export function forward(
  admitted: Admitted,
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  deps: ForwardDeps,
): void {
  const { exchange, opening } = admitted;
  // While the record was written, or for an asset since then, this process may have been frozen.
  if (!exchange.mayPass()) return;
  // Who left while the record was written gets nothing sent in their name.
  if (res.destroyed || req.socket.destroyed) return exchange.finish('client-abort');
  const presented = deps.credentials.of(arrival.system);
  if (arrival.system.credential !== undefined && presented === undefined) {
    exchange.finish('upstream-unreachable');
    return send(req, res, arrival.id, faultAnswer('credential_unavailable'));
  }
  const pool = deps.pools.of(opening.id, arrival.system, presented?.tls, req.socket);
  const headers = withoutEncoding(arrival.lines);
  const hasBody = admitted.body === undefined && (arrival.chunked || (arrival.contentLength ?? 0) > 0);
  addOurs(
    headers,
    {
      host: arrival.host,
      scheme: arrival.scheme,
      address: deps.addressOf(req),
      request: arrival.id,
      assertion: deps.assertions.of(opening, arrival.system, arrival.snapshot, deps.clock.now()),
    },
    arrival.system,
  );
  if (presented !== undefined) deps.credentialUse.note(opening, arrival.system);
  addCredential(headers, presented);
  exchange.uploading = hasBody;
  // First of all listeners, and without starting the flow: a piece that may not pass finds the way up destroyed.
  if (hasBody) req.prependListener('data', () => exchange.mayPass());
  // Once only: where the body was looked at, it has been asked for already.
  if (req.headers.expect !== undefined && hasBody && !req.readableDidRead) res.writeContinue();
  const carrier = new Carrier(admitted, arrival, req, res, deps);
  const flow = pool.dispatch(
    {
      method: arrival.method,
      path: arrival.url,
      lines: headers,
      body: hasBody ? { stream: req, length: arrival.contentLength } : admitted.body,
    },
    carrier,
  );
  carrier.asked(flow);
}

const smallBody = 16_384;

class Carrier implements Courier {
  readonly #admitted: Admitted;
  readonly #arrival: Arrival;
  readonly #req: IncomingMessage;
  readonly #res: ServerResponse;
  readonly #socket: Socket;
  readonly #deps: ForwardDeps;
  #flow: Flow | undefined;
  /** Where counting of an answer of unknown length cuts, or undefined when it need not be counted. */
  #countTo: number | undefined;
  #answered = false;
  /** The head of an answer that is withheld, or registered as a copy, as soon as it has a first byte. */
  #held: DownHeaders | undefined;
  /** The answer is a copy, or becomes one at `#countTo`; left out: neither. */
  #copying: Copying | undefined;
  /** As much of a copy has left as its agreement permits. */
  #full = false;
  /** How many reasons there are to wait before more is read from the upstream. */
  #holds = 0;
  /** Something reached the upstream, which may have acted on it. */
  #sent = false;
  /** Bytes of the body still to come, when the head told their number. */
  #left: number | undefined;

  constructor(
    admitted: Admitted,
    arrival: Arrival,
    req: IncomingMessage,
    res: ServerResponse,
    deps: ForwardDeps,
  ) {
    this.#admitted = admitted;
    this.#arrival = arrival;
    this.#req = req;
    this.#res = res;
    this.#socket = req.socket;
    this.#deps = deps;
    admitted.exchange.onCut(() => this.#abort());
    res.once('close', () => this.#closed());
  }

  /** Whoever leaves while there is no connection yet keeps nobody from having one. */
  asked(flow: Flow): void {
    this.#flow = flow;
    if (this.#admitted.exchange.ended !== undefined) this.#abort();
  }

  /** It may have waited for its connection, and this process been frozen meanwhile. */
  begins(): void {
    this.#admitted.exchange.mayPass();
  }

  bodySent(bytes: number): void {
    this.#sent = true;
    this.#admitted.exchange.up += bytes;
  }

  requestSent(): void {
    this.#sent = true;
    const { exchange, body } = this.#admitted;
    exchange.uploading = false;
    if (body !== undefined) exchange.up = body.length;
  }

  head({ status, lines }: Head): void {
    const { exchange } = this.#admitted;
    const { system } = this.#arrival;
    if (!exchange.mayPass()) return;
    exchange.waiting = false;
    exchange.status = status;
    const mayAsk = system.credential === undefined && system.profile.passAuthorization === true;
    const down =
      status > 599 || status === 101
        ? undefined
        : downHeaders(lines, this.#arrival, this.#admitted.classified.static, mayAsk);
    if (down === undefined) return this.#replace('upstream_malformed');
    // A 401 without a challenge is the application's own word and passes.
    if (status === 401 && down.challenged && system.credential !== undefined)
      return this.#replace('credential_refused', 'complete');
    exchange.type = loggable(down.type);
    exchange.disposition =
      down.disposition === 'attachment' || down.disposition === 'inline' ? down.disposition : '';
    const verdict = this.#judge({
      permitted: this.#admitted.allow.operation === 'copy',
      copyRoute: this.#admitted.allow.operation === 'copy',
      profile: system.profile,
      status,
      type: down.type,
      disposition: down.disposition,
      length: down.length,
      range: down.range,
      encoded: down.encoded,
      head: this.#arrival.method === 'HEAD',
    });
    if ('released' in verdict) {
      if ('countTo' in verdict) {
        this.#countTo = verdict.countTo;
        if (verdict.beyond === 'register')
          this.#copying = new Copying(headOf(status, down), this.#deps.digests);
      }
      return this.#pass(down);
    }
    if ('copy' in verdict) this.#copying = new Copying(headOf(status, down), this.#deps.digests);
    // Of unknown length it may still be empty, and nothing is no copy: its first byte decides.
    this.#held = down;
    if (down.length !== undefined) this.#firstByte();
  }

  /** An answer whose head is held has a body: it is registered, or withheld. */
  #firstByte(): void {
    if (this.#copying === undefined) this.#withhold('copy_withheld');
    else this.#register(this.#copying);
  }

  /** Nothing more leaves before the register has answered. */
  #register(copying: Copying): void {
    copying.state = 'waits';
    const go = this.#hold();
    void registerCopy(this.#admitted, this.#arrival.system.id, copying.head, this.#deps).then((answer) => {
      if (this.#admitted.exchange.finished) return copying.drop();
      if (!('ok' in answer)) return this.#unregistered(answer);
      copying.state = 'registered';
      copying.atMost = answer.atMost;
      if (this.#held !== undefined) this.#pass(this.#held);
      this.#held = undefined;
      for (const piece of copying.released()) this.#leave(piece, undefined);
      if (copying.ended) this.#whole();
      go();
    });
  }

  #unregistered(why: { readonly refused: Reason } | { readonly fault: FaultCode }): void {
    this.#copying?.drop();
    if (this.#answered) this.#admitted.exchange.cut(overLimit(why) ?? 'terminated:copy_gate');
    else if ('refused' in why) this.#withhold(why.refused);
    else this.#replace(why.fault, 'withheld:copy_register');
  }

  /** Waits; answers how to go on. Reading goes on when every reason to wait is gone. */
  #hold(): () => void {
    this.#holds += 1;
    this.#flow?.pause();
    return () => {
      this.#holds -= 1;
      if (this.#holds === 0) this.#flow?.resume();
    };
  }

  #pass({ length, lines }: DownHeaders): void {
    this.#answered = true;
    this.#left = length;
    this.#res.writeHead(this.#admitted.exchange.status, lines);
  }

  #withhold(reason: Reason): void {
    this.#held = undefined;
    this.#admitted.exchange.finish(`withheld:${reason}`);
    this.#abort();
    send(this.#req, this.#res, this.#arrival.id, refusalAnswer(reason));
  }

  /** Only an answer that looks like a copy asks whether one is permitted. An asset has no line that could tell of a copy. */
  #judge(head: AnswerHead): Release {
    const verdict = release(head);
    const settled = head.permitted || ('released' in verdict && !('countTo' in verdict));
    if (settled || this.#admitted.classified.static || !this.#admitted.mayCopy()) return verdict;
    return release({ ...head, permitted: true });
  }

  data(piece: Buffer, slab: Slab | undefined): void {
    const { exchange } = this.#admitted;
    if (!exchange.mayPass()) return;
    const copying = this.#copying;
    if (copying?.state === 'waits') return copying.keep(piece);
    if (this.#held !== undefined) {
      copying?.keep(piece);
      return this.#firstByte();
    }
    if (this.#countTo !== undefined && exchange.down + piece.length > this.#countTo) {
      if (copying === undefined) return exchange.cut('terminated:copy_gate');
      this.#countTo = undefined;
      copying.keep(piece);
      return this.#register(copying);
    }
    this.#leave(piece, slab);
  }

  /** A piece goes to the technician, from where it lies if it stays there. */
  #leave(piece: Buffer, slab: Slab | undefined): void {
    const { exchange } = this.#admitted;
    const room = (this.#copying?.atMost ?? Number.POSITIVE_INFINITY) - exchange.down;
    if (piece.length > room) return this.#upToLimit(Buffer.from(piece.subarray(0, room)));
    exchange.down += piece.length;
    if (this.#left !== undefined) this.#left -= piece.length;
    if (this.#copying !== undefined && !this.#copying.leaves(piece, slab)) this.#copying.room(this.#hold());
    // A small whole body leaves together with its head, in one system call.
    if (this.#left === 0 && exchange.down === piece.length && piece.length <= smallBody) {
      this.#res.end(piece.toString('latin1'), 'latin1');
    } else if (!(slab === undefined ? this.#res.write(Buffer.from(piece)) : this.#writeFrom(slab, piece))) {
      // Once, however many pieces of what was read already find no room.
      if (this.#res.listenerCount('drain') === 0) this.#res.once('drain', this.#hold());
    }
  }

  #writeFrom(slab: Slab, piece: Buffer): boolean {
    const hold = slab.hold();
    return this.#res.write(piece, (error) => (error == null ? hold.done() : hold.lost()));
  }

  /** The last bytes that the agreement permits; then nothing more is read, and the answer is cut once they are out. */
  #upToLimit(last: Buffer): void {
    if (this.#full) return;
    this.#full = true;
    const { exchange } = this.#admitted;
    const cut = (): void => exchange.cut('terminated:copy_limit');
    this.#hold();
    exchange.down += last.length;
    if (last.length === 0) cut();
    else this.#res.write(last, (error) => error ?? cut());
  }

  end(): void {
    if (this.#full) return;
    if (this.#copying?.state === 'waits') {
      this.#copying.ended = true;
      return;
    }
    if (this.#held !== undefined && !this.#res.headersSent) this.#pass(this.#held);
    this.#whole();
  }

  /** All of the answer is on its way. */
  #whole(): void {
    if (this.#full) return;
    if (!this.#res.writableEnded) this.#res.end();
    if (!this.#req.complete) readOver(this.#req, this.#deps.limits.lingering);
  }

  /** The upstream failed. Before the head: 502 or 504. After it: a visible truncation. */
  failed({ code }: UpstreamError): void {
    const { exchange } = this.#admitted;
    if (exchange.finished) return;
    if (this.#socket.destroyed || (this.#req.destroyed && !this.#req.complete)) {
      exchange.finish('client-abort', this.#unsent());
      reset(this.#socket);
    } else if (this.#answered) {
      exchange.finish('upstream-abort', this.#unsent());
      reset(this.#socket);
    } else {
      const [fault, outcome] = failureOf(code);
      exchange.finish(this.#sent && outcome === 'upstream-unreachable' ? 'upstream-abort' : outcome);
      send(this.#req, this.#res, this.#arrival.id, faultAnswer(fault));
    }
  }

  /** Gives the client an answer of our own in place of one that may not pass. */
  #replace(fault: FaultCode, outcome: Outcome = 'upstream-abort'): void {
    this.#admitted.exchange.finish(outcome);
    this.#abort();
    send(this.#req, this.#res, this.#arrival.id, faultAnswer(fault));
  }

  /** The client's side is done: everything handed to the kernel, or gone. */
  #closed(): void {
    const { exchange } = this.#admitted;
    if (exchange.finished) return this.#copying?.drop();
    if (this.#res.writableFinished) return this.#complete();
    this.#copying?.drop();
    exchange.finish('client-abort', this.#unsent());
    this.#abort();
  }

  /** A copy that left whole is told with its digest. */
  #complete(): void {
    const { exchange } = this.#admitted;
    const copying = this.#copying;
    if (copying?.state !== 'registered') {
      copying?.drop();
      return exchange.finish('complete');
    }
    copying.digest().then(
      (digest) => {
        exchange.digest = digest;
        exchange.finish('complete');
      },
      () => exchange.finish('terminated:digest'),
    );
  }

  #abort(): void {
    this.#flow?.abort();
  }

  #unsent(): number {
    return this.#res.writableLength + (this.#socket.writableLength ?? 0);
  }
}

/** The system answered before it had everything: what still comes is read over for a while, so that its answer is not lost. */
function readOver(req: IncomingMessage, within: number): void {
  const late = setTimeout(() => reset(req.socket), within);
  req.once('close', () => clearTimeout(late)).resume();
}
