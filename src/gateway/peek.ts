/**
 * Reads a request's body where the route tells reads from writes by it: at most 64 KiB unless told otherwise, forwarded byte
 * for byte, kept nowhere. A longer body is not read to its end; what was read of it is put back, so that it streams as it came.
 */
import type { IncomingMessage } from 'node:http';
import { limits } from './limits.ts';

/** The body; `longer` when it exceeds the limit and is all still to be read; `gone` when the sender went away or stalled. */
export function readBody(
  req: IncomingMessage,
  most: number = limits.peekBytes,
): Promise<Buffer | 'longer' | 'gone'> {
  // Of a request without length and coding Node announces no end.
  if (req.readableEnded) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => settle('gone'), limits.headersTimeout);
    function settle(answer: Buffer | 'longer' | 'gone'): void {
      clearTimeout(timer);
      req.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
      resolve(answer);
    }
    function onData(chunk: Buffer): void {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= most) return;
      settle('longer');
      req.pause();
      req.unshift(Buffer.concat(chunks));
    }
    function onEnd(): void {
      settle(Buffer.concat(chunks));
    }
    function onClose(): void {
      settle('gone');
    }
    req.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}
