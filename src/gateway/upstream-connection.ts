/**
 * One connection to an upstream, HTTP/1.1, one exchange after the other. Strict about what comes, silent about what is over: once an
 * exchange ended, by whoever's hand, its courier hears nothing more. Bytes are read into one buffer that all connections share, and
 * only what does not fit it costs memory of its own.
 */
import { connect as connectPlain, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { connect as connectSecure } from 'node:tls';
import { type Courier, type Flow, UpstreamError } from './courier.ts';
import { type Hold, type Slab, slabBytes, takeSlab } from './slabs.ts';
import { Chunks } from './upstream-chunks.ts';
import { type Head, mayBegin, parseHead } from './upstream-head.ts';
import { requestHead, sendBody, type UpstreamRequest } from './upstream-request.ts';

export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly lookup: LookupFunction;
  /** Undefined: plain TCP. */
  readonly tls:
    | {
        readonly servername: string;
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
      }
    | undefined;
  /** Milliseconds. */
  readonly connectWithin: number;
  readonly headWithin: number;
  readonly keepFor: number;
  readonly mostHeadBytes: number;
  /** Milliseconds that only go on. */
  readonly monotonic: () => number;
}

/** Interim answers (1xx) of one exchange. */
const mostInterim = 16;

/** What is read at once where nobody knows yet how much comes. */
const readBytes = 65_536;

/** Pieces at least so large stay where they were read; smaller ones would waste it. */
const largeBytes = 16_384;

/** Behind a piece, less room than this is not read into. */
const leastRoom = 65_536;

const headEnd = Buffer.from('\r\n\r\n');
/** Read into by all connections: it holds bytes only until the callback that got them returns. */
const shared = Buffer.allocUnsafeSlow(readBytes);

export class UpstreamConnection {
  readonly #to: Destination;
  readonly #socket: Socket;
  /** Told once when it is free for another exchange, and once when it is gone. */
  readonly #free: (connection: UpstreamConnection) => void;
  readonly #gone: (connection: UpstreamConnection) => void;
  #connected = false;
  #closed = false;
  #paused = false;
  #running: Running | undefined;
  /** Monotonic milliseconds; infinite: nothing is waited for. */
  #deadline: number;
  /** Where the next read goes when it is not the shared buffer. */
  #reading: { readonly slab: Slab; readonly hold: Hold; at: number } | undefined;

  constructor(
    to: Destination,
    free: (connection: UpstreamConnection) => void,
    gone: (connection: UpstreamConnection) => void,
  ) {
    this.#to = to;
    this.#free = free;
    this.#gone = gone;
    this.#deadline = this.#to.monotonic() + to.connectWithin;
    this.#socket = this.#connect();
    this.#socket.once(to.tls === undefined ? 'connect' : 'secureConnect', () => this.#begin());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#fail(error.code ?? 'EUPSTREAMCLOSED', error.message),
    );
    this.#socket.on('close', () => {
      // Not earlier: under TLS, what came with the last read is still deciphered into it.
      this.#letGo();
      this.#fail('EUPSTREAMCLOSED', 'the connection was closed');
      this.#gone(this);
    });
  }

  #connect(): Socket {
    const { host, port, lookup, tls } = this.#to;
    const onread: OnReadOpts = {
      buffer: () => this.#reading?.slab.bytes.subarray(this.#reading.at) ?? shared,
      callback: (count, buffer) => this.#read(buffer as Buffer, count),
    };
    const options = { host, port, lookup, noDelay: true, keepAlive: true, onread };
    if (tls === undefined) return connectPlain(options);
    return connectSecure({ ...options, ...tls, ALPNProtocols: ['http/1.1'] });
  }

  /** No exchange runs, and the other end has not ended it. */
  get usable(): boolean {
    return !this.#closed && this.#running === undefined;
  }

  /** Begins an exchange, now or when it is connected. Only when `usable`. */
  send(request: UpstreamRequest, courier: Courier): Flow {
    const running = new Running(this, request, courier);
    this.#running = running;
    if (this.#connected) {
      // How long it may be idle is no longer asked: an upload takes its time.
      this.#deadline = Number.POSITIVE_INFINITY;
      this.#start(running);
    }
    return running;
  }

  /** Ends it now. A running exchange fails with `code`. */
  destroy(code: string, message: string): void {
    this.#fail(code, message);
  }

  /** Looks at what is waited for; `now` in monotonic milliseconds. */
  sweep(now: number): void {
    if (now < this.#deadline) return;
    if (this.#connected) this.#fail('EUPSTREAMHEAD', 'no answer in time');
    else this.#fail('EUPSTREAMCONNECT', 'no connection in time');
  }

  /** Of an exchange: it is over, and so is the connection. */
  drop(running: Running): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    running.release();
    this.#close();
  }

  pause(running: Running): void {
    if (this.#running !== running) return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(running: Running): void {
    if (this.#running !== running) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #begin(): void {
    this.#connected = true;
    this.#deadline = Number.POSITIVE_INFINITY;
    if (this.#running === undefined) this.#idle(this.#to.keepFor);
    else this.#start(this.#running);
  }

  #start(running: Running): void {
    running.courier.begins();
    if (this.#running !== running) return;
    const head = requestHead(running.request);
    if (head === undefined) return this.#fail('EUPSTREAMREQUEST', 'the request cannot be written');
    const { body } = running.request;
    if (body === undefined || Buffer.isBuffer(body)) {
      if (body === undefined) this.#socket.write(head, 'latin1');
      else {
        this.#socket.cork();
        this.#socket.write(head, 'latin1');
        this.#socket.write(body);
        this.#socket.uncork();
      }
      return this.#sent(running);
    }
    this.#socket.write(head, 'latin1');
    this.#upload(running, body.stream, body.length);
  }

  /** The time an upstream has for its head begins when it has everything. */
  #sent(running: Running): void {
    running.sent = true;
    if (running.head === undefined) this.#deadline = this.#to.monotonic() + this.#to.headWithin;
    running.courier.requestSent();
  }

  #upload(running: Running, stream: Readable, length: number | undefined): void {
    running.release = sendBody(this.#socket, stream, length, {
      sent: (bytes) => running.courier.bodySent(bytes),
      done: () => this.#sent(running),
      failed: (why) => this.#fail('EUPSTREAMREQUEST', why),
    });
  }

  /** Called with each read. Answers false to read no more. */
  #read(buffer: Buffer, count: number): boolean {
    if (this.#closed) return false;
    const running = this.#running;
    if (running === undefined) {
      // Bytes that nobody asked for: whoever comes next must not take them for an answer.
      this.#fail('EUPSTREAMMALFORMED', 'bytes without a request');
      return false;
    }
    const reading = buffer === shared ? undefined : this.#reading;
    const large = count >= largeBytes;
    const slab = large ? reading?.slab : undefined;
    try {
      this.#take(running, buffer.subarray(0, count), slab);
    } catch (error) {
      // Whatever an upstream sends must not end the process.
      this.#fail('EUPSTREAMMALFORMED', String(error));
    }
    if (this.#running !== running) this.#letGo();
    else if (slab !== undefined) this.#goOn(count);
    else if (large && this.#reading === undefined) this.#readLarge();
    return !this.#closed && !this.#paused;
  }

  /** The next read goes into memory of its own. */
  #readLarge(): void {
    const slab = takeSlab();
    this.#reading = { slab, hold: slab.hold(), at: 0 };
  }

  /** The next read goes behind the piece that was read. */
  #goOn(count: number): void {
    const reading = this.#reading;
    if (reading === undefined) return;
    reading.at += count;
    if (slabBytes - reading.at >= leastRoom) return;
    this.#letGo();
    this.#readLarge();
  }

  #letGo(): void {
    this.#reading?.hold.done();
    this.#reading = undefined;
  }

  #take(running: Running, came: Buffer, lies: Slab | undefined): void {
    let bytes = came;
    let slab = lies;
    let at = 0;
    while (running.head === undefined) {
      const before = running.begun;
      if (before !== undefined) {
        bytes = Buffer.concat([before, bytes.subarray(at)]);
        slab = undefined;
      } else if (at > 0) bytes = bytes.subarray(at);
      at = 0;
      const end = bytes.indexOf(headEnd, Math.max(0, (before?.length ?? 0) - 3));
      if ((end < 0 ? bytes.length : end) > this.#to.mostHeadBytes)
        return this.#fail('EUPSTREAMMALFORMED', 'the head is too large');
      if (end < 0) {
        if (!mayBegin(bytes)) return this.#fail('EUPSTREAMMALFORMED', 'this is not HTTP');
        running.begun = before === undefined ? Buffer.from(bytes) : bytes;
        return;
      }
      running.begun = undefined;
      const head = parseHead(
        bytes.toString('latin1', 0, end),
        running.request.method === 'HEAD',
        this.#to.keepFor,
      );
      if (head === undefined) return this.#fail('EUPSTREAMMALFORMED', 'the head cannot be read');
      at = end + headEnd.length;
      if (head.status >= 100 && head.status < 200 && head.status !== 101) {
        running.interim += 1;
        if (running.interim > mostInterim)
          return this.#fail('EUPSTREAMMALFORMED', 'too many interim answers');
        continue;
      }
      this.#headOf(running, head);
      if (this.#running !== running) return;
    }
    this.#body(running, bytes, at, slab);
  }

  #headOf(running: Running, head: Head): void {
    running.head = head;
    this.#deadline = Number.POSITIVE_INFINITY;
    if (typeof head.framing === 'number') running.left = head.framing;
    else if (head.framing === 'chunked') running.chunks = new Chunks();
    running.courier.head(head);
    if (head.status === 101 && this.#running === running) this.drop(running);
  }

  #body(running: Running, bytes: Buffer, from: number, slab: Slab | undefined): void {
    const { head, chunks, courier } = running;
    let at = from;
    let whole = head?.framing === 'none';
    if (chunks !== undefined) {
      at = chunks.take(bytes, at, (piece) => {
        if (this.#running === running) courier.data(piece, slab);
      });
      if (this.#running !== running) return;
      if (at < 0) return this.#fail('EUPSTREAMMALFORMED', 'the chunks cannot be read');
      whole = chunks.ended;
    } else if (!whole) {
      const until = Math.min(bytes.length, at + running.left);
      running.left -= until - at;
      if (until > at) courier.data(bytes.subarray(at, until), slab);
      if (this.#running !== running) return;
      at = until;
      whole = running.left === 0;
    }
    if (whole) this.#finish(running, at < bytes.length);
  }

  /** The answer is whole. `surplus`: more came than belongs to it. */
  #finish(running: Running, surplus: boolean): void {
    const keepFor = surplus || !running.sent ? 0 : (running.head?.keepFor ?? 0);
    this.#running = undefined;
    running.release();
    if (keepFor === 0) this.#close();
    else this.#idle(keepFor);
    running.courier.end();
  }

  #idle(keepFor: number): void {
    this.#deadline = this.#to.monotonic() + keepFor;
    if (this.#paused) this.#socket.resume();
    this.#paused = false;
    this.#free(this);
  }

  /** The other end said that nothing more comes. */
  #ended(): void {
    const running = this.#running;
    if (running?.head?.framing === 'until-end') this.#finish(running, false);
    else this.#fail('EUPSTREAMCLOSED', 'the connection was closed');
  }

  #fail(code: string, message: string): void {
    const running = this.#running;
    this.#running = undefined;
    this.#close();
    if (running === undefined) return;
    running.release();
    running.courier.failed(new UpstreamError(code, message));
  }

  #close(): void {
    this.#closed = true;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#socket.destroy();
  }
}

/** One exchange on a connection. */
class Running implements Flow {
  readonly #connection: UpstreamConnection;
  readonly request: UpstreamRequest;
  readonly courier: Courier;
  head: Head | undefined;
  /** A head that has not come whole. */
  begun: Buffer | undefined;
  interim = 0;
  /** Bytes of the body still to come. */
  left = Number.POSITIVE_INFINITY;
  chunks: Chunks | undefined;
  sent = false;
  /** Lets go of the body that goes up. */
  release: () => void = nothing;

  constructor(connection: UpstreamConnection, request: UpstreamRequest, courier: Courier) {
    this.#connection = connection;
    this.request = request;
    this.courier = courier;
  }

  pause(): void {
    this.#connection.pause(this);
  }

  resume(): void {
    this.#connection.resume(this);
  }

  abort(): void {
    this.#connection.drop(this);
  }
}

function nothing(): void {}
