/**
 * The portal's thread as those see it who keep something there. Nothing of the gateway waits for it, and none of its parts works
 * long, so they share one thread: each thread by itself takes 9 MB.
 */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import type { PortalPart } from './portal-worker.ts';

const resourceLimits = { maxYoungGenerationSizeMb: 3 };

export class PortalThread {
  readonly #ports = new Set<MessagePort>();
  #worker: Worker | undefined;

  /**
   * A line to a part, opened now, with the thread if there is none. It closes when the part cannot be opened or ends, and when the
   * thread dies. The thread ends with its last line.
   */
  open(part: PortalPart): MessagePort {
    const { port1: here, port2: there } = new MessageChannel();
    const worker = this.#running();
    this.#ports.add(here);
    here.once('close', () => {
      this.#ports.delete(here);
      if (this.#ports.size === 0) this.#end(worker);
    });
    worker.postMessage({ ...part, port: there }, [there]);
    return here;
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const made = startThread('stores/portal-worker', {
      name: 'portal',
      workerData: undefined,
      resourceLimits,
    });
    const lost = (): void => {
      if (this.#worker === made) this.#worker = undefined;
    };
    // Whoever waits hears of it by the port.
    made.on('error', lost);
    made.on('exit', lost);
    made.unref();
    this.#worker = made;
    return made;
  }

  #end(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
  }
}
