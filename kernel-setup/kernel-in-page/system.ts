// TypeScript's `sys` over a table of files.
import path from 'node:path';
import ts from 'typescript';
import type { FileTable } from './files';

/** Sets `ts.sys`, which is undefined in a page. */
export function installSystem(files: FileTable, folder: string): void {
  const system: ts.System = {
    args: [],
    newLine: '\n',
    useCaseSensitiveFileNames: true,
    write: () => {},
    writeOutputIsTTY: () => false,
    readFile: (file) => files.read(file),
    getFileSize: (file) => files.read(file)?.length ?? 0,
    writeFile: (file, text) => files.take({ [file]: text }),
    resolvePath: (file) => path.resolve(folder, file),
    fileExists: (file) => files.read(file) !== undefined,
    directoryExists: (name) => files.isFolder(name),
    createDirectory: (name) => files.makeFolder(name),
    getExecutingFilePath: () => '/node_modules/typescript/lib/typescript.js',
    getCurrentDirectory: () => folder,
    getDirectories: (at) => files.foldersIn(at),
    readDirectory: (at) => files.namesIn(at).map((name) => path.join(at, name)),
    exit: () => {
      throw new Error('the compiler cannot end a page');
    },
    realpath: (file) => file,
    // Changes are checked before each cell.
    watchFile: () => ({ close() {} }),
    watchDirectory: () => ({ close() {} }),
    setTimeout: (callback: () => void) => callback(),
    clearTimeout: () => {},
  };
  (ts as unknown as { setSys(system: ts.System): void }).setSys(system);
}
