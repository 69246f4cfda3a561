/**
 * Proof that one line stands in a log (c2sp.org/tlog-proof@v1): its bytes as extra data, its index, the audit path and
 * the signed checkpoint, in one text that is checked against a key kept elsewhere. Pure.
 */
import { leafHash, verifyInclusion } from './merkle.ts';
import { openCheckpoint, strictBase64, type VerifierKey } from './note.ts';

const header = 'c2sp.org/tlog-proof@v1';

export interface Proof {
  readonly index: number;
  /** The bytes of the line. */
  readonly leaf: Uint8Array;
  readonly path: readonly Uint8Array[];
  /** The whole signed note. */
  readonly checkpoint: string;
}

export function formatProof(proof: Proof): string {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const lines = [header, `extra ${base64(proof.leaf)}`, `index ${proof.index}`, ...proof.path.map(base64)];
  return `${lines.join('\n')}\n\n${proof.checkpoint}`;
}

/** Reads a proof; undefined unless it follows the format and carries the line. */
export function parseProof(text: string): Proof | undefined {
  const gap = text.indexOf('\n\n');
  const [first, extra, index, ...path] = text.slice(0, gap).split('\n');
  const leaf = strictBase64(/^extra (\S+)$/.exec(extra ?? '')?.[1] ?? '');
  const number = /^index (0|[1-9][0-9]{0,15})$/.exec(index ?? '')?.[1];
  const hashes = path.map(strictBase64).filter((hash) => hash?.length === 32);
  if (gap < 0 || first !== header || leaf === undefined || number === undefined) return undefined;
  if (hashes.length !== path.length) return undefined;
  return {
    index: Number(number),
    leaf,
    path: hashes.filter((hash) => hash !== undefined),
    checkpoint: text.slice(gap + 2),
  };
}

/** Undefined when the line stands at that index of the log that the key signed; otherwise, in words, why not. */
export function proofFault(proof: Proof, key: VerifierKey): string | undefined {
  const checkpoint = openCheckpoint(proof.checkpoint, key);
  if (typeof checkpoint === 'string') return checkpoint;
  const holds = verifyInclusion(
    proof.index,
    checkpoint.size,
    leafHash(proof.leaf),
    proof.path,
    checkpoint.root,
  );
  return holds ? undefined : 'the path does not lead from the line to the signed root';
}
