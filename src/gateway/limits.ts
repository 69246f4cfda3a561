/**
 * Every limit of the data path in one table, but that of the request target, which is refused where it is read
 * (`core/paths.ts`). A test compares the running server with it. Times in milliseconds,
 * sizes in bytes, unless the name says otherwise.
 */
export const limits = {
  /** Request head, all header lines together. */
  headerBytes: 16_384,
  headerCount: 100,
  headersTimeout: 15_000,
  /** `headersTimeout` is only looked at this often; Node's default is 30 s. */
  connectionsCheckingInterval: 1_000,
  /** No total limit on uploads; idle and minimum rate instead. */
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  connections: 10_000,
  requestsPerConnection: 0,
  /** Concurrent exchanges of one opening on one system; above it 429 before any record. */
  exchangesPerOpening: 64,
  upstreamConnect: 5_000,
  upstreamHead: 60_000,
  upstreamHeaderBytes: 32_768,
  upstreamKeepAlive: 4_000,
  /** What still comes of an upload that was answered before its end is read over for so long. */
  lingering: 5_000,
  handshake: 10_000,
  peekBytes: 65_536,
  /** A form that a sign-in elsewhere posts, and how many of them are held at one moment. */
  callbackBytes: 262_144,
  callbacks: 32,
  /** An upload slower than this many bytes per window is ended. */
  uploadWindow: 60_000,
  uploadBytesPerWindow: 1_024,
  /** Idle, expiry and progress are looked at this often. */
  sweepInterval: 1_000,
  progressInterval: 300_000,
  /** Identical refusals of one opening within this time become one line with a count. */
  refusalWindow: 10_000,
  /** The same where a program goes on with an access that has ended: it may do so for weeks. */
  endedWindow: 3_600_000,
  /** Epochs not read for this long: running exchanges are ended. */
  epochLease: 3_000,
  epochInterval: 1_000,
  /** The log not writable for this long: running exchanges are ended. */
  ledgerOutage: 5_000,
  wantedCookies: 5,
  wantedCookieAge: 600_000,
  drain: 30_000,
} as const;

export type Limits = { readonly [K in keyof typeof limits]: number };

/** Those that may be set otherwise where a gateway is put together: what takes long, or many, to reach. */
export type SettableLimits = Partial<
  Pick<
    Limits,
    | 'connections'
    | 'keepAliveTimeout'
    | 'upstreamConnect'
    | 'upstreamHead'
    | 'lingering'
    | 'handshake'
    | 'epochLease'
  >
>;
