/** What it means when an upstream gave no answer, by its code: what people are told, and how the exchange ended. */
import type { FaultCode } from '../core/faults.ts';

const failures: {
  readonly [code: string]: readonly [
    FaultCode,
    'upstream-unreachable' | 'upstream-timeout' | 'upstream-abort',
  ];
} = {
  EUPSTREAMCONNECT: ['upstream_timeout', 'upstream-timeout'],
  EUPSTREAMHEAD: ['upstream_timeout', 'upstream-timeout'],
  ETIMEDOUT: ['upstream_timeout', 'upstream-timeout'],
};

const unreachable = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRREFUSED',
  'ECONNRESET',
  'EUPSTREAMCLOSED',
]);

function failure(fault: FaultCode): readonly [FaultCode, 'upstream-unreachable' | 'upstream-abort'] {
  return [fault, fault === 'upstream_unreachable' ? 'upstream-unreachable' : 'upstream-abort'];
}

export function failureOf(
  code: string,
): readonly [FaultCode, 'upstream-unreachable' | 'upstream-timeout' | 'upstream-abort'] {
  return failures[code] ?? failure(unreachable.has(code) ? 'upstream_unreachable' : 'upstream_malformed');
}
