// Data pasted into a cell. TypeScript would infer and compare the type of each element. So a large literal is replaced by a
// value of its type, and put back when JavaScript is emitted.
import { ts } from './typescript';

/** A large literal and its start in a cell. */
export interface DataLiteral {
  start: number;
  text: string;
}

/** Minimum length of such a literal. */
const large = 20_000;
/** Objects with more keys are typed as dictionaries. */
const mostKeys = 100;
/** Maximum length of a literal's type; longer ones become `any`. */
const longestType = 4000;

/** Kinds found among the elements of a list, or in a property of many objects. */
interface Found {
  kinds: Set<string>;
  elements?: Found;
  objects: number;
  properties?: Map<string, { found: Found; times: number }>;
}

const nothingYet = (): Found => ({ kinds: new Set(), objects: 0 });

/**
 * Replaces large literals by values of their types, without changing lengths and lines. Only pure data: numbers, strings,
 * booleans, null, and lists and objects of them.
 */
export function withoutData(source: string, file: ts.SourceFile): { text: string; data: DataLiteral[] } {
  let text = source;
  const data: DataLiteral[] = [];
  const visit = (node: ts.Node, parent: ts.Node): void => {
    if (node.end - node.pos < large) return;
    const isList = ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node);
    // Such a literal has a declared type.
    if (ts.isAssertionExpression(parent) || ts.isSatisfiesExpression(parent)) return;
    if (!isList || !isData(node)) {
      ts.forEachChild(node, (child) => visit(child, node));
      return;
    }
    const start = node.getStart(file);
    const literal = source.slice(start, node.end);
    const instead = inPlaceOf(literal, typeFor(node, parent));
    if (instead === undefined) return;
    text = text.slice(0, start) + instead + text.slice(node.end);
    data.push({ start, text: literal });
  };
  if (source.length >= large) ts.forEachChild(file, (child) => visit(child, file));
  return { text, data };
}

/** Puts the literals back. @param start of the cell in its file */
export function withDataBack(
  file: ts.SourceFile,
  data: readonly DataLiteral[],
  start: number,
  context: ts.TransformationContext,
): ts.SourceFile {
  if (data.length === 0) return file;
  const literals = new Map(data.map((one) => [start + one.start, one.text]));
  const visit = (node: ts.Node): ts.Node => {
    const literal =
      ts.isParenthesizedExpression(node) && node.pos >= 0 ? literals.get(node.expression.pos - 1) : undefined;
    // An identifier is emitted verbatim.
    if (literal !== undefined) return context.factory.createIdentifier(literal);
    return ts.visitEachChild(node, visit, context);
  };
  return ts.visitEachChild(file, visit, context);
}

function isData(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isData);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every(
      (one) => ts.isPropertyAssignment(one) && nameOf(one) !== undefined && isData(one.initializer),
    );
  return kindOf(node) !== undefined;
}

function nameOf({ name }: ts.PropertyAssignment): string | undefined {
  const isPlain = ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNumericLiteral(name);
  return isPlain && name.text !== '__proto__' ? name.text : undefined;
}

/** The widened type of a single value. */
function kindOf(node: ts.Expression): string | undefined {
  if (ts.isPrefixUnaryExpression(node)) {
    const isSign = node.operator === ts.SyntaxKind.MinusToken || node.operator === ts.SyntaxKind.PlusToken;
    return isSign && ts.isNumericLiteral(node.operand) ? 'number' : undefined;
  }
  if (ts.isNumericLiteral(node)) return 'number';
  if (ts.isStringLiteralLike(node)) return 'string';
  if (ts.isBigIntLiteral(node)) return 'bigint';
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return 'boolean';
  return node.kind === ts.SyntaxKind.NullKeyword ? 'null' : undefined;
}

/** The type as tokens. If the literal's context has a type, it decides, and the literal is `any` or a list of numbers. */
function typeFor(node: ts.Expression, parent: ts.Node): string[] {
  const found: Found = nothingYet();
  note(node, found);
  const words = wordsOf(found);
  const isFree = (ts.isVariableDeclaration(parent) && parent.type === undefined) || ts.isExpressionStatement(parent);
  const type = words.join(' ');
  if (type.length > longestType) return ['any'];
  return isFree || type === 'Array< number >' ? words : ['any'];
}

function note(node: ts.Expression, found: Found): void {
  if (ts.isArrayLiteralExpression(node)) {
    found.elements ??= nothingYet();
    for (const element of node.elements) note(element, found.elements);
  } else if (ts.isObjectLiteralExpression(node)) {
    found.properties ??= new Map();
    found.objects += 1;
    for (const property of node.properties as ts.NodeArray<ts.PropertyAssignment>) {
      const name = nameOf(property)!;
      const known = found.properties.get(name) ?? { found: nothingYet(), times: 0 };
      known.times += 1;
      found.properties.set(name, known);
      note(property.initializer, known.found);
    }
  } else found.kinds.add(kindOf(node)!);
}

/** The tokens of a type; a line may break between two of them. */
function wordsOf({ kinds, elements, properties, objects }: Found): string[] {
  const types = [...kinds].map((kind) => [kind]);
  // A line break before the brackets of `T[]` is not allowed.
  if (elements !== undefined) types.push(['Array<', ...wordsOf(elements), '>']);
  if (properties !== undefined) {
    const all = [...properties];
    types.push(
      all.length > mostKeys
        ? ['{', '[', 'key', ':', 'string', ']', ':', ...wordsOf(together(all.map(([, { found }]) => found))), '}']
        : [
            '{',
            ...all.flatMap(([name, { found, times }]) => [
              JSON.stringify(name),
              ...(times < objects ? ['?'] : []),
              ':',
              ...wordsOf(found),
              ';',
            ]),
            '}',
          ],
    );
  }
  if (types.length === 0) return ['any'];
  return types.flatMap((words, i) => (i === 0 ? words : ['|', ...words]));
}

function together(all: readonly Found[]): Found {
  const whole: Found = nothingYet();
  for (const { kinds, elements, properties, objects } of all) {
    for (const kind of kinds) whole.kinds.add(kind);
    if (elements !== undefined) whole.elements = together(whole.elements ? [whole.elements, elements] : [elements]);
    whole.objects += objects;
    for (const [name, { found, times }] of properties ?? []) {
      whole.properties ??= new Map();
      const known = whole.properties.get(name);
      const both = known === undefined ? found : together([known.found, found]);
      whole.properties.set(name, { found: both, times: times + (known?.times ?? 0) });
    }
  }
  return whole;
}

/** A value of a type with the literal's length and lines; undefined if it does not fit. */
function inPlaceOf(literal: string, type: readonly string[]): string | undefined {
  const words = ['(', '<', ...type, '>', '<', 'any', '>', '0'];
  const lines = literal.split('\n').map((line) => ({ length: line.length, text: '' }));
  lines.at(-1)!.length -= 1; // for the closing parenthesis
  let at = 0;
  for (const word of words) {
    while (at < lines.length && lines[at].text.length + word.length + 1 > lines[at].length) at += 1;
    if (at === lines.length) return undefined;
    lines[at].text += lines[at].text === '' ? word : ` ${word}`;
  }
  // The first parenthesis must be at the literal's start.
  if (!lines[0].text.startsWith('(')) return undefined;
  return `${lines.map(({ text, length }) => text.padEnd(length)).join('\n')})`;
}
