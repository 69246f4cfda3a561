/**
 * Large transfers of the sample systems: a download of any size, made on the fly with back-pressure and if wanted at
 * a fixed rate, and an upload that is counted and hashed but not kept. Memory stays flat whatever the size.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

const BLOCK = Buffer.alloc(64 * 1024, 'Sample data, nobody is meant by it. ');
const MOST_MEBIBYTES = 16 * 1024;

export interface Download {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  /** Bytes per second; undefined: as fast as the reader takes them. */
  readonly rate: number | undefined;
}

/** `?mb=` (mebibytes, default given) and `?rate=` (bytes per second) of a download; nonsense falls back. */
export function downloadOf(url: URL, name: string, type: string, mebibytes: number): Download {
  const wanted = positive(url.searchParams.get('mb')) ?? mebibytes;
  return {
    name,
    type,
    bytes: Math.min(wanted, MOST_MEBIBYTES) * 1024 * 1024,
    rate: positive(url.searchParams.get('rate')),
  };
}

function positive(text: string | null): number | undefined {
  const value = text !== null && /^\d{1,12}$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : undefined;
}

/** Sends a download; resolves at its end or when the reader has gone. */
export async function sendDownload(
  req: IncomingMessage,
  res: ServerResponse,
  download: Download,
): Promise<void> {
  res.writeHead(200, {
    'content-type': download.type,
    'content-length': download.bytes,
    'content-disposition': `attachment; filename="${download.name}"`,
    'cache-control': 'no-store',
  });
  if (req.method === 'HEAD') return void res.end();
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  try {
    await pipeline(
      Readable.from(blocks(download, gone.signal), { objectMode: false, highWaterMark: 256 * 1024 }),
      res,
    );
  } catch {
    // The reader has left in the middle: nothing to tell anybody.
  }
}

async function* blocks(download: Download, gone: AbortSignal): AsyncGenerator<Buffer> {
  const perTick = download.rate === undefined ? BLOCK.length : Math.max(1, Math.round(download.rate / 10));
  for (let left = download.bytes; left > 0; ) {
    for (let tick = Math.min(perTick, left); tick > 0; ) {
      const length = Math.min(tick, BLOCK.length);
      yield length === BLOCK.length ? BLOCK : BLOCK.subarray(0, length);
      tick -= length;
      left -= length;
    }
    if (download.rate !== undefined && left > 0) await pause(100, undefined, { signal: gone });
  }
}

export interface Received {
  readonly bytes: number;
  /** SHA-256 of the body as it arrived, hexadecimal. */
  readonly sha256: string;
}

/** Reads a body to its end. Throws when it ends early. */
export async function receive(req: IncomingMessage): Promise<Received> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
