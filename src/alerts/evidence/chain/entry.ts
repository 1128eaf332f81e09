import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../core/hash.js';

/** A value that a manifest may carry. */
export type ChainValue = string | number | boolean | null | ChainValue[] | { [key: string]: ChainValue | undefined };

/** What an entry says, by type. `file`, `gap` and `deleted` are understood by the verifier; others are notes. */
export type ChainBody = { type: 'file' | 'gap' | 'deleted' | 'opened' | 'closed' | 'head' } & {
  [key: string]: ChainValue | undefined;
};

/** One line of a manifest. */
export type ChainEntry = ChainBody & {
  schema: 1;
  /** Which manifest: `CAMERA/DAY` or `session/ID`. */
  chain: string;
  /** From 1, without gaps. */
  seq: number;
  /** When it was written, this machine's clock, ISO 8601. */
  written: string;
  /** Hash of the entry before it; of the last entry of the camera's day before for the first one. */
  previous: string;
  /** `sha256` or `sm3`. */
  digest: DigestName;
  /** Hash over everything above. */
  hash: string;
  /** Signature over the hash, base64. */
  signature: string;
  /** Fingerprint of the key. */
  key: string;
};

export type DigestName = 'sha256' | 'sm3';

/** What stands before the first entry. */
export const CHAIN_START = '0'.repeat(64);

/** Signs the hash of an entry. */
export interface Signer {
  /** `ed25519` or `sm2`. */
  algorithm: 'ed25519' | 'sm2';
  /** SHA-256 of the public key (SPKI, DER), hex. */
  fingerprint: string;
  /** PEM. */
  publicKey: string;
  /** Base64. */
  sign(text: string): string;
}

export interface LinkOptions {
  chain: string;
  digest: DigestName;
  signer: Signer;
  /** ISO 8601. */
  written: string;
}

/** The entry after `last`. Hash: digest of the canonical JSON (sorted keys, no spaces) of all but `hash`, `signature`, `key`. */
export function linkEntry(
  last: Pick<ChainEntry, 'seq' | 'hash'>,
  body: ChainBody,
  { chain, digest, signer, written }: LinkOptions,
): ChainEntry {
  const content = { ...body, schema: 1 as const, chain, seq: last.seq + 1, written, previous: last.hash, digest };
  const hash = createHash(digest).update(canonicalJson(content)).digest('hex');
  return { ...content, hash, signature: signer.sign(hash), key: signer.fingerprint };
}
