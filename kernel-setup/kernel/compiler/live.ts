// If types do not help, completion uses the live value before the cursor. Only names, members and JSON in the text are
// followed, so no code runs.
import type { LiveExpression } from '../process-messages';
import { parse } from './parse';
import { ts } from './typescript';

/** The expression before the cursor, and the text that a completion replaces. */
export interface MemberAt {
  of: LiveExpression;
  from: number;
  to: number;
  /** Whether it is in quotes, as in `data["key"]`, where any key is valid. */
  quoted: boolean;
}

/** Maximum number of variables of the cell followed from one to the next. */
const longest = 10;

export function memberAt(source: string, cursor: number): MemberAt | undefined {
  const file = parse(source);
  let found: MemberAt | undefined;
  const take = (node: ts.Expression, from: number, to: number, quoted: boolean) => {
    const of = liveExpression(node, file, longest);
    if (of !== undefined) found = { of, from, to, quoted };
  };
  const visit = (node: ts.Node): void => {
    if (cursor < node.pos || cursor > node.end) return;
    if (ts.isPropertyAccessExpression(node)) {
      const { name, expression } = node;
      const [start, end] = [name.getStart(file), name.end];
      if (cursor >= start && cursor <= end) take(expression, start, end, false);
      // A name in the line after the dot does not belong to it.
      else if (cursor > expression.end && cursor <= start) take(expression, cursor, cursor, false);
    }
    if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      const [start, end] = [node.argumentExpression.getStart(file) + 1, node.argumentExpression.end];
      const isClosed = end > start && source[end - 1] === source[start - 1];
      const to = isClosed ? end - 1 : end;
      if (cursor >= start && cursor <= to) take(node.expression, start, to, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function liveExpression(inner: ts.Expression, file: ts.SourceFile, left: number): LiveExpression | undefined {
  if (left === 0) return undefined;
  if (
    ts.isParenthesizedExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner)
  )
    return liveExpression(inner.expression, file, left);
  if (ts.isIdentifier(inner)) {
    const initial = initialValue(inner.text, file);
    return (initial && liveExpression(initial, file, left - 1)) ?? { name: inner.text };
  }
  if (ts.isPropertyAccessExpression(inner)) return memberOf(inner.expression, inner.name.text, file, left);
  if (ts.isElementAccessExpression(inner)) {
    const { argumentExpression: key } = inner;
    const isLiteral = ts.isStringLiteralLike(key) || ts.isNumericLiteral(key);
    return isLiteral ? memberOf(inner.expression, key.text, file, left) : undefined;
  }
  if (!ts.isCallExpression(inner) || inner.expression.getText(file) !== 'JSON.parse') return undefined;
  const [json] = inner.arguments;
  if (json === undefined) return undefined;
  if (ts.isStringLiteralLike(json)) return { json: json.text };
  const of = liveExpression(json, file, left);
  return of && { json: of };
}

function memberOf(node: ts.Expression, key: string, file: ts.SourceFile, left: number): LiveExpression | undefined {
  const of = liveExpression(node, file, left);
  return of && { of, key };
}

/** The initial value of a variable in the cell itself. */
function initialValue(name: string, { statements }: ts.SourceFile): ts.Expression | undefined {
  for (const statement of statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: declared, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(declared) && declared.text === name) return initializer;
  }
  return undefined;
}
