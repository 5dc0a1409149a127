import type { LiveExpression } from '../process-messages';
import { callAt } from './call-at';
import type { CellFile } from './cell-file';
import { withAllCharacters } from './declarations';
import { declared, readDocumentation } from './documentation';
import type { Platform } from './platform';
import type { Project } from './project';
import { argumentAt } from './signature';
import type { Inspection } from './types';
import { ts } from './typescript';

/** Maximum lines of an interface or enum shown with its members. */
const fewLines = 30;
/** Maximum lines of code shown. */
const mostLines = 400;

interface Earlier {
  has(name: string): boolean;
  sourceOf(name: string): string | undefined;
}

/** The context of an inspection. */
export interface Asked {
  /** The names of earlier cells. */
  earlier: Earlier;
  project: Project;
  platform: Platform;
  cell: CellFile;
  /** Names modules in a text of the compiler as they were imported. */
  nameModules(text: string, program: ts.Program): string;
}

/** Declaration and documentation of the name at or just before the cursor, and of the enclosing call. */
export function inspect(asked: Asked, source: string, cursor: number, withSource: boolean): Inspection | null {
  return asked.project.answer(`inspect ${cursor} ${withSource}`, asked.cell, (program) =>
    inspected(asked, program, source, cursor, withSource),
  );
}

function inspected(
  asked: Asked,
  program: ts.Program,
  source: string,
  cursor: number,
  withSource: boolean,
): Inspection | null {
  const { earlier } = asked;
  const named = at(asked, program, cursor) ?? at(asked, program, cursor - 1);
  const called = callAt(source, cursor, named === null);
  const call = called === undefined ? null : at(asked, program, called);
  const info = named ?? call;
  if (info === null) return null;
  const inWords = (text: string) => asked.nameModules(text, program);
  const start = info.textSpan.start - asked.cell.start;
  const name = source.slice(start, start + info.textSpan.length);
  const isCellVariable = info.isAtTop && earlier.has(name);
  const code = withSource || info.isListed ? (isCellVariable && earlier.sourceOf(name)) || info.source : '';
  const isShown = withSource || code.split('\n').length <= fewLines;
  return {
    name,
    ...described(info, inWords),
    isCellVariable,
    live: info.live,
    source: isShown ? firstLines(code) : undefined,
    argument: argumentAt(asked.project, asked.cell, source, cursor, inWords),
    call: call === null || call.textSpan.start === info.textSpan.start ? undefined : described(call, inWords),
  };
}

const described = (info: ts.QuickInfo, inWords: (text: string) => string) => ({
  signature: inWords(ts.displayPartsToString(info.displayParts)),
  documentation: withAllCharacters(documentationOf(info)),
});

/** What is known of a name. */
interface Found extends ts.QuickInfo {
  /** The source of its declaration; empty if it has none. */
  source: string;
  /** Whether it is an interface or enum, which is described by its members. */
  isListed: boolean;
  /** Whether it is declared at the top of the cell, or by an earlier cell. */
  isAtTop: boolean;
  /** The expression of a member, if that is no function, class or module. */
  live: LiveExpression | undefined;
}

function firstLines(code: string): string | undefined {
  const lines = code.split('\n');
  if (lines.length <= mostLines) return code || undefined;
  return [...lines.slice(0, mostLines), `// … and ${lines.length - mostLines} more lines`].join('\n');
}

/** The statements or members that declare a symbol. */
function sourceOf(symbol: ts.Symbol | undefined): string {
  const whole = (node: ts.Declaration) =>
    ts.findAncestor(node, (one) => ts.isStatement(one) || ts.isClassElement(one) || ts.isTypeElement(one)) ?? node;
  const codes = (symbol?.declarations ?? [])
    .filter((node) => !ts.isSourceFile(node))
    .map((node) => whole(node).getText());
  return [...new Set(codes)].join('\n\n');
}

function at({ project, platform, cell, earlier }: Asked, program: ts.Program, position: number): Found | null {
  const place = cell.start + position;
  if (position < 0 || place > cell.end) return null;
  const { service, file } = project;
  const checker = program.getTypeChecker();
  const name = nameAt(project.cellIn(program), place);
  const known = name && checker.getSymbolAtLocation(name);
  const symbol = known && declared(known, checker);
  if (name !== undefined && symbol === undefined) return indexed(name, checker, earlier);
  if (symbol !== undefined) readDocumentation(symbol, platform);
  const info = service.getQuickInfoAtPosition(file, place);
  if (info === undefined) return null;
  const listed = ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
  const more = {
    source: sourceOf(symbol),
    isListed: symbol !== undefined && (symbol.flags & listed) !== 0,
    isAtTop: name !== undefined && isAtTop(valueAt(name, known, checker)),
    live: name && liveMember(name, checker, earlier),
  };
  if (symbol === known) return { ...info, ...more };
  // The documentation of an import's target is at its declaration.
  const original = symbol?.declarations?.map(nameOf).find((found) => found !== undefined);
  const source = original?.getSourceFile();
  const told = original && source && service.getQuickInfoAtPosition(source.fileName, original.getStart(source));
  return { ...(told ?? info), ...more, textSpan: info.textSpan };
}

/** A member by an index signature, as in `process.env.HOME`. Nothing for a name that is not declared. */
function indexed(name: ts.Identifier, checker: ts.TypeChecker, earlier: Earlier): Found | null {
  const live = liveMember(name, checker, earlier);
  const { parent } = name;
  if (live === undefined || !ts.isPropertyAccessExpression(parent)) return null;
  const owner = checker.getTypeAtLocation(parent.expression);
  const type = checker.getIndexInfoOfType(owner, ts.IndexKind.String)?.type;
  if (type === undefined) return null;
  return {
    kind: ts.ScriptElementKind.memberVariableElement,
    kindModifiers: '',
    textSpan: { start: name.getStart(), length: name.text.length },
    displayParts: [{ kind: 'text', text: `(index) ${parent.getText()}: ${checker.typeToString(type, name)}` }],
    source: '',
    isListed: false,
    isAtTop: false,
    live,
  };
}

/** In `{ a }`, the name is that of a variable too. */
function valueAt(name: ts.Identifier, symbol: ts.Symbol | undefined, checker: ts.TypeChecker): ts.Symbol | undefined {
  return ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : symbol;
}

/** The expression of a member of a global or of a variable of earlier cells, for its value. */
function liveMember(name: ts.Identifier, checker: ts.TypeChecker, earlier: Earlier): LiveExpression | undefined {
  const { parent } = name;
  if (!ts.isPropertyAccessExpression(parent) || parent.name !== name) return undefined;
  const type = checker.getTypeAtLocation(name);
  const isModule = ((type.symbol?.flags ?? 0) & ts.SymbolFlags.Module) !== 0;
  if (isModule || type.getCallSignatures().length + type.getConstructSignatures().length > 0) return undefined;
  const liveOf = (node: ts.Expression): LiveExpression | undefined => {
    if (ts.isPropertyAccessExpression(node)) {
      const of = liveOf(node.expression);
      return of && { of, key: node.name.text };
    }
    if (!ts.isIdentifier(node)) return undefined;
    const symbol = checker.getSymbolAtLocation(node);
    const isGlobal = symbol?.valueDeclaration?.getSourceFile().isDeclarationFile === true;
    return isGlobal || (isAtTop(symbol) && earlier.has(node.text)) ? { name: node.text } : undefined;
  };
  return liveOf(parent);
}

function isAtTop(symbol: ts.Symbol | undefined): boolean {
  return symbol?.declarations?.some((one) => isOfFile(one, one.parent)) ?? false;
}

/** Whether only what declares names, or blocks around a `var`, is between a declaration and its file. */
function isOfFile(declaration: ts.Node, at: ts.Node): boolean {
  if (ts.isSourceFile(at)) return true;
  if (ts.isFunctionLike(at) || ts.isClassLike(at) || ts.isModuleBlock(at) || ts.isCatchClause(at)) return false;
  const isVar = !(ts.getCombinedNodeFlags(declaration as ts.Declaration) & ts.NodeFlags.BlockScoped);
  return (declares(at) || (isVar && ts.isStatement(at))) && isOfFile(declaration, at.parent);
}

const declares = (node: ts.Node) =>
  ts.isVariableStatement(node) ||
  ts.isVariableDeclarationList(node) ||
  ts.isVariableDeclaration(node) ||
  ts.isBindingElement(node) ||
  ts.isObjectBindingPattern(node) ||
  ts.isArrayBindingPattern(node) ||
  ts.isImportDeclaration(node) ||
  ts.isImportClause(node) ||
  ts.isNamedImports(node) ||
  ts.isExportDeclaration(node) ||
  ts.isNamedExports(node);

const nameOf = (declaration: ts.Declaration) => ts.getNameOfDeclaration(declaration);

/** The name at a position. */
function nameAt(node: ts.Node, position: number): ts.Identifier | undefined {
  let found: ts.Identifier | undefined;
  const visit = (inner: ts.Node): void => {
    if (position < inner.pos || position > inner.end) return;
    if (ts.isIdentifier(inner)) found = inner;
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** As Markdown: the description, then a line or block for each tag. */
function documentationOf({ documentation, tags }: ts.QuickInfo): string {
  const description = plain(ts.displayPartsToString(documentation));
  const blocks = (tags ?? []).map(({ name, text }) => {
    const content = plain(ts.displayPartsToString(text)).trim();
    if (name === 'example') return `Example:\n\`\`\`ts\n${content.replace(/^```\w*\n|\n```$/g, '')}\n\`\`\``;
    if (name !== 'param') return `*@${name}* ${content}`.trim();
    const [, parameter, rest] = /^(\S+)\s*([\s\S]*)$/.exec(content) ?? ['', content, ''];
    return `*@param* \`${parameter}\` ${rest.replace(/^[-–—]\s*/, '')}`.trim();
  });
  return [description, ...blocks].filter((part) => part !== '').join('\n\n');
}

/** `{@link Tensor}` as `Tensor`. */
const plain = (text: string) =>
  text.replace(/\{@(?:link|linkcode|linkplain)\s+([^}\s|]+)[^}]*\}/g, (_, target: string) => `\`${target}\``);
