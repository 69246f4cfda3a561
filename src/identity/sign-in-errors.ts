/**
 * What to tell a person when a sign-in fails, from the errors of the OpenID library. Only codes go to the log.
 */
import * as oidc from 'openid-client';
import { Fault } from '../core/faults.ts';
import type { Notice } from './answer.ts';
import { faultNotice, notices } from './notices.ts';

/** The notice for an error, and a short code for the operator's log. `undefined` is a refusal by the provider. */
export function explain(error: unknown): { readonly notice: Notice; readonly reason: string } {
  if (error === undefined) return { notice: notices.refused, reason: 'access_denied' };
  if (error instanceof Fault) return { notice: faultNotice(error.code), reason: error.code };
  if (error instanceof oidc.AuthorizationResponseError) return fromProvider(error.error);
  if (error instanceof oidc.ResponseBodyError) return fromTokenEndpoint(error.error);
  const reason = codeOf(error);
  if (unreachable.has(reason)) return { notice: faultNotice('identity_provider_unavailable'), reason };
  return { notice: notices.failed, reason };
}

const unreachable: ReadonlySet<string> = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'fetch_failed',
]);

function fromProvider(code: string): { readonly notice: Notice; readonly reason: string } {
  if (code === 'access_denied') return { notice: notices.refused, reason: code };
  if (code === 'temporarily_unavailable' || code === 'server_error') {
    return { notice: faultNotice('identity_provider_unavailable'), reason: code };
  }
  return { notice: notices.failed, reason: short(code) };
}

function fromTokenEndpoint(code: string): { readonly notice: Notice; readonly reason: string } {
  return { notice: code === 'invalid_grant' ? notices.expired : notices.failed, reason: short(code) };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error instanceof TypeError && error.message === 'fetch failed') return 'fetch_failed';
  return 'code' in error && typeof error.code === 'string' ? short(error.code) : error.name;
}

/** Codes come from outside: letters, digits, `_` and `-` only, and not many. */
function short(code: string): string {
  return code.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 60);
}
