// The names that a cell's functions use. They keep using them when another cell redeclares the same name.
import { declaredNames } from './names';
import { ts } from './typescript';

/** By name whose value contains functions, the names of the same cell used in these. */
export type Uses = ReadonlyMap<string, readonly string[]>;

/** @param own the names that the cell declares */
export function usesIn(source: ts.SourceFile, own: ReadonlySet<string>): Uses {
  const uses = new Map<string, string[]>();
  for (const statement of source.statements) {
    const found = new Set<string>();
    collect(statement, false, own, found);
    if (found.size === 0) continue;
    // Each statement is treated as a file.
    for (const name of declaredNames({ statements: ts.factory.createNodeArray([statement]) }))
      uses.set(name, [...(uses.get(name) ?? []), ...found]);
  }
  return uses;
}

function collect(node: ts.Node, isInside: boolean, own: ReadonlySet<string>, found: Set<string>): void {
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
  if (isInside && ts.isIdentifier(node) && own.has(node.text)) found.add(node.text);
  const within = isInside || ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);
  ts.forEachChild(node, (child) => collect(child, within, own, found));
}
