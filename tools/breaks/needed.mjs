// The part of a notebook that its claims need: the statements that they use, without figures, questions and exercises.
import ts from 'typescript';

/** Calls that display, ask or check an answer: no claim depends on them. */
const shows = new Set(['show', 'ask', 'predict', 'exercise', 'interact', 'read']);
/** Calls that output claims. */
const CLAIMS = 'claims';
/** Names that determine how a measurement is judged or labelled: changing them would change the claim. */
const judging = new Set(['name', 'above', 'below', 'tolerance', 'relative', 'after', 'title', 'color', 'label']);

/**
 * A notebook's code cells with only the statements that its claims need; statements after the last claim are too late.
 * @param {{ cells: { cell_type: string, source: string }[] }} notebook
 * @returns {{ cells: { source: string }[] }} the notebook without text, pictures and exercises
 */
export function neededByClaims(notebook) {
  const cells = notebook.cells.filter(({ cell_type, source }) => cell_type === 'code' && source.trim() !== '');
  const all = cells.flatMap((cell, index) => {
    const file = ts.createSourceFile('cell.ts', cell.source, ts.ScriptTarget.Latest, true);
    return file.statements.map((node) => ({ index, node, text: node.getText(file), ...namesIn(node) }));
  });
  const last = all.findLastIndex(({ uses }) => uses.includes(CLAIMS));
  const statements = all.slice(0, last + 1);
  const needed = new Set();
  const need = (statement) => {
    if (needed.has(statement)) return;
    needed.add(statement);
    const uses = new Set(statement.uses);
    for (const other of statements) if (other.declares.some((name) => uses.has(name))) need(other);
  };
  for (const statement of statements) if (isAlwaysNeeded(statement.node)) need(statement);
  const kept = cells.map((cell, index) => {
    const source = statements.filter((one) => one.index === index && needed.has(one)).map(({ text }) => text);
    return { ...cell, source: source.join('\n') };
  });
  return { ...notebook, cells: kept.filter(({ source }) => source !== '') };
}

/** Only the notebook's imports, in their cells: two may import the same name. */
export function importsOf(notebook) {
  const cells = notebook.cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map((cell) => {
      const file = ts.createSourceFile('cell.ts', cell.source, ts.ScriptTarget.Latest, true);
      const imports = file.statements.filter(ts.isImportDeclaration).map((node) => node.getText(file));
      return { ...cell, source: imports.join('\n') };
    });
  return { ...notebook, cells: cells.filter(({ source }) => source !== '') };
}

/** Imports, and side effects such as setting a seed or a training loop, but not display calls. */
function isAlwaysNeeded(node) {
  if (ts.isImportDeclaration(node)) return true;
  if (ts.isVariableStatement(node) || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return false;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return true;
  const called = node.expression.expression;
  return !(ts.isIdentifier(called) && shows.has(called.text)) && !called.getText().startsWith('console.');
}

/**
 * The names that a statement declares, and all outer names that it mentions: neither `b` of `a.b` nor its own names,
 * such as a function's parameters.
 */
function namesIn(statement) {
  const declares = [];
  if (ts.isVariableStatement(statement))
    for (const { name } of statement.declarationList.declarations) bind(name, declares);
  else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) bind(statement.name, declares);
  const uses = [];
  const visit = (node, own) => {
    if (ts.isIdentifier(node) && !own.has(node.text)) uses.push(node.text);
    const inside = node === statement ? own : new Set([...own, ...boundBy(node)]);
    ts.forEachChild(node, (child) => {
      if (!isProperty(node, child)) visit(child, inside);
    });
  };
  visit(statement, new Set(ts.isFunctionDeclaration(statement) ? boundBy(statement) : []));
  return { declares, uses };
}

/** Adds the names of a declaration to a list: of `[a, { b }]` both. */
function bind(name, names) {
  if (ts.isIdentifier(name)) names.push(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name, names);
}

/** The names in scope inside a function, a block or a loop. */
function boundBy(node) {
  const names = [];
  if (ts.isFunctionLike(node)) for (const { name } of node.parameters) bind(name, names);
  const lists = ts.isBlock(node)
    ? node.statements.filter(ts.isVariableStatement).map((one) => one.declarationList)
    : [node.initializer].filter((one) => one && ts.isVariableDeclarationList(one));
  for (const list of lists) for (const { name } of list.declarations) bind(name, names);
  return names;
}

/** Whether a child is the name of a property, which is not declared elsewhere: `b` in `a.b` and in `{ b: a }`. */
const isProperty = (node, child) =>
  ts.isIdentifier(child) &&
  (ts.isPropertyAccessExpression(node) || ts.isPropertyAssignment(node)) &&
  node.name === child;

/** Whether a part of a cell is excluded from breaks: bounds and names of measurements, seeds, figures. */
export function staysWhole(node) {
  if (ts.isPropertyAssignment(node)) return judging.has(node.name.getText()) || /seed/i.test(node.name.getText());
  if (ts.isVariableDeclaration(node)) return /seed/i.test(node.name.getText());
  if (ts.isStringLiteralLike(node)) return true;
  if (!ts.isCallExpression(node)) return false;
  const called = node.expression.getText();
  return /^(plot|console)\./.test(called) || /manualSeed$|^seeded$/.test(called) || shows.has(called);
}
