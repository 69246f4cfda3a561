/**
 * A closed loop of requests over kept-alive connections: each connection sends its next request when the answer to
 * the last has ended. Every answer is checked (200, whole); one bad answer fails the run.
 */

import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { RecordableHistogram } from 'node:perf_hooks';
import { createHistogram } from 'node:perf_hooks';
import { parseHead, requestHead } from './http-client.ts';
import type { LoadPlan, LoadResult } from './protocol.ts';

interface Run {
  readonly plan: LoadPlan;
  readonly head: Buffer;
  readonly latency: RecordableHistogram;
  readonly until: number;
  started: number;
  done: number;
}

/** Runs a plan to its end; rejects at the first answer that is not a whole 200. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const run: Run = {
    plan,
    head: requestHead(plan.reach, 'GET', plan.path),
    latency: createHistogram(),
    until: start + plan.milliseconds,
    started: 0,
    done: 0,
  };
  await Promise.all(Array.from({ length: plan.connections }, () => runConnection(run)));
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    requests: run.done,
    seconds,
    p50Ms: run.latency.percentile(50) / 1e6,
    p99Ms: run.latency.percentile(99) / 1e6,
    generatorUs: (used.user + used.system) / run.done,
  };
}

function runConnection(run: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: run.plan.reach.port, host: '127.0.0.1', noDelay: true });
    const next = loop(run, socket, resolve);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the target closed a connection in the middle of the run')));
    socket.once('connect', next);
  });
}

/** Wires one connection; returns what starts its first request. */
function loop(run: Run, socket: Socket, finished: () => void): () => void {
  let sentAt = 0n;
  let data: Buffer = Buffer.alloc(0);
  const next = () => {
    if (run.started >= run.plan.requests || performance.now() >= run.until) {
      socket.removeAllListeners('close').destroy();
      finished();
      return;
    }
    run.started += 1;
    sentAt = process.hrtime.bigint();
    socket.write(run.head);
  };
  socket.on('data', (part: Buffer) => {
    data = data.length === 0 ? part : Buffer.concat([data, part]);
    try {
      if (!isWhole(data)) return;
    } catch (fault) {
      socket.destroy(fault instanceof Error ? fault : new Error(String(fault)));
      return;
    }
    run.latency.record(process.hrtime.bigint() - sentAt);
    run.done += 1;
    data = data.subarray(0, 0);
    next();
  });
  return next;
}

function isWhole(data: Buffer): boolean {
  const head = parseHead(data);
  if (!head) return false;
  if (head.status !== 200) throw new Error(`not 200 but:\n${data.toString('latin1')}`);
  if (head.bodyBytes === undefined) return data.subarray(-5).equals(LAST_CHUNK);
  if (data.length > head.headBytes + head.bodyBytes) throw new Error('more bytes than one answer');
  return data.length === head.headBytes + head.bodyBytes;
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
