/**
 * The history as the rest of the program sees it: questions to a thread of its own, which follows the log by itself from
 * the start. When the thread dies it is started again; nothing is lost, because it goes on from its own file.
 */
import type { History } from '../core/ports.ts';
import { startThread } from '../threads.ts';
import type { HistoryData, HistoryQuestions } from './history-worker.ts';
import { loadKeys } from './keys.ts';
import { ThreadLine } from './thread-line.ts';

const resourceLimits = { maxYoungGenerationSizeMb: 3 };

/** Starts to follow the log. Throws KeysFault. */
export function createHistory(workerData: HistoryData): History {
  loadKeys(workerData.keysDir);
  const line = new ThreadLine(() =>
    startThread('stores/history-worker', { name: 'history', workerData, resourceLimits }),
  );
  line.running();
  const ask = <Q extends keyof HistoryQuestions>(
    question: Q,
    ...args: Parameters<HistoryQuestions[Q]>
  ): Promise<ReturnType<HistoryQuestions[Q]>> =>
    line.send({ ask: question, args }) as Promise<ReturnType<HistoryQuestions[Q]>>;
  return {
    page: (query) => ask('page', query),
    terms: (client) => ask('terms', client),
    bars: (client, edges) => ask('bars', client, edges),
    story: (client, id) => ask('story', client, id),
    lines: (client, id, after, limit) => ask('lines', client, id, after, limit),
    lastLine: (client, id) => ask('lastLine', client, id),
    settled: async () => {
      await ask('settled');
    },
    close: () => line.close(),
  };
}
