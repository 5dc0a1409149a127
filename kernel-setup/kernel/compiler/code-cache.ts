// Loads TypeScript, 9 MB of JavaScript, with what V8 compiled of it in an earlier run of the kernel.
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { keptFile, readIfThere, readText, write } from './kept-files';

type Body = (exports: unknown, require: NodeJS.Require, module: Module, file: string, folder: string) => void;

/**
 * Loads a CommonJS module so that `require` gives it from then on. V8 itself refuses what another V8, other flags or
 * another text have left in `folder`.
 * @returns keeps what V8 has compiled until now, functions included, if there was nothing to begin with
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
