// Which file a module is, for what Node's own `require.resolve` does not know: sources in TypeScript, and packages that are
// for `import` alone.
import fs from 'node:fs';
import path from 'node:path';
import { candidates, isTypeScript } from '../local-file';

/** The source in TypeScript that is meant, if it is there. */
export const sourceAt = (stem: string): string | undefined =>
  candidates(stem).find((file) => isTypeScript(file) && fs.existsSync(file));

type Exports = string | null | Exports[] | { [condition: string]: Exports };

/** What `import` loads of a package which `require` refuses. @param folders where packages may lie */
export function importedFile(id: string, folders: readonly string[]): string | undefined {
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(id)!;
  const folder = folders
    .map((each) => path.join(each, name))
    .find((each) => fs.existsSync(path.join(each, 'package.json')));
  if (folder === undefined) return undefined;
  const { exports } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { exports?: Exports };
  const part = `.${id.slice(name.length)}`;
  const isByPart =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'));
  const entry = isByPart ? (exports as { [part: string]: Exports })[part] : part === '.' ? exports : undefined;
  const file = forImport(entry);
  return file === undefined ? undefined : path.join(folder, file);
}

function forImport(exports: Exports | undefined): string | undefined {
  if (typeof exports === 'string') return exports;
  if (exports === undefined || exports === null) return undefined;
  const parts = Array.isArray(exports)
    ? exports
    : Object.keys(exports).flatMap((key) => (['node', 'import', 'default'].includes(key) ? [exports[key]] : []));
  for (const part of parts) {
    const file = forImport(part);
    if (file !== undefined) return file;
  }
  return undefined;
}
