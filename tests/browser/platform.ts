// What src/platform.ts is in a page of a browser.
import type * as node from '../../src/platform';

const textOf: typeof node.inspect = (value) => String(value);

function afterwards(action: () => void, milliseconds: number): () => void {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
}

export const inspect = textOf;
export const later: typeof node.later = afterwards;
export const soon: typeof node.soon = (action) => afterwards(action, 0);
export const terminal: typeof node.terminal = { isLive: false, columns: 80, write: (text) => console.log(text) };
export const findClaims: typeof node.findClaims = () => undefined;
export const filesBeside: typeof node.filesBeside = () => [];
export const loadScript: typeof node.loadScript = (file) => {
  throw new Error(`a page cannot load ${file}`);
};
export const readText: typeof node.readText = (file) => {
  throw new Error(`a page cannot read ${file}`);
};
export const inPackage: typeof node.inPackage = (...parts) => parts.join('/');
export const inFolder: typeof node.inFolder = (folder, name) => `${folder}/${name}`;
export const readBytes: typeof node.readBytes = () => undefined;
export const writeWhole: typeof node.writeWhole = () => {};
export const gunzip: typeof node.gunzip = async (bytes) => {
  const unpacked = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
};
export const sha256: typeof node.sha256 = async (bytes) => {
  const digest = await crypto.subtle.digest('SHA-256', bytes as BufferSource);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
export const download: typeof node.download = async (address) => {
  const answer = await fetch(address);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const pieces = async function* () {
    yield bytes;
  };
  return { length: bytes.length, pieces: pieces() };
};
export const environment: typeof node.environment = () => undefined;
export const allowRelaxedSimd: typeof node.allowRelaxedSimd = () => false;
export const keepFreedMemory: typeof node.keepFreedMemory = () => {};
export const processors: typeof node.processors = () => navigator.hardwareConcurrency;

export const startThread: typeof node.startThread = (program, data, onEnd) => {
  const text = `onmessage = ({ data }) => (${program})(data)`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const thread = new Worker(url);
  thread.onerror = onEnd;
  thread.postMessage(data);
  return () => thread.terminate();
};
