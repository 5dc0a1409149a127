// Of Node's crypto, digests at once: those of a page are promises.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export const createHash = (_name: 'sha256') => ({
  update: (text: string) => ({ digest: (_encoding: 'hex') => bytesToHex(sha256(utf8ToBytes(text))) }),
});
