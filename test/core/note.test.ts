import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { inclusionProof, leafHash, treeRoot } from '../../src/core/merkle.ts';
import {
  checkpointText,
  cosign,
  formatVerifierKey,
  keyId,
  mlDsaType,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  publicKeyFrom,
  rawPublicKey,
  signCheckpoint,
} from '../../src/core/note.ts';
import { formatProof, parseProof, proofFault } from '../../src/core/proof.ts';

/** The example of the Go implementation of signed notes. */
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const pair = generateKeyPairSync('ed25519');
const name = 'portal.example/ledger/abcdefghijklmnop/2026';
const key = { name, type: 1, key: rawPublicKey(pair.publicKey) };
const checkpoint = { origin: name, size: 12, root: leafHash('root') };
const note = signCheckpoint(checkpoint, pair.privateKey, keyId(key));

test('a note and a key that another implementation made', () => {
  const known = parseVerifierKey(goKey);
  const parsed = parseNote(goNote);
  if (known === undefined || parsed === undefined) throw new Error('not read');
  expect(formatVerifierKey(known)).toBe(goKey);
  expect(parsed.signatures.map((s) => [s.name, s.id])).toEqual([['PeterNeumann', 'c74f20a3']]);
  const signature = parsed.signatures[0]?.signature ?? new Uint8Array(0);
  expect(verify(null, Buffer.from(parsed.text), publicKeyFrom(known), signature)).toBe(true);
});

test('a checkpoint is three lines and opens with its key only', () => {
  expect(openCheckpoint(note, key)).toEqual(checkpoint);
  expect(note.startsWith(checkpointText(checkpoint))).toBe(true);
  expect(openCheckpoint(note, { ...key, name: 'another' })).toMatch(/not signed by the known key/);
  const other = { ...key, key: rawPublicKey(generateKeyPairSync('ed25519').publicKey) };
  expect(openCheckpoint(note, other)).toMatch(/not signed by the known key/);
  expect(openCheckpoint(note.replace('\n12\n', '\n13\n'), key)).toMatch(/does not verify/);
});

test('signatures of unknown keys are ignored, a wrong one of the known key is not', () => {
  const foreign = '— witness.example AAAAAAAAAAAAAAAAAAAAAAAAAAAA\n';
  expect(openCheckpoint(note + foreign, key)).toEqual(checkpoint);
  const bad = note.slice(note.lastIndexOf('—')).replace(/.{8}\n$/, 'AAAAAAA=\n');
  expect(openCheckpoint(note + bad, key)).toMatch(/does not verify/);
});

test('any changed character of a checkpoint refuses it', () => {
  for (let i = 0; i < note.length; i += 1) {
    const changed = note.slice(0, i) + (note[i] === 'A' ? 'B' : 'A') + note.slice(i + 1);
    expect(typeof openCheckpoint(changed, key)).toBe('string');
  }
});

test('malformed checkpoints and keys are refused', () => {
  const root = Buffer.from(checkpoint.root).toString('base64');
  for (const text of [
    `o\n01\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1\n${root}`,
    `o\n1\n${root}\nmore\n`,
    'o\n1\nAAAA\n',
    `\n1\n${root}\n`,
  ]) {
    expect(parseCheckpoint(text)).toBeUndefined();
  }
  const good = formatVerifierKey(key);
  expect(parseVerifierKey(good)).toEqual(key);
  expect(parseVerifierKey(good.replace(/\+.{8}\+/, '+00000000+'))).toBeUndefined();
  expect(parseVerifierKey(good.slice(0, -4))).toBeUndefined();
  expect(parseNote('text\n')).toBeUndefined();
  expect(parseNote(note.replace('portal', 'por\ttal'))).toBeUndefined();
});

test('an ML-DSA-44 cosignature verifies beside the signature and covers origin, size, root and time', () => {
  const mlDsa = generateKeyPairSync('ml-dsa-44');
  const cosigner = { name: 'portal.example/cosigner', type: mlDsaType, key: rawPublicKey(mlDsa.publicKey) };
  expect(cosigner.key.length).toBe(1312);
  expect(parseVerifierKey(formatVerifierKey(cosigner))).toEqual(cosigner);
  const line = cosign(checkpoint, cosigner, mlDsa.privateKey, 1_790_000_000);
  expect(openCheckpoint(note + line, key)).toEqual(checkpoint);
  expect(openCheckpoint(note + line, cosigner)).toEqual(checkpoint);
  expect(openCheckpoint((note + line).replace('\n12\n', '\n13\n'), cosigner)).toMatch(/does not verify/);
  const later = Buffer.from(line.split(' ')[2] ?? '', 'base64');
  later[8] = (later[8] ?? 0) ^ 1;
  const moved = `— ${cosigner.name} ${later.toString('base64')}\n`;
  expect(openCheckpoint(note + moved, cosigner)).toMatch(/does not verify/);
});

test('a proof of one line', () => {
  const leaves = ['a', 'b', 'c', 'd', 'e'].map((text) => Buffer.from(text));
  const hashes = leaves.map((leaf) => leafHash(leaf));
  const signed = signCheckpoint(
    { origin: name, size: 5, root: treeRoot(hashes) },
    pair.privateKey,
    keyId(key),
  );
  const leaf = leaves[3] ?? Buffer.alloc(0);
  const text = formatProof({ index: 3, leaf, path: inclusionProof(3, hashes), checkpoint: signed });
  expect(text.startsWith('c2sp.org/tlog-proof@v1\nextra ZA==\nindex 3\n')).toBe(true);
  const proof = parseProof(text);
  if (proof === undefined) throw new Error('not read');
  expect(proofFault(proof, key)).toBeUndefined();
  expect(proofFault({ ...proof, index: 2 }, key)).toMatch(/does not lead/);
  expect(proofFault({ ...proof, leaf: Buffer.from('x') }, key)).toMatch(/does not lead/);
  expect(parseProof(text.replace('index 3', 'index 03'))).toBeUndefined();
});
