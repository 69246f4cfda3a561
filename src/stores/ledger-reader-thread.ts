/** A reader's thread (ledger-reader.ts): one answer to each message. */
import { parentPort, workerData } from 'node:worker_threads';
import { Reader, type ReaderData, type ReaderMessage } from './ledger-reader.ts';

const reader = new Reader(workerData as ReaderData);
parentPort?.on('message', (message: ReaderMessage) => parentPort?.postMessage(reader.answer(message)));
