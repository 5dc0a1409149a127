// The documentation in the declarations of packages, TypeScript's own and Node's among them, is half of their text and
// seldom asked for: it is read when somebody inspects a name. Without it the kernel starts faster and takes less memory.
import { withAllCharacters } from './declarations';
import type { Platform } from './platform';
import { internals, ts } from './typescript';

const hasBareDeclarations = (file: string, { isOfPackage }: Platform) =>
  isOfPackage(file) && /\.d\.[cm]?ts$/.test(file);

const prepared = new WeakSet<ts.CompilerHost>();

/** Has the compiler leave documentation out when it reads declarations of packages. */
export function leaveDocumentation(host: ts.CompilerHost, platform: Platform): void {
  if (prepared.has(host)) return;
  prepared.add(host);
  const { getSourceFile, getSourceFileByPath } = host;
  host.getSourceFile = (file, options, ...rest) => getSourceFile(file, without(file, options, platform), ...rest);
  host.getSourceFileByPath = (file, path, options, ...rest) =>
    getSourceFileByPath?.(file, path, without(file, options, platform), ...rest);
}

function without<T>(file: string, options: T, platform: Platform): T {
  const leave = typeof options === 'object' && hasBareDeclarations(file, platform);
  return leave ? { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone } : options;
}

const complete = new WeakSet<ts.Node>();

/** Reads the documentation of a symbol, where it was left out: in the statements at the top level that declare it. */
export function readDocumentation(symbol: ts.Symbol, platform: Platform): void {
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    const statement = ts.findAncestor(declaration, ({ parent }) => parent === file);
    if (statement === undefined || complete.has(statement) || !hasBareDeclarations(file.fileName, platform)) continue;
    complete.add(statement);
    const text = withAllCharacters(file.text.slice(statement.pos, statement.end));
    const full = ts.createSourceFile(file.fileName, text, file.languageVersion, true);
    // What a link in the documentation of a member names is looked for around it, among symbols.
    internals.bindSourceFile(full, {});
    attach(statement, full.statements[0]);
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
