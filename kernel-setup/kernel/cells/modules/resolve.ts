// Resolution that Node's `require.resolve` lacks: TypeScript sources, and packages that can only be imported.
import fs from 'node:fs';
import path from 'node:path';
import { candidates, isTypeScript } from '../../local-file';

/** The TypeScript source of this name, if it exists. */
export const sourceAt = (stem: string): string | undefined =>
  candidates(stem).find((file) => isTypeScript(file) && fs.existsSync(file));

/** Node's conditions; `module-sync` applies from Node 22.10. */
const conditions = ['node', 'import', 'default', ...(process.features.require_module ? ['module-sync'] : [])];

type Exports = string | null | Exports[] | { [condition: string]: Exports };

/**
 * The file that `import` loads according to a package's `exports`, if it has them. @param folders where to look for
 * packages
 */
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
  if (!isByPart) return inFolder(folder, part === '.' ? forImport(exports) : undefined);
  const parts = exports as { [part: string]: Exports };
  if (Object.hasOwn(parts, part)) return inFolder(folder, forImport(parts[part]));
  // The most specific pattern wins.
  const patterns = Object.keys(parts).flatMap((key) => {
    const [before, after] = key.split('*');
    if (after === undefined || !part.startsWith(before) || !part.endsWith(after)) return [];
    return part.length >= before.length + after.length ? [{ key, before, after }] : [];
  });
  const [best] = patterns.sort((a, b) => b.before.length - a.before.length || b.key.length - a.key.length);
  if (best === undefined) return undefined;
  const rest = part.slice(best.before.length, part.length - best.after.length);
  return inFolder(folder, forImport(parts[best.key])?.replaceAll('*', rest));
}

const inFolder = (folder: string, file: string | undefined) =>
  file === undefined ? undefined : path.join(folder, file);

function forImport(exports: Exports | undefined): string | undefined {
  if (typeof exports === 'string') return exports;
  if (exports === undefined || exports === null) return undefined;
  const parts = Array.isArray(exports)
    ? exports
    : Object.keys(exports).flatMap((key) => (conditions.includes(key) ? [exports[key]] : []));
  for (const part of parts) {
    const file = forImport(part);
    if (file !== undefined) return file;
  }
  return undefined;
}
