// The documentation in the declarations of packages, TypeScript's own and Node's among them, is half of their text and
// seldom asked for: it is read when somebody inspects a name. Without it the kernel starts faster and takes less memory.
import { ts } from './typescript';

const isOfPackage = (file: string) => file.includes('/node_modules/') && /\.d\.[cm]?ts$/.test(file);

const prepared = new WeakSet<ts.CompilerHost>();

/** Has the compiler leave documentation out when it reads declarations of packages. */
export function leaveDocumentation(host: ts.CompilerHost): void {
  if (prepared.has(host)) return;
  prepared.add(host);
  const { getSourceFile, getSourceFileByPath } = host;
  host.getSourceFile = (file, options, ...rest) => getSourceFile(file, without(file, options), ...rest);
  host.getSourceFileByPath = (file, path, options, ...rest) =>
    getSourceFileByPath?.(file, path, without(file, options), ...rest);
}

function without<T>(file: string, options: T): T {
  const leave = typeof options === 'object' && isOfPackage(file);
  return leave ? { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : options;
}

const complete = new WeakSet<ts.SourceFile>();

/** Reads the documentation in the files that declare a symbol, where it was left out. */
export function readDocumentation(symbol: ts.Symbol): void {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    if (complete.has(file) || !isOfPackage(file.fileName)) continue;
    complete.add(file);
    attach(file, ts.createSourceFile(file.fileName, file.text, file.languageVersion, true));
  }
}

interface Documented extends ts.Node {
  jsDoc?: readonly ts.JSDoc[];
}

/** Gives the nodes of one tree the documentation of the other, which has been made of the same text. */
function attach(bare: Documented, full: Documented): void {
  if (full.jsDoc !== undefined) bare.jsDoc = full.jsDoc;
  const children: ts.Node[] = [];
  ts.forEachChild(full, (child) => {
    children.push(child);
  });
  let i = 0;
  ts.forEachChild(bare, (child) => attach(child, children[i++]));
}
