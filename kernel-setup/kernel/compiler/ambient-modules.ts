// `declare module 'm' { … }` augments an existing module, or declares a missing one. In a module, which a cell is, TypeScript
// treats it as an augmentation, and requires an import of `m`. So an existing `m` is imported, and a missing one is declared
// in another file.
import path from 'node:path';
import type { Cell } from './as-cell';
import { isCell } from './cell-file';
import { parse } from './parse';
import { ts } from './typescript';

/** TypeScript's errors about augmenting a module that does not exist or has no types. */
const nothingToAddTo = new Set([2664, 2665]);

/** A cell with valid augmentations, and the modules that it declares itself. */
export interface Parted {
  cell: Cell;
  modules?: string;
}

/** @returns undefined if there is nothing to change */
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
