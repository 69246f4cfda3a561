/** A report as a PDF, drawn in a thread of its own, so that no exchange waits for it. */
import { Worker } from 'node:worker_threads';
import { Fault } from '../core/faults.ts';
import type { ReportWords } from './report-words.ts';

/** Drawing takes a second at most; a thread that does not answer is ended. */
const patience = 30_000;

/** The whole file. Throws Fault `internal` when it cannot be drawn. */
export async function makePdf(report: ReportWords): Promise<Uint8Array> {
  const script = import.meta.url.endsWith('.ts') ? './report-pdf-worker.ts' : './report-pdf-worker.js';
  const worker = new Worker(new URL(script, import.meta.url), { workerData: report });
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
