/** The methods that are known at all; every other one is refused. One list for arrival, classes and profiles. */

export const plainMethods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Methods of WebDAV (RFC 4918, 3253, 5323): forwarded only where a route names them. */
export const davMethods = [
  'PROPFIND',
  'REPORT',
  'SEARCH',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
] as const;

export const methodNames = [...plainMethods, ...davMethods] as const;
