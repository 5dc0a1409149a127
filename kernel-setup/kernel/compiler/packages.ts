// What belongs to installed packages, gradlab among them: it does not change while the kernel runs.
import fs from 'node:fs';
import path from 'node:path';

/** Where gradlab's declarations are: a link leads there from node_modules. */
const library = path
  .join(path.dirname(fs.realpathSync(require.resolve('gradlab/package.json'))), 'dist/')
  .replaceAll('\\', '/');

/** @param file its name as the compiler has it */
export const isOfPackage = (file: string): boolean => file.includes('/node_modules/') || file.startsWith(library);
