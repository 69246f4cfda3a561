/** Starts itself as a thread of small heap, and prints how large that thread's heap may become, in MiB. */
import { getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort } from 'node:worker_threads';
import { startThread } from '../src/threads.ts';

if (isMainThread) {
  const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 3 };
  const options = { name: 'small', workerData: undefined, resourceLimits };
  const thread = startThread('../test/threads-process', options);
  thread.once('message', (bytes: number) => process.stdout.write(String(bytes / 1024 ** 2)));
} else {
  parentPort?.postMessage(getHeapStatistics().heap_size_limit);
}
