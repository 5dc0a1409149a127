// Replaces index.ts where the library is bundled for a page of a browser or its workers.
import { joined } from '../bytes';
import { StudyError } from '../errors';
import { type Answer, fetchPatiently } from './fetching';
import type * as node from './index';

/** The object that a page with notebooks puts at `globalThis[Symbol.for('gradlab.page')]`. */
export interface Page {
  /** Files by their paths, such as notebooks/claims.json; a path ends with a file's name after its last slash. */
  files?: ReadonlyMap<string, string>;
  /** Reads a file by its path, also one that `files` lacks; `undefined` if there is none. Default: paths are addresses. */
  readFile?: (path: string) => Promise<Uint8Array | undefined>;
  /** Writes a file by its path, atomically; with `makesFolders` also creates its folders. */
  writeFile?: (path: string, bytes: Uint8Array, makesFolders?: boolean) => Promise<void>;
  /** The folder of the notebook, with a slash at the end. Default: none. */
  folder?: string;
  /** The address of the folder with data sets. Default: the package's own. */
  data?: string;
  /** Folders for data files that the user uploads. Default: none. */
  given?: readonly string[];
  /** Milliseconds without a byte after which a download has failed. Default: 30,000. */
  patience?: number;
  /** Any value as text, as Node prints it. */
  inspect?: typeof node.inspect;
}

const page = (): Page => (globalThis as { [key: symbol]: Page | undefined })[Symbol.for('gradlab.page')] ?? {};

const isData = (value: unknown): boolean =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** Formats plain objects and arrays member by member, and other values by their own text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(textOf).join(', ')} ]`;
  if (!isData(value)) return String(value);
  const members = Object.entries(value as object).map(([name, member]) => `${name}: ${textOf(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

export const inspect: typeof node.inspect = (value, options) => (page().inspect ?? textOf)(value, options);

export const later: typeof node.later = (action, milliseconds) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

export const soon: typeof node.soon = (action) => later(action, 0);

export const rest: typeof node.rest = (milliseconds) =>
  new Promise((resolve) => {
    let goesOn = false;
    setTimeout(() => {
      goesOn = true;
    }, milliseconds);
    later(() => resolve(goesOn), milliseconds + 1);
  });

export const terminal: typeof node.terminal = { isLive: false, columns: 80, write: (text) => console.log(text) };

export const findClaims: typeof node.findClaims = (from = page().folder ?? '') =>
  [...(page().files?.keys() ?? [])]
    .filter((path) => /(^|\/)claims\.json$/.test(path))
    .filter(
      (path) => from.startsWith(path.slice(0, -'claims.json'.length)) || /(^|\/)notebooks\/claims\.json$/.test(path),
    )
    .sort((a, b) => b.length - a.length);

export const beside: typeof node.beside = (name, folder = page().folder ?? '') => `${folder}${name}`;

export const filesBeside: typeof node.filesBeside = (ending, folder = page().folder ?? '') =>
  [...(page().files?.keys() ?? [])]
    .filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes('/') && path.endsWith(ending))
    .sort();

export const readText: typeof node.readText = (file) => {
  const text = page().files?.get(file);
  if (text === undefined) throw new Error(`this page has no file ${file}`);
  return text;
};

export const loadScript: typeof node.loadScript = (file) => {
  const module = { exports: {} as unknown };
  const require = (name: string): never => {
    throw new Error(`${file} cannot load ${name} in a page`);
  };
  new Function('module', 'exports', 'require', readText(file))(module, module.exports, require);
  return module.exports;
};

export const inFolder: typeof node.inFolder = (folder, name) => `${folder.replace(/\/$/, '')}/${name}`;

// Bundlers include a file only if its path is written out in this form.
export const samplePictures: typeof node.samplePictures = () =>
  page().data === undefined
    ? new URL('../../src/data/fashion-mnist/sample.idx.gz', import.meta.url).href
    : `${page().data}/fashion-mnist/sample.idx.gz`;

export const digitsFile: typeof node.digitsFile = () =>
  page().data === undefined
    ? new URL('../../src/data/digits/digits.idx.gz', import.meta.url).href
    : `${page().data}/digits/digits.idx.gz`;

export const dataFolders: typeof node.dataFolders = (name) => {
  const { data, given = [] } = page();
  return [`${data ?? 'gradlab-data'}/${name}`, ...given];
};

export const adviceOnData: typeof node.adviceOnData = (_name, files, source) =>
  page().given === undefined
    ? "name the address of a folder that has the files, { root: 'https://…' }"
    : `drop ${files} (from ${source}) into the list of files on the left, beside this notebook or at the top, and run the cell again`;

const isAddress = (place: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(place);

/** Returns the path of a user's file; `undefined` for an address. */
function pathOf(place: string): string | undefined {
  if (page().readFile === undefined || isAddress(place)) return undefined;
  const parts: string[] = [];
  for (const part of (place.startsWith('/') ? place : `${page().folder ?? ''}${place}`).split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return `/${parts.join('/')}`;
}

/** The browser's cache; `undefined` unless the page is encrypted or local. */
const kept = async (): Promise<Cache | undefined> =>
  typeof caches === 'undefined' ? undefined : caches.open('gradlab').catch(() => undefined);

const wholeOf = async (answer: Answer) => new Uint8Array(await answer.arrayBuffer());

export const fetched: typeof node.fetched = (address) => fetchPatiently(address, page().patience ?? 30_000);

export const readBytes: typeof node.readBytes = async (place, receive = wholeOf) => {
  const cached = await (await kept())?.match(place);
  if (cached !== undefined) return wholeOf(cached);
  const path = pathOf(place);
  if (path !== undefined) return page().readFile!(path);
  const answer = await fetched(place).catch((cause: Error) => {
    throw new Error(`${place} could not be downloaded: ${cause.message}; run it again to try once more`, { cause });
  });
  // A server of a single-page application answers every address with that page.
  if (!answer.ok || answer.headers.get('content-type')?.startsWith('text/html')) return undefined;
  return receive(answer);
};

export const writeWhole: typeof node.writeWhole = async (place, bytes) => {
  await (await kept())?.put(place, new Response(bytes as Uint8Array<ArrayBuffer>));
};

export const openFile: typeof node.openFile = async (place) => {
  const bytes = await readBytes(place);
  if (bytes === undefined) return undefined;
  return { size: bytes.length, read: (from, to) => bytes.subarray(from, to), close: () => {} };
};

export const writeFile: typeof node.writeFile = (place, pieces) => write(place, pieces, false);

async function write(place: string, pieces: Iterable<Uint8Array>, makesFolders: boolean): Promise<void> {
  const bytes = joined(pieces);
  const path = pathOf(place);
  const { writeFile: writeTo } = page();
  if (path !== undefined && writeTo !== undefined) return writeTo(path, bytes, makesFolders);
  const cache = await kept();
  if (cache === undefined)
    throw new Error('this page keeps no files: it is neither encrypted (https) nor of this machine');
  await cache.put(place, new Response(bytes));
}

export const writeAtOnce: typeof node.writeAtOnce = (place, pieces) => write(place, pieces, true);

export const readAtOnce: typeof node.readAtOnce = (place) => readBytes(place);

export const removesFiles: typeof node.removesFiles = false;

/** Yields the output of a stream that transforms `bytes`. */
async function* through(
  bytes: Uint8Array,
  stream: DecompressionStream | CompressionStream,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream).getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value!;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

export const inflateRaw: typeof node.inflateRaw = (bytes) => through(bytes, new DecompressionStream('deflate-raw'));

export const deflateRaw: typeof node.deflateRaw = async (bytes) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of through(bytes, new CompressionStream('deflate-raw'))) pieces.push(piece);
  return joined(pieces);
};

export const environment: typeof node.environment = () => undefined;
export const allowRelaxedSimd: typeof node.allowRelaxedSimd = () => false;
export const keepFreedMemory: typeof node.keepFreedMemory = () => {};
export const unsetBuffer: typeof node.unsetBuffer = (bytes) => new ArrayBuffer(bytes);
export const collectLatest: typeof node.collectLatest = () => 0;

export const processors: typeof node.processors = () => navigator.hardwareConcurrency;

export const startThread: typeof node.startThread = (program, data, onEnd) => {
  const text = `onmessage = ({ data }) => (${program})(data)`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const thread = new Worker(url);
  thread.onerror = onEnd;
  thread.postMessage(data);
  return () => thread.terminate();
};

export const gunzip: typeof node.gunzip = async (bytes) => {
  // If the server declares the compression, the browser has decompressed the file already.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
};

export const sha256: typeof node.sha256 = async (bytes) => {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Replacement for a function that a page cannot have. */
const refuse = (message: string) => (): never => {
  throw new StudyError(message);
};
const noPrograms = 'a page starts no other programs: leave the runner out, trials then run in this page';

/** Growing files by path, kept in memory as long as the kernel runs. */
const growing = new Map<string, { bytes: Uint8Array; size: number }>();

export const openGrowing: typeof node.openGrowing = (file) => {
  const path = pathOf(file) ?? file;
  const kept = growing.get(path) ?? { bytes: new Uint8Array(1024), size: 0 };
  growing.set(path, kept);
  return {
    size: () => kept.size,
    readFrom: (from) => kept.bytes.slice(from, kept.size),
    append(more) {
      if (kept.size + more.length > kept.bytes.length) {
        const larger = new Uint8Array(2 * (kept.size + more.length));
        larger.set(kept.bytes.subarray(0, kept.size));
        kept.bytes = larger;
      }
      kept.bytes.set(more, kept.size);
      kept.size += more.length;
    },
    cut(size) {
      kept.size = size;
    },
    close: () => {},
  };
};

/** Lock files: in memory, because no other process could hold a lock. */
const signs = new Map<string, string>();

export const createFile: typeof node.createFile = (file, text) => {
  if (signs.has(file)) return false;
  signs.set(file, text);
  return true;
};
export const removeFile: typeof node.removeFile = (file) => void signs.delete(file);
export const textIfThere: typeof node.textIfThere = (file) => signs.get(file);
// Only another thread could make the awaited change, and a page has none.
export const pauseThread: typeof node.pauseThread = () => {};
export const keepsFolders: typeof node.keepsFolders = false;
export const thisProcess: typeof node.thisProcess = () => ({ host: 'page', pid: 0, start: '' });
export const isRunning: typeof node.isRunning = () => true;
export const newName: typeof node.newName = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
export const startProgram: typeof node.startProgram = refuse(noPrograms);
export const parent: typeof node.parent = { hear: refuse(noPrograms), tell: refuse(noPrograms) };
export const endWithParent: typeof node.endWithParent = refuse(noPrograms);
export const moduleAddress: typeof node.moduleAddress = (module) => new URL(module, location.href).href;
export const optionalPackage: typeof node.optionalPackage = refuse(noPrograms);
