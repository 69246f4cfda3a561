/** What is told of one exchange with an upstream while it runs, and what can be done to it. */
import type { Slab } from './slabs.ts';
import type { Head } from './upstream-head.ts';

/** What can be done to an exchange from the beginning, also while it waits for a connection; nothing any more once it ended. */
export interface Flow {
  /** Nothing more is read. What was read already may still come. */
  pause(): void;
  resume(): void;
  /** Ends the exchange and its connection; the courier hears nothing more. */
  abort(): void;
}

/** Takes what comes of one exchange. */
export interface Courier {
  /** The connection is there and the request is about to be written: the last moment to abort it. */
  begins(): void;
  /** A piece of a body that came as a stream was written. */
  bodySent(bytes: number): void;
  /** All of the request was written. */
  requestSent(): void;
  /** The final head; or 101, after which the connection is gone. */
  head(head: Head): void;
  /**
   * Without a slab the bytes change when this returns, and whoever keeps them copies them; with one they stay while it is held.
   */
  data(piece: Buffer, slab: Slab | undefined): void;
  end(): void;
  /** There will be no (whole) answer. `code` says why: one of ours, or of the system. */
  failed(error: UpstreamError): void;
}

/** `EUPSTREAM…` are ours. */
export class UpstreamError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
