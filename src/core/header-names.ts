/**
 * Names of header lines, as far as rules speak of them: which form passes, and which names never go up to a client's
 * system because they are about the connection, about identity, or say that the request is another one. Pure.
 */

const passingName = /^[A-Za-z0-9-]+$/;

/** Letters, digits and `-`: what every server reads the same way. */
export function isPassingName(name: string): boolean {
  return passingName.test(name);
}

/** Header names in lower case, separated by white space. */
export function headerNames(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Names that never go up: hop-by-hop and framing; where a request came from, who it is from, what it really is (ours only). */
const neverUp = headerNames(`
  connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer
  transfer-encoding upgrade expect host content-length http2-settings cookie proxy
  forwarded via x-real-ip x-client-ip x-cluster-client-ip true-client-ip cf-connecting-ip
  fastly-client-ip client-ip x-host x-envoy-external-address x-envoy-original-path
  x-identity x-user x-username x-user-id x-email x-remote-user remote-user x-webauth-user
  x-authenticated-user x-authenticated-userid x-credential x-consumer-username x-ssl-client-cert
  x-http-method x-http-method-override x-method-override x-original-url x-rewrite-url
  x-original-method x-original-host x-original-uri x-override-url destination x-accel-redirect
  x-script-name script-name x-path-info path-info x-request-uri request-uri x-request-url x-uri x-url
  x-proxy-url x-waws-unencoded-url
`);

const neverUpPrefix =
  /^(?:consentry-|x-forwarded-|x-original-|x-auth-request-|x-authenticated-|x-ssl-|ssl-client|x-client-cert|x-client-dn|x-client-s-dn|x-client-verify|x-client-ip|client-cert|x-arr-|x-amzn-oidc-|x-goog-|x-ms-client-principal|x-appengine-|x-pomerium-|cf-access-|x-middleware-|x-remote-|x-sudo|impersonate-|x-impersonate|x-http-|x-rewrite-|x-originating-|proxy-|wl-proxy-|x-method$)/;

/** Does a line of this name, in lower case, stay here? */
export function neverGoesUp(lower: string): boolean {
  return neverUp.has(lower) || neverUpPrefix.test(lower);
}
