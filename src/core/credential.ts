/**
 * Credentials that a client handed over: what a secret file must hold for each kind, and what goes up to the system with it.
 * Pure. No message ever repeats a byte of a secret.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isPassingName, neverGoesUp } from './header-names.ts';

export const credentialKinds = ['basic', 'bearer', 'header', 'certificate'] as const;
export type CredentialKind = (typeof credentialKinds)[number];

/** What a client's file says about a credential; the secret itself stands in a file elsewhere. */
export interface Credential {
  readonly kind: CredentialKind;
  /** Name of the secret file, below the client's own folder. */
  readonly file: string;
  /** Name of the header line, for kind `header`. */
  readonly header: string | undefined;
  /** Name of the account at the client's system. Not a secret. */
  readonly account: string;
  readonly handedOverBy: string;
  /** As written in the policy: a day. */
  readonly handedOverOn: string;
  readonly document: string;
  /** Epoch milliseconds; after that the credential is overdue for rotation. */
  readonly rotateBy: number | undefined;
}

/** A credential that a client's file names now. */
export interface HeldCredential {
  readonly system: string;
  readonly kind: CredentialKind;
  readonly account: string;
  readonly file: string;
  readonly handedOverBy: string;
  readonly handedOverOn: string;
  readonly document: string;
  /** Epoch milliseconds; undefined: no day was set. */
  readonly rotateBy: number | undefined;
  /** A keyed mark of the secret, by which a rotation is noticed; undefined: the secret cannot be read now. */
  readonly mark: string | undefined;
}

/** One line of the register. Times are epoch milliseconds; undefined: not yet. */
export interface RegisteredCredential extends Omit<HeldCredential, 'mark'> {
  readonly id: string;
  readonly recordedAt: number;
  readonly rotatedAt: number | undefined;
  readonly returnedAt: number | undefined;
  readonly usedAt: number | undefined;
}

/** What goes up with a request: one header line, or the identity of the TLS connection. */
export type Presented =
  | { readonly header: string; readonly value: string; readonly tls: undefined }
  | { readonly header: undefined; readonly tls: { readonly cert: string; readonly key: string } };

/** Per kind, why a secret file cannot be used as one; undefined: it can. */
export type SecretFaults = { readonly [K in CredentialKind]: string | undefined };

/** The same fault for every kind: the file could not be read at all. */
export function unusable(fault: string): SecretFaults {
  return { basic: fault, bearer: fault, header: fault, certificate: fault };
}

/** What is wrong with the content of a secret file, for each kind. */
export function secretFaults(content: string): SecretFaults {
  return {
    basic: lineFault(content, /^[^\p{Cc}]+$/u, 'a password without control characters'),
    bearer: lineFault(content, /^[A-Za-z0-9._~+/-]+=*$/, 'a bearer token (letters, digits and ._~+/-)'),
    header: lineFault(content, /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'visible ASCII characters'),
    certificate: certificateFault(content),
  };
}

/** The content without its last line end. */
function bare(content: string): string {
  return content.replace(/\r?\n$/, '');
}

function lineFault(content: string, form: RegExp, wanted: string): string | undefined {
  const line = bare(content);
  if (line.trim() === '') return 'is empty';
  if (/[\r\n]/.test(line)) return 'has more than one line';
  return form.test(line) && line.length <= 4096 ? undefined : `does not hold ${wanted}`;
}

function certificateFault(content: string): string | undefined {
  if (content.trim() === '') return 'is empty';
  const { cert, key } = pemParts(content);
  if (cert === '' || key === '') return 'does not hold a certificate and its private key in PEM';
  try {
    const fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
    return fits ? undefined : 'holds a private key that is not the certificate’s';
  } catch {
    return 'holds a certificate or a key that cannot be read';
  }
}

function pemParts(content: string): { readonly cert: string; readonly key: string } {
  const blocks = content.match(/-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g) ?? [];
  const of = (name: RegExp) => blocks.filter((block) => name.test(block)).join('\n');
  return { cert: of(/^-----BEGIN CERTIFICATE-/), key: of(/^-----BEGIN [A-Z ]*PRIVATE KEY-/) };
}

/** What goes up. Only for content without a fault for this kind. */
export function present(credential: Credential, content: string): Presented {
  const secret = bare(content);
  switch (credential.kind) {
    case 'basic': {
      const pair = Buffer.from(`${credential.account}:${secret}`, 'utf8').toString('base64');
      return { header: 'Authorization', value: `Basic ${pair}`, tls: undefined };
    }
    case 'bearer':
      return { header: 'Authorization', value: `Bearer ${secret}`, tls: undefined };
    case 'header':
      return { header: credential.header ?? '', value: secret, tls: undefined };
    case 'certificate':
      return { header: undefined, tls: pemParts(content) };
  }
}

const saysWhatTheRequestIs =
  /^(?:content-|accept|if-|sec-|range$|origin$|referer$|user-agent$|date$|consentry)/;

/** May a credential stand in a header line of this name? */
export function mayCarryCredential(name: string): boolean {
  const lower = name.toLowerCase();
  return isPassingName(name) && !neverGoesUp(lower) && !saysWhatTheRequestIs.test(lower);
}
