// TypeScript ignores a documentation comment on the same line as preceding code, so members of a one-line declaration have
// none. This adds them for later cells.
import { ts } from './typescript';

/** The declarations of a cell with the documentation of such members. */
export function withMemberDocs(declarations: string, source: ts.SourceFile): string {
  const documented = membersIn(source);
  if (![...documented.values()].flat().some((text) => text !== '')) return declarations;
  const file = ts.createSourceFile('cell.d.ts', declarations, ts.ScriptTarget.Latest);
  const added: { at: number; text: string }[] = [];
  for (const [path, nodes] of membersOf(file))
    for (const [i, node] of nodes.entries()) {
      const text = documented.get(path)?.[i] ?? '';
      if (text !== '') added.push({ at: node.getStart(file), text: `\n${text}\n` });
    }
  return added
    .sort((a, b) => b.at - a.at)
    .reduce((all, { at, text }) => all.slice(0, at) + text + all.slice(at), declarations);
}

/** By member path, the documentation comments on a line with other code; for overloads in order. */
function membersIn(file: ts.SourceFile): Map<string, string[]> {
  if (!/[{;,] *\/\*\*/.test(file.text)) return new Map();
  const docs = (node: ts.Node) =>
    (ts.getTrailingCommentRanges(file.text, node.pos) ?? [])
      .map(({ pos, end }) => file.text.slice(pos, end))
      .findLast((text) => text.startsWith('/**')) ?? '';
  return new Map([...membersOf(file)].map(([path, nodes]) => [path, nodes.map(docs)]));
}

/** The members of a file's declarations, by their qualified names. */
function membersOf(file: ts.SourceFile): Map<string, ts.Node[]> {
  const found = new Map<string, ts.Node[]>();
  const visit = (node: ts.Node, path: string): void => {
    if (ts.isBlock(node)) return;
    const name = nameOf((node as { name?: ts.Node }).name);
    const inner = name === undefined ? path : `${path}.${name}`;
    if (name !== undefined && isMember(node)) found.set(inner, [...(found.get(inner) ?? []), node]);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, '');
  return found;
}

const isMember = (node: ts.Node) =>
  ts.isTypeElement(node) || ts.isClassElement(node) || ts.isObjectLiteralElementLike(node) || ts.isEnumMember(node);

const nameOf = (name: ts.Node | undefined): string | undefined =>
  name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
