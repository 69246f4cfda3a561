/**
 * The certificate at the end of a contract: what was returned or destroyed, when, by whom, and what is kept and why. One canonical
 * JSON text whose hash stands on its line, so that the export of the log proves it: `ledger verify` compares what it says
 * with what the lines before said. Pure.
 */
import canonicalize from 'canonicalize';
import type { GoneWay } from './copies.ts';
import type { EndingCause, EndingChoice, HostedWay } from './ending.ts';

const format = 'consentry end of contract 1';

/** Every instant is RFC 3339 UTC. */
export interface EndingCertificate {
  readonly format: typeof format;
  readonly client: string;
  readonly client_name: string;
  readonly provider: string;
  readonly made: string;
  /** Who attests, for the provider. */
  readonly attested_by: string;
  readonly contract_over: { readonly since: string; readonly cause: EndingCause };
  /** Hash of what the client signed last about the end; '' when it signed nothing. */
  readonly statement: string;
  /** '' when the client chose nothing. */
  readonly choice: EndingChoice | '';
  /** The copies that were there at or after the end of the contract, or ever: all of the register, oldest first. */
  readonly copies: readonly CertifiedCopy[];
  readonly credentials: readonly {
    readonly id: string;
    readonly system: string;
    readonly kind: string;
    readonly recorded: string;
    readonly returned: string;
  }[];
  /** What became of the data of each system, as the provider declares it. */
  readonly systems: readonly { readonly system: string; readonly how: HostedWay }[];
  readonly kept: readonly {
    readonly what: 'log';
    readonly until: string;
    readonly why: string;
  }[];
}

export interface CertifiedCopy {
  /** The id of its exchange. */
  readonly id: string;
  readonly access: string;
  readonly system: string;
  readonly purpose: string;
  readonly taken: string;
  readonly bytes: number;
  /** '' when it did not leave whole. */
  readonly digest: string;
  readonly how: GoneWay;
  readonly done: string;
  readonly said: string;
  readonly by: 'taker' | 'contact';
  readonly text: string;
}

/** The text as it is kept, hashed and handed out. */
export function printCertificate(certificate: EndingCertificate): string {
  const text = canonicalize(certificate);
  if (text === undefined || !text.isWellFormed()) throw new TypeError('this certificate cannot be written');
  return text;
}

export function makeCertificate(of: Omit<EndingCertificate, 'format'>): EndingCertificate {
  return { format, ...of };
}

/** Undefined: it is none, or not written as it is kept. */
export function readCertificate(text: Uint8Array | string): EndingCertificate | undefined {
  try {
    const written = typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text);
    const value: unknown = JSON.parse(written);
    if (typeof value !== 'object' || value === null || canonicalize(value) !== written) return undefined;
    const said = value as Partial<EndingCertificate>;
    if (said.format !== format || typeof said.client !== 'string') return undefined;
    const lists = [said.copies, said.credentials, said.systems, said.kept];
    return lists.every(Array.isArray) ? (said as EndingCertificate) : undefined;
  } catch {
    return undefined;
  }
}

/** How many copies ended in each way. */
export function countCertified({ copies }: Pick<EndingCertificate, 'copies'>): {
  readonly destroyed: number;
  readonly returned: number;
} {
  const returned = copies.filter(({ how }) => how === 'returned').length;
  return { destroyed: copies.length - returned, returned };
}
