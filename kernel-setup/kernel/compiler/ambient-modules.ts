// `declare module 'm' { … }` adds to a module that is there; of what is not there it says what it has. The compiler takes it, in
// a module, which a cell is, for the former, and only where `m` is imported: so it is imported, or declared in another file.
import path from 'node:path';
import type { Cell } from './as-cell';
import { isCell } from './cell-file';
import { parse } from './parse';
import { ts } from './typescript';

/** TypeScript's numbers for an addition to a module that is not there, or has no types. */
const nothingToAddTo = new Set([2664, 2665]);

/** A cell whose additions are right, and the modules that it alone declares. */
export interface Parted {
  cell: Cell;
  modules?: string;
}

/** @returns nothing if that would change nothing */
export function withModules(cell: Cell, found: readonly ts.Diagnostic[], folder: string): Parted | undefined {
  const errors = found.filter(
    ({ code, file }) => nothingToAddTo.has(code) && file !== undefined && isCell(file.fileName),
  );
  const names = new Set(errors.map(({ file, start, length }) => file!.text.slice(start! + 1, start! + length! - 1)));
  const present = [...names].filter((name) => hasTypes(name, folder));
  const declared = parse(cell.text, cell.kind).statements.filter((statement) => {
    const name = ts.isModuleDeclaration(statement) ? statement.name.text : '';
    return names.has(name) && !present.includes(name) && !/^\.{0,2}\//.test(name);
  });
  if (present.length + declared.length === 0) return undefined;
  const head = present.map((name) => `import type {} from ${JSON.stringify(name)};`).join('') + cell.head;
  let { text } = cell;
  for (const { pos, end } of declared)
    text = text.slice(0, pos) + text.slice(pos, end).replace(/[^\n]/g, ' ') + text.slice(end);
  const modules = declared.map(({ pos, end }) => cell.text.slice(pos, end)).join('\n');
  return { cell: { ...cell, head, text }, modules: modules || undefined };
}

function hasTypes(name: string, folder: string): boolean {
  const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext };
  const { resolvedModule } = ts.resolveModuleName(name, path.join(folder, 'cell.ts'), options, ts.sys);
  return resolvedModule !== undefined && /^\.(d\.)?[cm]?tsx?$/.test(resolvedModule.extension);
}
