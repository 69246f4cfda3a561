/** How an exchange ended, as its result line says it; `outcomes` in ARCHITECTURE.md. */

export type Outcome =
  | 'complete'
  | 'client-abort'
  | 'upstream-abort'
  | 'upstream-unreachable'
  | 'upstream-timeout'
  | 'upgrade-refused'
  | `withheld:${string}`
  | `terminated:${string}`
  | 'unknown-after-crash';
