import fs from 'node:fs';
import path from 'node:path';
import type { Versions } from './kernel-info';

const versionIn = (file: string) => (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;

/** The nearest package.json above: the depth depends on the build. */
function versionOfGradlab(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return versionIn(file);
  }
}

/** Versions of this installation. */
export const versions = (): Versions => ({
  gradlab: versionOfGradlab(),
  // Read from its package.json, since the compiler may still be loading.
  typescript: versionIn(require.resolve('typescript/package.json')),
  platform: `Node ${process.versions.node}`,
});
