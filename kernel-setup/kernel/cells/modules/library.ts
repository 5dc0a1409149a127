// gradlab in cells: the build with which the kernel started, even after a rebuild.
import fs from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import type { LibraryBuild } from '../../library-build';

/** Makes every load of the published library return this build, also by `import` and from other packages. */
export function useLibrary(library: LibraryBuild): void {
  for (const name of fs.readdirSync(library.folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.js')) continue;
    const file = path.join(library.published, name);
    const module = Object.assign(new Module(file), { filename: file, loaded: true });
    Object.defineProperty(module, 'exports', { get: () => require(path.join(library.folder, name)) as unknown });
    require.cache[file] = module as NodeJS.Module;
  }
}
