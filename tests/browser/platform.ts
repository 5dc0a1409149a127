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
export const environment: typeof node.environment = () => undefined;
export const allowRelaxedSimd: typeof node.allowRelaxedSimd = () => false;
export const processors: typeof node.processors = () => navigator.hardwareConcurrency;

export const startThread: typeof node.startThread = (program, data, onEnd) => {
  const text = `onmessage = ({ data }) => (${program})(data)`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const thread = new Worker(url);
  thread.onerror = onEnd;
  thread.postMessage(data);
  return () => thread.terminate();
};
