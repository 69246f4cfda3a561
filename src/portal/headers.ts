/**
 * What every answer of the portal carries: a content policy that allows our own files and nothing else, no framing,
 * no referrer, no sniffing, no caching.
 */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The handlers to run before everything else. */
export function securityHeaders(): readonly RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'style-src': ["'self'"],
          'script-src': ["'self'"],
          'img-src': ["'self'"],
          'connect-src': ["'self'"],
          'form-action': ["'self'"],
          'frame-ancestors': ["'none'"],
          'base-uri': ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      frameguard: { action: 'deny' },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    }),
    (_req, res, next) => {
      res.set('cache-control', 'no-store');
      res.set('permissions-policy', 'publickey-credentials-get=(self), publickey-credentials-create=(self)');
      next();
    },
  ];
}
