// Small changes of meaning in JavaScript or TypeScript: typical mistakes.
import ts from 'typescript';

const operators = new Map([
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
  [ts.SyntaxKind.LessThanToken, '>='],
  [ts.SyntaxKind.GreaterThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '>'],
  [ts.SyntaxKind.GreaterThanEqualsToken, '<'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
]);

/** Methods and functions with the ones that they are confused with. */
const twins = new Map(
  [
    ['add', 'sub'],
    ['mul', 'div'],
    ['sum', 'mean'],
    ['max', 'min'],
    ['argmax', 'argmin'],
    ['sin', 'cos'],
    ['tanh', 'sigmoid'],
    ['gt', 'lt'],
    ['ge', 'le'],
    ['floor', 'ceil'],
    ['every', 'some'],
    ['zeros', 'ones'],
    ['add_', 'sub_'],
    ['mul_', 'div_'],
  ].flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

/** Calls without arguments that can be forgotten: `x.abs()` becomes `x`. */
const forgettable = new Set(['abs', 'sqrt', 'square', 'neg', 'exp', 'log', 't', 'reciprocal', 'detach', 'reverse']);

/**
 * @typedef {{ start: number, end: number, text: string, was: string, line: number, about: string }} Break a part of
 *   the text and its replacement; `line` counts from 1, `about` is the original line
 */

/**
 * All small changes of meaning in a text.
 * @param {string} text
 * @param {{ within?: (start: number, end: number) => boolean, skips?: (node: ts.Node) => boolean }} [options]
 *   `within`: the positions that may change; `skips`: nodes that are kept with all their content
 * @returns {Break[]} in the order of their positions
 */
export function breaksIn(text, { within = () => true, skips = () => false } = {}) {
  const file = ts.createSourceFile('text.ts', text, ts.ScriptTarget.Latest, true);
  const found = [];
  const offer = (start, end, replacement) => {
    if (!within(start, end)) return;
    const line = file.getLineAndCharacterOfPosition(start).line;
    const about = text.split('\n', line + 1)[line].trim();
    found.push({ start, end, text: replacement, was: text.slice(start, end), line: line + 1, about });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || skips(node)) return;
    if (ts.isBinaryExpression(node)) {
      const { operatorToken } = node;
      const other = operators.get(operatorToken.kind);
      // Strings are joined only by +.
      const joins = other === '-' && [node.left, node.right].some(isText);
      if (other && !joins) offer(operatorToken.getStart(file), operatorToken.end, other);
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
      offer(node.getStart(file), node.operand.getStart(file), '');
    } else if (ts.isNumericLiteral(node)) {
      offer(node.getStart(file), node.end, otherNumber(Number(node.text)));
    } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      offer(node.getStart(file), node.end, node.kind === ts.SyntaxKind.TrueKeyword ? 'false' : 'true');
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (twins.has(name.text)) offer(name.getStart(file), name.end, twins.get(name.text));
      else if (node.arguments.length === 0 && forgettable.has(name.text)) offer(expression.end, node.end, '');
    } else if (isForgettableLine(node)) {
      offer(node.getStart(file), node.end, ';');
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found.sort((a, b) => a.start - b.start);
}

/**
 * A statement with an effect, such as `adam.zeroGrad();`, that is not a check; minified names do not show which it is.
 */
function isForgettableLine(node) {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression) || ts.isSourceFile(node.parent))
    return false;
  return nameOf(node.expression).length > 2 && !isRefusal(node.expression);
}

const nameOf = ({ expression }) => (expression.name ?? expression).text ?? '';

/** Whether a call throws or warns according to its name, as `checkShape(a)` does. */
export const isRefusal = (call) => /^(check|require|assert|refuse|warn)/.test(nameOf(call));

const isText = (node) =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  (ts.isBinaryExpression(node) && [node.left, node.right].some(isText)) ||
  (ts.isParenthesizedExpression(node) && isText(node.expression));

/** Returns the number plus one, or plus a tenth if it is not an integer. */
const otherNumber = (value) => String(Number.isSafeInteger(value) ? value + 1 : Number((value * 1.1).toPrecision(12)));

/** The text with a break in it. */
export const broken = (text, { start, end, text: other }) => text.slice(0, start) + other + text.slice(end);
