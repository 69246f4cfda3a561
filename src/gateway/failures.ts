/** What it means when undici could not get an answer, by its code: what people are told, and how the exchange ended. */
import type { FaultCode } from '../core/faults.ts';

const failures: {
  readonly [code: string]: readonly [
    FaultCode,
    'upstream-unreachable' | 'upstream-timeout' | 'upstream-abort',
  ];
} = {
  UND_ERR_CONNECT_TIMEOUT: ['upstream_timeout', 'upstream-timeout'],
  UND_ERR_HEADERS_TIMEOUT: ['upstream_timeout', 'upstream-timeout'],
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
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);

function failure(fault: FaultCode): readonly [FaultCode, 'upstream-unreachable' | 'upstream-abort'] {
  return [fault, fault === 'upstream_unreachable' ? 'upstream-unreachable' : 'upstream-abort'];
}

export function failureOf(
  code: string,
): readonly [FaultCode, 'upstream-unreachable' | 'upstream-timeout' | 'upstream-abort'] {
  return failures[code] ?? failure(unreachable.has(code) ? 'upstream_unreachable' : 'upstream_malformed');
}
