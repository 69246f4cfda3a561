/** The writer's thread (ledger-writer.ts): one answer to each message, and the end after `close`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Writer, type WriterData, type WriterMessage } from './ledger-writer.ts';

const writer = new Writer(workerData as WriterData);
parentPort?.on('message', (message: WriterMessage) => {
  parentPort?.postMessage(writer.answer(message));
  if (message.do === 'close') parentPort?.close();
});
