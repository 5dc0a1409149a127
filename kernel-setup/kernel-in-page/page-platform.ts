// The compiler's environment in a page.
import type { Platform } from '../kernel/compiler/platform';
import type { FileTable } from './files';
import { stoppable } from './stoppable';

export const pagePlatform = (files: FileTable, folder: string): Platform => {
  const readText = (file: string): string => {
    const text = files.read(file);
    if (text === undefined) throw new Error(`there is no ${file}`);
    return text;
  };
  return {
    folder,
    readText,
    kept: (_, make) => make(readText),
    stampOf: (file) => files.stampOf(file),
    namesIn: (name) => files.namesIn(name),
    isOfPackage: (file) => file.startsWith('/node_modules/'),
    typeOptions: () => ({ types: [], typeRoots: [] }),
    pathOf: (specifier) => specifier,
    rewriters: [stoppable],
    name: 'This browser',
    hasModule: () => false,
    adviceOnMissing,
  };
};

function adviceOnMissing(id: string, folder: string): string {
  if (/^\.{0,2}\//.test(id)) return `There is no such file in ${folder.replace(/^\/drive\//, '')}.`;
  if (/^node:/.test(id))
    return 'A page has none of the modules of Node. A file beside the notebook: `await data.readText("rows.csv")`, with `data` from "gradlab".';
  return `In a page there is \`gradlab\`, and any module by its address: \`import x from "https://…"\`.`;
}
