// Loads TypeScript, 9 MB of JavaScript, with V8's code cache of an earlier run.
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { keptFile, readIfThere, readText, write } from './kept-files';

type Body = (exports: unknown, require: NodeJS.Require, module: Module, file: string, folder: string) => void;

/**
 * Loads a CommonJS module into `require`'s cache. V8 rejects a code cache in `folder` of another version, other flags or
 * another source.
 * @returns a function that saves the code compiled so far, if there was no cache
 */
export function loadCached(id: string, folder: string): () => void {
  const file = require.resolve(id);
  if (require.cache[file] !== undefined) return () => {};
  const cacheFile = keptFile(folder, path.basename(file));
  const script = new vm.Script(Module.wrap(readText(file)), {
    filename: file,
    cachedData: readIfThere(cacheFile),
  });
  const module = new Module(file, require.main);
  module.filename = file;
  require.cache[file] = module as NodeJS.Module;
  (script.runInThisContext() as Body)(module.exports, createRequire(file), module, file, path.dirname(file));
  module.loaded = true;
  return () => {
    if (script.cachedDataRejected !== false) write(cacheFile, script.createCachedData());
  };
}
