// Rewrites a cell. Its names remain variables of the function that runs it, so that loops over them are fast; `define`
// publishes them as live accessors. References to names of earlier cells become `vars.name`. (Names that the kernel adds have
// the prefix `__gradlab_`, omitted here, because a cell may declare any other.)
//
//   import { join } from 'path';        define({ inc: [() => inc, value => inc = value], join: [() => m0['join'], …] });
//   let n = 0;                     →    const m0 = await import('path'), { 'join': join } = m0;
//   function inc() { n += step }        let n = 0;
//   n                                   function inc() { n += vars.step }
//                                       result(n);
//
// If functions of an earlier cell use a name that this cell redeclares, they receive each new value:
//
//   const rate = 0.5;              →    define({ rate: [() => rate, value => rate = value, "Cell [1]"] });
//                                       let rate = 0.5; define("rate");
import { given } from '../given-names';
import { keepRequests } from './awaits';
import { type CellFile, isBehind, isExport } from './cell-file';
import { type DataLiteral, withDataBack } from './data';
import { declaredNames } from './names';
import { ts } from './typescript';

/** Information about names that the compiler lacks. */
export interface Names {
  /** Large literals of the cell, to be put back. */
  data: readonly DataLiteral[];
  /** Whether an earlier cell has only declared a name with `declare`, so that it is global. */
  earlierNames: { isAmbient(name: string): boolean };
  /** Whether the last expression is the result. */
  hasResult: boolean;
  /** Names that this cell only declares with `declare`. */
  isAmbient: ReadonlySet<string>;
  /** Names of earlier cells that elements need. */
  implied: readonly string[];
  /** The path of an aliased import. */
  aliased(specifier: string): string | undefined;
  /** Constants that become variables, because another cell may redeclare them for functions of this one. */
  changeable: ReadonlySet<string>;
  /** Redeclared names used in functions of earlier cells, with the labels of those cells. */
  kept: ReadonlyMap<ts.Symbol, readonly string[]>;
  /** Called functions that do not exist yet. */
  later: ReadonlySet<string>;
  /** Additional transformers. */
  rewriters: readonly ts.TransformerFactory<ts.SourceFile>[];
  /** By module, the names that `export * from` re-exports. */
  stars: ReadonlyMap<string, readonly { name: string; isValue: boolean }[]>;
}

/** @param source the cell's file, with declarations of earlier cells after the cell */
export function cellTransformers(
  checker: ts.TypeChecker,
  source: ts.SourceFile,
  file: CellFile,
  names: Names,
): ts.CustomTransformers {
  const isEarlier = (name: ts.Identifier, symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.some((node) => node.getSourceFile() === source && isBehind(node, file)) === true &&
    !names.earlierNames.isAmbient(name.text);
  const isOwn = (statement: ts.Statement) => isExport(statement) || !isBehind(statement, file);
  return {
    before: [
      (context) => (cell) => {
        const own = context.factory.updateSourceFile(cell, cell.statements.filter(isOwn));
        return withDataBack(references(own, context, checker, isEarlier, names), names.data, file.start, context);
      },
    ],
    after: [(context) => (cell) => publish(cell, context.factory, names), ...names.rewriters, keepRequests],
  };
}

type IsEarlier = (name: ts.Identifier, symbol: ts.Symbol | undefined) => boolean;

/** Rewrites references to earlier cells and the last expression, while types are available. */
function references(
  file: ts.SourceFile,
  context: ts.TransformationContext,
  checker: ts.TypeChecker,
  isEarlier: IsEarlier,
  { hasResult, aliased, kept, later, isAmbient, earlierNames }: Names,
): ts.SourceFile {
  const { factory } = context;
  const variable = (name: ts.Identifier) =>
    ts.setTextRange(factory.createPropertyAccessExpression(factory.createIdentifier(given.vars), name.text), name);
  const isReference = (node: ts.Node): node is ts.Identifier =>
    ts.isIdentifier(node) && !isMemberName(node) && isEarlier(node, checker.getSymbolAtLocation(node));

  /** A callee: `(0, vars.f)(x)`, so that `this` is not the object of all variables. */
  const callee = (node: ts.Expression): ts.Expression => {
    const called = bare(node);
    if (ts.isIdentifier(called) && mayComeLater(called)) return orGlobal(called);
    return isReference(called)
      ? factory.createParenthesizedExpression(factory.createComma(factory.createNumericLiteral(0), variable(called)))
      : visit(node);
  };

  /** Whether a function is only declared with `declare`, or called without a declaration. */
  const mayComeLater = (called: ts.Identifier): boolean => {
    const { text } = called;
    if (!later.has(text) && !isAmbient.has(text) && !earlierNames.isAmbient(text)) return false;
    const symbol = checker.getSymbolAtLocation(called);
    return symbol === undefined || (symbol.flags & ts.SymbolFlags.Function) !== 0;
  };

  /** `(vars.f ?? f)`: it may be in another cell or global. */
  const orGlobal = (name: ts.Identifier) =>
    factory.createParenthesizedExpression(
      factory.createBinaryExpression(
        variable(name),
        ts.SyntaxKind.QuestionQuestionToken,
        factory.createIdentifier(name.text),
      ),
    );

  /** Whether a function is passed to Node or to a promise, which call it later. */
  const isHandedOver = (value: ts.Expression, call: ts.CallExpression): boolean => {
    if (ts.isSpreadElement(value) || checker.getTypeAtLocation(value).getCallSignatures().length === 0) return false;
    const callee = checker.getResolvedSignature(call)?.declaration;
    if (callee === undefined) return false;
    const { parent } = callee;
    if (ts.isInterfaceDeclaration(parent) && /^Promise(Like)?$/.test(parent.name.text)) return true;
    return /\/@types\/node\//.test(callee.getSourceFile().fileName);
  };

  const own = (value: ts.Expression) =>
    factory.createCallExpression(
      factory.createPropertyAccessExpression(factory.createIdentifier(given.flow), 'own'),
      undefined,
      [value],
    );

  /** `{ z }` becomes `{ z: vars.z }`, and `({ z = 1 } = o)` assigns to it. */
  function shorthand(node: ts.ShorthandPropertyAssignment): ts.ObjectLiteralElementLike {
    const initializer = node.objectAssignmentInitializer && visit(node.objectAssignmentInitializer);
    if (!isEarlier(node.name, checker.getShorthandAssignmentValueSymbol(node)))
      return factory.updateShorthandPropertyAssignment(node, node.name, initializer);
    const target = variable(node.name);
    return factory.createPropertyAssignment(
      node.name,
      initializer === undefined ? target : factory.createAssignment(target, initializer),
    );
  }

  /** `import a = require('m')` and `import a = B.C` become constants, if there is a value. */
  function importEquals(node: ts.ImportEqualsDeclaration): ts.Node | undefined {
    const symbol = checker.getSymbolAtLocation(node.name);
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (node.isTypeOnly) return undefined;
    if (ts.isExternalModuleReference(node.moduleReference)) {
      const load = factory.createIdentifier(given.require);
      const module = withoutAlias(node.moduleReference.expression, aliased, factory);
      return constant(node, factory.createCallExpression(load, undefined, [module]));
    }
    if (target === undefined || !(target.flags & ts.SymbolFlags.Value)) return undefined;
    return constant(node, entity(node.moduleReference));
  }

  const constant = ({ name }: ts.ImportEqualsDeclaration, value: ts.Expression) =>
    factory.createVariableStatement(
      undefined,
      factory.createVariableDeclarationList(
        [factory.createVariableDeclaration(name, undefined, undefined, value)],
        ts.NodeFlags.Const,
      ),
    );

  const entity = (node: ts.EntityName): ts.Expression => {
    if (ts.isQualifiedName(node)) return factory.createPropertyAccessExpression(entity(node.left), node.right);
    return isReference(node) ? variable(node) : node;
  };

  function visit<T extends ts.Node>(node: T): T {
    return visitNode(node) as unknown as T;
  }

  const keptName = (node: ts.Node): string | undefined => {
    const symbol = ts.isIdentifier(node) && kept.size > 0 ? checker.getSymbolAtLocation(node) : undefined;
    return symbol !== undefined && kept.has(symbol) ? symbol.name : undefined;
  };

  /** `n = x` becomes `(n = x, define('n'), n)`. `n++` becomes `[n++, define('n')][0]` if its value is used. */
  const handedOn = (node: ts.BinaryExpression | ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, name: string) => {
    const changed = ts.visitEachChild(node, visit, context);
    const handOn = handOnCall(name, factory);
    if (!ts.isPostfixUnaryExpression(node))
      return factory.createParenthesizedExpression(
        factory.createComma(factory.createComma(changed, handOn), factory.createIdentifier(name)),
      );
    return factory.createElementAccessExpression(factory.createArrayLiteralExpression([changed, handOn]), 0);
  };

  function visitNode(node: ts.Node): ts.Node | undefined {
    const assigned = assignedIn(node);
    const name = assigned && keptName(assigned);
    if (name !== undefined) return handedOn(node as ts.BinaryExpression, name);
    if (ts.isImportEqualsDeclaration(node)) return importEquals(node);
    if (ts.isExpressionWithTypeArguments(node))
      return factory.updateExpressionWithTypeArguments(node, visit(node.expression), node.typeArguments);
    if (ts.isTypeNode(node) || ts.isExportDeclaration(node) || ts.isImportDeclaration(node)) return node;
    if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
    if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const called = isImport ? factory.createIdentifier(given.import) : callee(node.expression);
      const values = node.arguments.map((value) => {
        if (isImport) return withoutAlias(visit(value), aliased, factory);
        return isHandedOver(value, node) ? own(visit(value)) : visit(value);
      });
      return factory.updateCallExpression(node, called, undefined, values);
    }
    if (ts.isTaggedTemplateExpression(node))
      return factory.updateTaggedTemplateExpression(node, callee(node.tag), undefined, visit(node.template));
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      return factory.createIdentifier(given.meta);
    if (isReference(node)) return variable(node);
    return ts.visitEachChild(node, visit, context);
  }

  const visited = ts.visitEachChild(file, visit, context);
  return hasResult ? factory.updateSourceFile(visited, withResult(visited.statements, factory)) : visited;
}

/** A callee without parentheses, `!` and `as T`. */
export function bare(node: ts.Expression): ts.Expression {
  const isAround =
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node);
  return isAround ? bare(node.expression) : node;
}

/** Replaces path aliases, which only the compiler knows, by paths. */
export function withoutAlias(
  specifier: ts.Expression,
  aliased: Names['aliased'],
  factory: ts.NodeFactory,
): ts.Expression {
  const file = ts.isStringLiteralLike(specifier) ? aliased(specifier.text) : undefined;
  return file === undefined ? specifier : ts.setTextRange(factory.createStringLiteral(file), specifier);
}

/** The variable that an assignment, `++` or `--` changes. */
function assignedIn(node: ts.Node): ts.Identifier | undefined {
  const isAssignment =
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
  const isCount =
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken);
  const target = isAssignment ? node.left : isCount ? node.operand : undefined;
  return target !== undefined && ts.isIdentifier(target) ? target : undefined;
}

const handOnCall = (name: string, factory: ts.NodeFactory) =>
  factory.createCallExpression(factory.createIdentifier(given.define), undefined, [factory.createStringLiteral(name)]);

function isMemberName(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}

/** Turns the last expression into `result(…)`; only the cell's export follows it. */
function withResult(statements: readonly ts.Statement[], factory: ts.NodeFactory): ts.Statement[] {
  const all = [...statements];
  const at = all.findLastIndex((s) => !ts.isExportDeclaration(s));
  const last = all[at];
  if (last !== undefined && ts.isExpressionStatement(last)) {
    const call = factory.createCallExpression(factory.createIdentifier(given.result), undefined, [last.expression]);
    all[at] = ts.setTextRange(factory.createExpressionStatement(call), last);
  }
  return all;
}

/** The module object and property that hold an imported name's value. */
interface Imported {
  names: Map<string, { module: string; name: string }>;
  /** Number of module variables so far. */
  modules: number;
  /** By module, the names re-exported by `export *`. */
  stars: Names['stars'];
  aliased: Names['aliased'];
}

/** Turns imports into `await import(…)` and exports into `define`. Types are already erased. */
function publish(file: ts.SourceFile, factory: ts.NodeFactory, names: Names): ts.SourceFile {
  const { isAmbient, stars, aliased, changeable } = names;
  const kept = new Map([...names.kept].map(([{ name }, cells]) => [name, cells]));
  const handOn = (own: Iterable<string>) =>
    [...own]
      .filter((name) => kept.has(name))
      .map((name) => factory.createExpressionStatement(handOnCall(name, factory)));
  const imported: Imported = { names: new Map(), modules: 0, stars, aliased };
  const head: ts.Statement[] = [];
  const body: ts.Statement[] = [];
  const own: string[] = [];
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement)) own.push(...exportedNames(statement));
    else if (ts.isImportDeclaration(statement))
      head.push(ts.setTextRange(importStatement(statement, imported, factory), statement));
    else if (kept.size === 0) body.push(withoutCommentInResult(asVariable(statement, changeable, factory)));
    else {
      const declared = declaredNames({ statements: factory.createNodeArray([statement]) });
      // Functions are hoisted above the first statement.
      const first = ts.isFunctionDeclaration(statement) ? head : body;
      if (first === body) body.push(withoutCommentInResult(asVariable(statement, changeable, factory)));
      first.push(...handOn(declared));
      if (first === head) body.push(statement);
    }
  }
  const handedOn = [...stars.values()].flat().filter(({ isValue }) => isValue);
  const published = [...own.filter((name) => !isAmbient.has(name)), ...handedOn.map(({ name }) => name)];
  const define = published.length === 0 ? [] : [defineStatement(published, imported, kept, factory)];
  return factory.updateSourceFile(file, [...define, ...names.implied.map(takenOver(factory)), ...head, ...body]);
}

/** Turns a constant into a variable. */
function asVariable(statement: ts.Statement, names: ReadonlySet<string>, factory: ts.NodeFactory): ts.Statement {
  if (
    !ts.isVariableStatement(statement) ||
    (statement.declarationList.flags & ts.NodeFlags.BlockScoped) !== ts.NodeFlags.Const
  )
    return statement;
  const declared = declaredNames({ statements: factory.createNodeArray([statement]) });
  if (!declared.some((name) => names.has(name))) return statement;
  const list = factory.createVariableDeclarationList(statement.declarationList.declarations, ts.NodeFlags.Let);
  return factory.updateVariableStatement(
    statement,
    statement.modifiers,
    ts.setTextRange(list, statement.declarationList),
  );
}

/** `const h = vars.h`: element factories are called by that name. */
const takenOver = (factory: ts.NodeFactory) => (name: string) =>
  factory.createVariableStatement(
    undefined,
    factory.createVariableDeclarationList(
      [
        factory.createVariableDeclaration(
          name,
          undefined,
          undefined,
          factory.createPropertyAccessExpression(factory.createIdentifier(given.vars), name),
        ),
      ],
      ts.NodeFlags.Const,
    ),
  );

/** A comment after the last expression would swallow the closing parenthesis of `result(…)`. */
function withoutCommentInResult(statement: ts.Statement): ts.Statement {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return statement;
  const { expression, arguments: values } = statement.expression;
  if (ts.isIdentifier(expression) && expression.text === given.result)
    ts.setEmitFlags(values[0], ts.EmitFlags.NoTrailingComments);
  return statement;
}

function exportedNames({ exportClause }: ts.ExportDeclaration): string[] {
  if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.map((e) => (e.propertyName ?? e.name).text);
}

/**
 * `define({ n: [() => n, value => n = value], … })`. It is first, so that hoisted functions are published even if the
 * cell fails.
 */
function defineStatement(
  names: readonly string[],
  imported: Imported,
  kept: ReadonlyMap<string, readonly string[]>,
  factory: ts.NodeFactory,
): ts.Statement {
  const arrow = (parameters: string[], body: ts.Expression) =>
    factory.createArrowFunction(
      undefined,
      undefined,
      parameters.map((p) => factory.createParameterDeclaration(undefined, undefined, p)),
      undefined,
      undefined,
      body,
    );
  const inModule = ({ module, name }: { module: string; name: string }) =>
    factory.createElementAccessExpression(factory.createIdentifier(module), factory.createStringLiteral(name));
  const accessorsOf = (name: string) => {
    const from = imported.names.get(name);
    if (from !== undefined) return [arrow([], inModule(from))];
    const variable = factory.createIdentifier(name);
    const assignment = factory.createAssignment(variable, factory.createIdentifier(given.value));
    const cells = (kept.get(name) ?? []).map((cell) => factory.createStringLiteral(cell));
    return [arrow([], variable), arrow([given.value], assignment), ...cells];
  };
  const accessors = names.map((name) =>
    factory.createPropertyAssignment(name, factory.createArrayLiteralExpression(accessorsOf(name))),
  );
  return factory.createExpressionStatement(
    factory.createCallExpression(factory.createIdentifier(given.define), undefined, [
      factory.createObjectLiteralExpression(accessors),
    ]),
  );
}

/** `import a, { b as c } from 'm'` becomes `const m0 = await import('m'), { 'default': a, 'b': c } = m0`. */
function importStatement(node: ts.ImportDeclaration, imported: Imported, factory: ts.NodeFactory): ts.Statement {
  const load = factory.createAwaitExpression(
    factory.createCallExpression(factory.createIdentifier(given.import), undefined, [
      withoutAlias(node.moduleSpecifier, imported.aliased, factory),
    ]),
  );
  const clause = node.importClause;
  const handedOn =
    clause === undefined ? imported.stars.get((node.moduleSpecifier as ts.StringLiteral).text) : undefined;
  if (clause === undefined && handedOn === undefined) return factory.createExpressionStatement(load);
  const bindings = clause?.namedBindings;
  const whole = bindings !== undefined && ts.isNamespaceImport(bindings) ? bindings.name.text : undefined;
  const module = whole ?? `${given.module}${imported.modules++}`;
  const parts: ts.BindingElement[] = [];
  const take = (name: string, as: ts.Identifier) => {
    parts.push(factory.createBindingElement(undefined, factory.createStringLiteral(name), as));
    imported.names.set(as.text, { module, name });
  };
  for (const { name } of handedOn ?? []) imported.names.set(name, { module, name });
  if (clause?.name !== undefined) take('default', clause.name);
  if (bindings !== undefined && ts.isNamedImports(bindings))
    for (const element of bindings.elements) take((element.propertyName ?? element.name).text, element.name);
  const declarations = [factory.createVariableDeclaration(module, undefined, undefined, load)];
  if (parts.length > 0)
    declarations.push(
      factory.createVariableDeclaration(
        factory.createObjectBindingPattern(parts),
        undefined,
        undefined,
        factory.createIdentifier(module),
      ),
    );
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Const);
  return factory.createVariableStatement(undefined, list);
}
