/** The line to the writer, message by message. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { createLedger } from '../../src/stores/ledger.ts';
import type { WriterMessage } from '../../src/stores/ledger-writer.ts';
import type { StartThread } from '../../src/threads.ts';
import { startHere } from '../support/here.ts';
import { host, makeFolder } from './ledger-world.ts';

afterEach(() => {
  jest.useRealTimers();
});

test('a run says that it is alive as soon as its batch is done, however busy it is', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
  const said: string[] = [];
  /** A batch takes until the next word is due. */
  const start: StartThread = (...all) => {
    const writer = startHere(...all);
    const send = writer.postMessage.bind(writer);
    return Object.assign(writer, {
      postMessage(message: WriterMessage) {
        said.push(message.do);
        send(message);
        if (message.do === 'batch') jest.advanceTimersByTime(10_000);
      },
    });
  };
  const folder = makeFolder();
  const ledger = await createLedger({ ...folder, host, node: 'main', start });
  const beat = () => ledger.run({ do: 'heartbeat', counts: [] });
  await Promise.all([beat().then(beat), beat().then(beat)]);
  expect(said.slice(0, 4)).toEqual(['tick', 'batch', 'tick', 'batch']);
  jest.useRealTimers();
  await ledger.close();
  folder.remove();
});
