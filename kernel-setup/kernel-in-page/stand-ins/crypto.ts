// Synchronous digests as in Node's crypto; those of browsers are asynchronous.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export const createHash = (_name: 'sha256') => ({
  update: (text: string) => ({ digest: (_encoding: 'hex') => bytesToHex(sha256(utf8ToBytes(text))) }),
});
