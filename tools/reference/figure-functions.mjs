// The functions of gradlab/lab that make figures, read from their TypeScript sources: documentation, example, arguments.
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** Functions outside `plot` that draw. */
const OTHERS = ['trainingDisplay', 'studyDisplay'];

/**
 * @typedef {object} Member An argument, an option, or a member of an object.
 * @property {string} name
 * @property {boolean} optional
 * @property {string} type as it is written in the source
 * @property {string} doc
 *
 * @typedef {object} FigureFunction
 * @property {string} name as it is called, such as `plot.bars`
 * @property {string} doc
 * @property {string} example
 * @property {Member[]} params those before the options
 * @property {Member[]} options
 * @property {boolean} optionsAreOptional
 * @property {{ name: string, doc: string, members: Member[] }[]} types of objects that arguments and options consist of
 * @property {string[]} imports names that the example needs of `gradlab`
 * @property {string[]} labImports names that the example needs of `gradlab/lab`
 */

/** @returns {FigureFunction[]} by the order of their declaration */
export function readFigureFunctions() {
  const [libraryFile, labFile] = ['index.ts', 'lab/index.ts'].map((name) => join(root, 'src', name));
  const program = ts.createProgram([libraryFile, labFile], {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const exportsOf = (symbol) =>
    checker
      .getExportsOfModule(symbol)
      .map((one) => ({ name: one.name, symbol: resolved(one, checker) }))
      .filter(({ symbol: one }) => one.flags & (ts.SymbolFlags.Value | ts.SymbolFlags.Alias));
  const doorOf = (file) => {
    const source = program.getSourceFile(file);
    const symbol = source && checker.getSymbolAtLocation(source);
    if (!symbol) throw new Error(`${file} is not a module`);
    return exportsOf(symbol);
  };
  const [library, lab] = [doorOf(libraryFile), doorOf(labFile)];
  const names = { library: library.map(({ name }) => name), lab: lab.map(({ name }) => name) };
  const door = lab.find(({ name }) => name === 'plot');
  if (!door) throw new Error(`${labFile} does not export plot`);
  const plot = exportsOf(door.symbol);
  const all = [
    ...plot.map(({ name, symbol }) => ({ name: `plot.${name}`, symbol })),
    ...lab.filter(({ name }) => OTHERS.includes(name)),
  ];
  return all
    .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Function)
    .map(({ name, symbol }) => functionOf(name, symbol, names, checker));
}

const resolved = (symbol, checker) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);

const docOf = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker));

function functionOf(name, symbol, names, checker) {
  const declaration = symbol.valueDeclaration;
  const tag = symbol.getJsDocTags(checker).find((one) => one.name === 'example');
  const example = ts.displayPartsToString(tag?.text).trim();
  const used = namesUsedIn(example);
  const all = declaration.parameters.map((one) => memberOf(checker.getSymbolAtLocation(one.name), checker));
  const last = declaration.parameters.at(-1);
  const optionsType = /Options$/.test(last?.type?.getText() ?? '') ? checker.getTypeAtLocation(last.type) : undefined;
  const options = optionsType ? membersOf(optionsType, checker) : [];
  const params = optionsType ? all.slice(0, -1) : all;
  const types = new Map();
  for (const { node } of [...params, ...options]) collectTypes(node, types, checker);
  const labImports = names.lab.filter((one) => used.has(one));
  return {
    name,
    doc: docOf(symbol, checker),
    example,
    params: params.map(bare),
    options: options.map(bare),
    optionsAreOptional: last !== undefined && (last.questionToken ?? last.initializer) !== undefined,
    types: [...types.values()],
    labImports,
    imports: names.library.filter((one) => used.has(one) && !labImports.includes(one)),
  };
}

/** The names that a code uses and does not declare itself. */
function namesUsedIn(code) {
  const [used, declared] = [new Set(), new Set()];
  const visit = (node) => {
    const { parent } = node;
    if (ts.isIdentifier(node)) {
      const isMember =
        (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
      if (
        (ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent)) &&
        parent.name === node
      )
        declared.add(node.text);
      else if (!isMember) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true));
  return new Set([...used].filter((name) => !declared.has(name)));
}

const bare = ({ node: _, ...member }) => member;

/** The members of an object type, without those that are marked as internal. */
const membersOf = (type, checker) =>
  checker
    .getPropertiesOfType(type)
    .filter((member) => !member.getJsDocTags().some(({ name }) => name === 'internal'))
    .map((member) => memberOf(member, checker));

function memberOf(symbol, checker) {
  const declaration = symbol.valueDeclaration ?? symbol.declarations[0];
  const isOptional = declaration.questionToken !== undefined || declaration.initializer !== undefined;
  const type = (declaration.type ?? declaration).getText().replace(/\s+/g, ' ').replace(/;? }/g, ' }');
  return { name: symbol.name, optional: isOptional, type, doc: docOf(symbol, checker), node: declaration.type };
}

/** Notes the interfaces of src/lab/plot that a type names, with those that their members name. */
function collectTypes(node, types, checker) {
  const visit = (one) => {
    if (ts.isTypeReferenceNode(one)) {
      const symbol = resolved(checker.getSymbolAtLocation(one.typeName), checker);
      const declaration = symbol.declarations?.[0];
      const isOurs = /[\\/]src[\\/]lab[\\/]plot[\\/]/.test(declaration?.getSourceFile().fileName ?? '');
      if (isOurs && ts.isInterfaceDeclaration(declaration) && !types.has(symbol.name)) {
        const members = membersOf(checker.getDeclaredTypeOfSymbol(symbol), checker);
        types.set(symbol.name, {
          name: symbol.name,
          doc: docOf(symbol, checker),
          members: members.map(bare),
        });
        for (const member of members) collectTypes(member.node, types, checker);
      }
    }
    ts.forEachChild(one, visit);
  };
  if (node) visit(node);
}
