import fs from 'node:fs';
import path from 'node:path';
import type { Versions } from './kernel-info';

const versionIn = (file: string) => (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;

/** From wherever this is compiled to. */
function versionOfGradlab(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return versionIn(file);
  }
}

/** Of this installation. */
export const versions = (): Versions => ({
  gradlab: versionOfGradlab(),
  // Not by way of the compiler itself, which may still be loading.
  typescript: versionIn(require.resolve('typescript/package.json')),
  platform: `Node ${process.versions.node}`,
});
