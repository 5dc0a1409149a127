import { parse } from './parse';
import { ts } from './typescript';

/**
 * The position of the function name in the innermost call whose parentheses contain the cursor.
 * @param within whether bodies of functions among the arguments count as part of the call
 */
export function callAt(source: string, cursor: number, within: boolean): number | undefined {
  // Parsing takes longer than this search.
  if (!source.slice(0, cursor).includes('(')) return undefined;
  const file = parse(source);
  let found: number | undefined;
  const visit = (node: ts.Node): void => {
    // An unclosed call ends before trailing blanks.
    if (cursor < node.pos || source.slice(node.end, cursor).trim() !== '') return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = calledName(node.expression);
      const opening = node.arguments?.pos;
      const isClosed = node.getLastToken(file)?.kind === ts.SyntaxKind.CloseParenToken;
      const isInside = opening !== undefined && cursor >= opening && (cursor < node.end || !isClosed);
      if (isInside && name !== undefined) found = name.getStart(file);
    }
    if (ts.isBlock(node) && !within && found !== undefined) found = undefined;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function calledName(called: ts.Expression): ts.Node | undefined {
  if (ts.isPropertyAccessExpression(called)) return called.name;
  if (ts.isIdentifier(called) || called.kind === ts.SyntaxKind.SuperKeyword) return called;
  const isWrapped = ts.isParenthesizedExpression(called) || ts.isNonNullExpression(called);
  return isWrapped ? calledName(called.expression) : undefined;
}
