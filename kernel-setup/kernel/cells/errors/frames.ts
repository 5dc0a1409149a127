import fs from 'node:fs';
import path from 'node:path';

const kernelFolder = path.join(__dirname, '..', '..');

/** The folder that Node resolves as gradlab. Cells of the packaged kernel may load it from there. */
function publishedFolder(): string[] {
  try {
    return [path.join(path.dirname(fs.realpathSync(require.resolve('gradlab/package.json'))), 'dist')];
  } catch {
    return [];
  }
}

/** Names of the folders of gradlab and its kernel in stack traces. */
export const ownFolders: Record<string, string> = Object.fromEntries([
  ...publishedFolder().map((folder) => [folder, 'gradlab']),
  [kernelFolder, 'gradlab-kernel'],
]);

/** Whether a line of a stack trace is in the kernel's own code. */
export const isOfKernel = (line: string): boolean => line.includes(kernelFolder);

const library = /[\\/](?:\.gradlab[\\/]builds[\\/]library|node_modules[\\/]gradlab)[\\/]/;

/** Whether a line of a stack trace is in gradlab's own code. */
export const isOfLibrary = (line: string): boolean =>
  library.test(line) || Object.keys(ownFolders).some((folder) => line.includes(folder + path.sep));

/** A line of a stack trace with the cells' names. A page replaces this function. */
export const withNames = (line: string): string => line;

/** The frames of a stack, one per line, in V8's format. */
export const linesOf = (stack: string, _error: object): string[] =>
  stack.split('\n').filter((line) => /^\s+at /.test(line));
