/** A report as a PDF, drawn in a thread of its own, so that no exchange waits for it. */
import { Fault } from '../core/faults.ts';
import { startThread } from '../threads.ts';
import type { ReportWords } from './report-words.ts';

/** Drawing takes a second at most; a thread that does not answer is ended. */
const patience = 30_000;

/** The whole file. Throws Fault `internal` when it cannot be drawn. */
export async function makePdf(report: ReportWords): Promise<Uint8Array> {
  const options = { name: 'report', workerData: report, resourceLimits: {} };
  const worker = startThread('portal/report-pdf-worker', options);
  const timer = setTimeout(() => void worker.terminate(), patience);
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread ended without a file')));
    });
  } catch (cause) {
    throw new Fault('internal', 'the report could not be drawn', cause);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
