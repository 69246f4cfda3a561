/**
 * Certificates for the listener: every `<name>.pem` with its `<name>.key` in one folder, chosen by the names in the
 * certificate. Read at start and again when asked; a file that cannot be used keeps the old ones in place.
 */
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';

export interface Certificates {
  /** The context for a server name; for an unknown or missing name the first one. Never throws. */
  choose(name: string | undefined): SecureContext | undefined;
}

/** Reads the folder. Throws with the file's name when a certificate cannot be used. */
export function loadCertificates(folder: string): Certificates {
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.pem'))
    .sort()
    .map((file) => load(join(folder, file)));
  if (found.length === 0)
    throw new Error(`${folder} holds no certificate: put <name>.pem and <name>.key there`);
  const first = found[0]?.context;
  return {
    choose: (name) =>
      name === undefined
        ? first
        : (found.find(({ certificate }) => certificate.checkHost(name) !== undefined)?.context ?? first),
  };
}

function load(file: string): { readonly certificate: X509Certificate; readonly context: SecureContext } {
  try {
    const cert = readFileSync(file);
    const key = readFileSync(file.replace(/\.pem$/, '.key'));
    return {
      certificate: new X509Certificate(cert),
      context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
    };
  } catch (cause) {
    throw new Error(`${file}: certificate or key cannot be used`, { cause });
  }
}
