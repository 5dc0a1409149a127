// The compiler in a worker of a page.
import './arrived';
import './stand-ins/globals';
import { download } from '../../page/download/download.mjs';
import { createCompiler } from '../kernel/compiler';
import { answerCall } from '../kernel/compiler/serve';
import type { Compiler } from '../kernel/compiler/types';
import { FileTable } from './files';
import { pagePlatform } from './page-platform';
import type { FromCompiler, HostToCompiler } from './protocol';
import { installSystem } from './system';

declare const PATIENCE: number;

/** Declaration files visible in every cell. */
const types = ['/kernel/types/jupyter.d.ts', '/kernel/types/browser.d.ts'];

const files = new FileTable();
const post = (message: FromCompiler) => self.postMessage(message);
/** Declarations, packed by bundle-kernel.mjs. */
const declarations = download(new URL('./declarations.json', import.meta.url), 'default', PATIENCE).then(
  ({ answer, bytes }) => {
    if (!answer.ok) throw new Error(`declarations.json: the server answered ${answer.status}`);
    return JSON.parse(new TextDecoder().decode(bytes));
  },
);
// Reported as an error of this worker, so that another one is started.
declarations.catch((error) =>
  setTimeout(() => {
    throw error;
  }),
);
let compiler: Promise<Compiler>;

async function start(folder: string): Promise<Compiler> {
  files.take(await declarations);
  files.makeFolder(folder);
  installSystem(files, folder);
  const made = createCompiler(pagePlatform(files, folder), types);
  post({ type: 'loaded' });
  // Warms the compiler up while idle.
  setTimeout(() => made.compile('import { tensor } from "gradlab"; tensor([1])'), 0);
  return made;
}

self.onmessage = async ({ data }: MessageEvent<HostToCompiler>) => {
  if (!('type' in data)) answerCall(await compiler, data, post);
  else {
    files.take(data.files);
    if (data.type === 'start') compiler = start(data.folder);
  }
};
