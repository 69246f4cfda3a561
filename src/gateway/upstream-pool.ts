/** The connections of one opening to one upstream: as many as exchanges run at once, none of them ever shared with another opening. */
import { type Courier, type Flow, UpstreamError } from './courier.ts';
import { type Destination, UpstreamConnection } from './upstream-connection.ts';
import type { UpstreamRequest } from './upstream-request.ts';

/** How often what is waited for is looked at, in milliseconds. */
const sweepInterval = 500;

interface Waiting {
  readonly request: UpstreamRequest;
  readonly courier: Courier;
  /** As soon as it waits no longer. */
  flow: Flow | undefined;
  paused: boolean;
}

const over: Flow = { pause: () => undefined, resume: () => undefined, abort: () => undefined };

export class UpstreamPool {
  readonly #to: Destination;
  readonly #most: number;
  readonly #all = new Set<UpstreamConnection>();
  /** The last one that became free is taken first, so that the others may end. */
  readonly #idle: UpstreamConnection[] = [];
  #waiting: Waiting[] = [];
  #ending: 'not' | 'when-idle' | 'now' = 'not';
  #ended: (() => void) | undefined;
  #sweeping: NodeJS.Timeout | undefined;

  /** `most`: connections at once; what comes beyond it waits. */
  constructor(to: Destination, most: number) {
    this.#to = to;
    this.#most = most;
  }

  /** Sends a request; returns at once. The courier hears of it exactly once how it ended, unless it aborts. */
  dispatch(request: UpstreamRequest, courier: Courier): Flow {
    if (this.#ending !== 'not') {
      courier.failed(new UpstreamError('EUPSTREAMCLOSED', 'the access ended'));
      return over;
    }
    for (let free = this.#idle.pop(); free !== undefined; free = this.#idle.pop())
      if (free.usable) return free.send(request, courier);
    if (this.#all.size < this.#most) return this.#make().send(request, courier);
    const waiting: Waiting = { request, courier, flow: undefined, paused: false };
    this.#waiting.push(waiting);
    return {
      pause() {
        waiting.paused = true;
        waiting.flow?.pause();
      },
      resume() {
        waiting.paused = false;
        waiting.flow?.resume();
      },
      abort: () => this.#giveUp(waiting),
    };
  }

  #giveUp(waiting: Waiting): void {
    if (waiting.flow !== undefined) return waiting.flow.abort();
    const nth = this.#waiting.indexOf(waiting);
    if (nth >= 0) this.#waiting.splice(nth, 1);
  }

  /** What is on its way ends well; nothing new is sent. Resolves when the last connection is gone. */
  close(): Promise<void> {
    this.#ending = 'when-idle';
    for (const connection of this.#idle.splice(0)) connection.destroy('EUPSTREAMCLOSED', 'no longer needed');
    return this.#over();
  }

  /** Ends everything now. Resolves when the last connection is gone. */
  destroy(): Promise<void> {
    this.#ending = 'now';
    this.#idle.length = 0;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { courier } of waiting)
      courier.failed(new UpstreamError('EUPSTREAMCLOSED', 'the access ended'));
    for (const connection of this.#all) connection.destroy('EUPSTREAMCLOSED', 'the access ended');
    return this.#over();
  }

  #over(): Promise<void> {
    if (this.#all.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const before = this.#ended;
      this.#ended = () => {
        before?.();
        resolve();
      };
    });
  }

  #make(): UpstreamConnection {
    const made = new UpstreamConnection(
      this.#to,
      (connection) => this.#free(connection),
      (connection) => this.#gone(connection),
    );
    this.#all.add(made);
    this.#sweeping ??= setInterval(() => this.#sweep(), sweepInterval).unref();
    return made;
  }

  #sweep(): void {
    const now = this.#to.monotonic();
    for (const connection of this.#all) connection.sweep(now);
  }

  #free(connection: UpstreamConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) begin(next, connection);
    else if (this.#ending === 'not') this.#idle.push(connection);
    else connection.destroy('EUPSTREAMCLOSED', 'no longer needed');
  }

  #gone(connection: UpstreamConnection): void {
    this.#all.delete(connection);
    const nth = this.#idle.indexOf(connection);
    if (nth >= 0) this.#idle.splice(nth, 1);
    const next = this.#ending === 'now' ? undefined : this.#waiting.shift();
    if (next !== undefined) begin(next, this.#make());
    if (this.#all.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
    this.#ended?.();
  }
}

/** Its turn has come; whoever paused while waiting is still paused. */
function begin(waiting: Waiting, connection: UpstreamConnection): void {
  waiting.flow = connection.send(waiting.request, waiting.courier);
  if (waiting.paused) waiting.flow.pause();
}
