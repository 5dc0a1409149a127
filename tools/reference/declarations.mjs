// The public functions and classes of both doors, read from their TypeScript sources for the pages of the reference:
// documentation, example, calls, arguments, options, members.
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');
const sources = join(root, 'src');

/** Files of the doors, by what a cell imports from. */
const DOORS = { gradlab: 'index.ts', 'gradlab/lab': 'lab/index.ts' };

/**
 * @typedef {object} Member An argument, an option, or a member of an object.
 * @property {string} name
 * @property {boolean} optional
 * @property {string} type as it is written in the source
 * @property {string} doc
 * @property {string[]} [calls] of a method
 *
 * @typedef {object} Declared A function or class.
 * @property {string} name as it is used, such as `plot.bars` or `nn.Linear`
 * @property {keyof typeof DOORS} door
 * @property {'function' | 'class'} kind
 * @property {string} doc
 * @property {string} example
 * @property {string[]} calls short signatures
 * @property {Member[]} params those before the options
 * @property {Member[]} options
 * @property {Member[]} members of a class: methods and properties that no other listed class declares
 * @property {{ name: string, doc: string, type?: string, members: Member[] }[]} types that arguments and options consist of
 * @property {Record<keyof typeof DOORS, string[]>} imports names that the example needs
 */

/**
 * Reads both doors.
 * @returns {Declared[]} in the order of their declaration
 */
export function readDeclared() {
  const files = Object.values(DOORS).map((name) => join(sources, name));
  const program = ts.createProgram(files, {
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
  const found = [];
  const names = {};
  for (const [door, file] of Object.entries(DOORS)) {
    const source = program.getSourceFile(join(sources, file));
    const symbol = source && checker.getSymbolAtLocation(source);
    if (!symbol) throw new Error(`src/${file} is not a module`);
    const top = exportsOf(symbol, checker);
    names[door] = top.map(({ name }) => name);
    const collect = (list, space) => {
      for (const one of list) {
        const name = `${space}${one.name}`;
        if (isInternal(one.symbol, checker)) continue;
        if (one.symbol.flags & ts.SymbolFlags.ValueModule) collect(exportsOf(one.symbol, checker), `${name}.`);
        else found.push({ name, door, symbol: one.symbol });
      }
    };
    collect(top, '');
  }
  const listed = new Set(found.map(({ symbol }) => symbol));
  const made = new Set(found.flatMap(({ symbol }) => resultsOf(symbol, checker)));
  return found.flatMap((one) => declaredOf(one, { names, listed, made, checker }) ?? []);
}

/** The types that a function returns, if readers get them only from it. */
const resultsOf = (symbol, checker) =>
  checker
    .getTypeOfSymbol(symbol)
    .getCallSignatures()
    .flatMap((one) => one.getReturnType().symbol ?? [])
    .filter((one) => !isWritten(one, checker));

const resolved = (symbol, checker) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);

const exportsOf = (module, checker) =>
  checker
    .getExportsOfModule(module)
    .map((one) => ({ name: one.name, symbol: resolved(one, checker) }))
    .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Value);

const isInternal = (symbol, checker) => symbol.getJsDocTags(checker).some(({ name }) => name === 'internal');

const docOf = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** @returns {Declared | undefined} nothing for a value that is neither called nor made */
function declaredOf({ name, door, symbol }, { names, listed, made, checker }) {
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const type = checker.getTypeOfSymbol(symbol);
  const signatures = isClass ? type.getConstructSignatures() : type.getCallSignatures();
  if (!isClass && signatures.length === 0) return undefined;
  // A constructor that is internal has arguments that do not concern a reader.
  const open = signatures.filter((one) => !one.getJsDocTags().some((tag) => tag.name === 'internal'));
  const isMade = !isClass || (open.length > 0 && !isAbstract(symbol));
  const all = isMade ? open.map((one) => argumentsOf(one, checker)) : [];
  const widest = [...all].sort((a, b) => b.size - a.size)[0] ?? { params: [], options: [] };
  // An overload may repeat an option without its comment.
  const explained = all.flatMap(({ options }) => options).filter(({ doc }) => doc !== '');
  const options = widest.options.map((one) =>
    one.doc === '' ? (explained.find(({ name: other }) => other === one.name) ?? one) : one,
  );
  const example = exampleOf(symbol, checker);
  const used = namesUsedIn(example);
  const given = [...widest.params, ...options];
  const members = isClass
    ? membersOfClass(symbol, listed, checker).filter((one) =>
        given.every(({ name: argument }) => argument !== one.name),
      )
    : [];
  const types = new Map();
  const apart = new Set([...listed, ...made, ...all.flatMap((one) => one.optionsSymbol ?? [])]);
  for (const { node } of [...given, ...members]) collectTypes(node, { types, apart, checker });
  const calls = all.map(
    (one) => `${isClass ? 'new ' : ''}${name}(${one.shown.join(', ')})${isClass ? '' : one.result}`,
  );
  return {
    name,
    door,
    kind: isClass ? 'class' : 'function',
    doc: docOf(symbol, checker),
    example,
    calls: [...new Set(calls)],
    params: widest.params.map(bare),
    options: options.map(bare),
    members: members.map(bare),
    types: [...types.values()],
    imports: importsOf(used, names),
  };
}

const isAbstract = (symbol) =>
  symbol.declarations.some(
    (one) => ts.isClassDeclaration(one) && one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AbstractKeyword),
  );

function exampleOf(symbol, checker) {
  const tag = symbol.getJsDocTags(checker).find((one) => one.name === 'example');
  return ts.displayPartsToString(tag?.text).trim();
}

/** The imports of an example: what both doors have comes from the laboratory. */
function importsOf(used, names) {
  const lab = names['gradlab/lab'].filter((one) => used.has(one));
  return { gradlab: names.gradlab.filter((one) => used.has(one) && !lab.includes(one)), 'gradlab/lab': lab };
}

/** The arguments of a signature: those before the options, the options, and all as a call shows them. */
function argumentsOf(signature, checker) {
  const all = signature
    .getParameters()
    .filter((one) => !isInternal(one, checker))
    .map((one) => ({ ...memberOf(one, checker), symbol: one }));
  const last = all.at(-1);
  const optionsType = last && optionsTypeOf(last, checker);
  const options = optionsType ? membersOf(optionsType, checker) : [];
  const params = optionsType ? all.slice(0, -1) : all;
  const shown = params.map(({ name, optional, rest }) => `${rest ? '...' : ''}${name}${optional ? '?' : ''}`);
  if (options.length > 0) shown.push(`options${last.optional ? '?' : ''}`);
  const optionsSymbol = optionsType?.aliasTypeArguments?.[0]?.symbol ?? optionsType?.symbol;
  const result = resultOf(signature, checker);
  return { params, options, optionsSymbol, shown, size: params.length + options.length, result };
}

/** The type of the last argument, if it is an object of options. */
function optionsTypeOf({ symbol, type, rest }, checker) {
  if (rest || !(symbol.name === 'options' || /(Options|Settings)(<.*>)?>?$/.test(type))) return undefined;
  const bareType = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
  return bareType.isUnion() && !bareType.types.every((one) => one.flags & ts.TypeFlags.Object) ? undefined : bareType;
}

/** What a function returns, briefly. */
function resultOf(signature, checker) {
  const node = signature.declaration?.type;
  const text = node
    ? textOf(node)
    : checker.typeToString(signature.getReturnType(), undefined, ts.TypeFormatFlags.NoTruncation);
  const short = withoutArguments(text);
  return short === 'void' || /^asserts /.test(short) || short.length > 60 ? '' : ` → ${short}`;
}

/** A type without the arguments of generic types, except promises. */
function withoutArguments(text) {
  let short = text.replace(/\bPromise<(.*)>$/, (_, inner) => `Promise‹${withoutArguments(inner)}›`);
  for (let before; before !== short; ) [before, short] = [short, short.replace(/(\w)<[^<>]*>/g, '$1')];
  return short.replace('‹', '<').replace('›', '>');
}

const textOf = (node) =>
  node
    .getText()
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .replace(/\breadonly /g, '')
    .replace(/\s+/g, ' ')
    .replace(/[;,] }/g, ' }')
    .replace(/^\| /, '');

/** The type that a type parameter must have. */
function constraintOf(node, checker) {
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const parameter = checker.getSymbolAtLocation(node.typeName)?.declarations?.[0];
  return parameter && ts.isTypeParameterDeclaration(parameter) ? parameter.constraint : undefined;
}

/** A type without arguments that are type parameters or options: `Params<SGDOptions>`. */
const withoutOwnArguments = (text) => text.replace(/<(?:[A-Z]|\w+Options)(?:<[A-Z]>)?(?:, [A-Z])*>/g, '');

function memberOf(symbol, checker) {
  const declaration = symbol.valueDeclaration ?? symbol.declarations[0];
  const isOptional =
    (symbol.flags & ts.SymbolFlags.Optional) !== 0 ||
    declaration.questionToken !== undefined ||
    (ts.isParameter(declaration) && declaration.initializer !== undefined);
  const node = declaration.type;
  // A parameter without a type, or one declared by the type of a function, has that of the checker.
  const type = node
    ? withoutOwnArguments(textOf(constraintOf(node, checker) ?? node))
    : checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, ts.TypeFormatFlags.NoTruncation);
  const isMethod = ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration);
  const shown = isMethod ? `(${declaration.parameters.map(textOf).join(', ')}) => ${type}` : type;
  const name = ts.isParameter(declaration) && !ts.isIdentifier(declaration.name) ? 'options' : symbol.name;
  const rest = ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
  const kind = isOptional ? shown.replace(/ \| undefined$/, '') : shown;
  return { name, optional: isOptional, rest, type: kind, doc: docOf(symbol, checker), node };
}

/** The members of an object type, without those that are marked as internal. */
const membersOf = (type, checker) =>
  checker
    .getPropertiesOfType(type)
    .filter((member) => member.declarations?.length && !member.name.includes('@') && !isInternal(member, checker))
    .map((member) => memberOf(member, checker));

/** Members that every object of their kind has. */
const EVERYWHERE = [
  'forward',
  'toString',
  'toJSON',
  'inspect',
  'extraRepr',
  'constructor',
  'prototype',
  'length',
  'name',
];

/** The names that a class has from classes that have a section themselves. */
function inheritedNames(type, listed, checker) {
  return (checker.getBaseTypes(type) ?? []).flatMap((base) =>
    listed.has(base.symbol)
      ? checker.getPropertiesOfType(base).map(({ name }) => name)
      : base.isClassOrInterface()
        ? inheritedNames(base, listed, checker)
        : base.target
          ? inheritedNames(base.target, listed, checker)
          : [],
  );
}

/** The public methods and properties of a class, without those of classes that have a section themselves. */
function membersOfClass(symbol, listed, checker) {
  const inherited = new Set(inheritedNames(checker.getDeclaredTypeOfSymbol(symbol), listed, checker));
  const isShown = (member) => {
    const declaration = member.valueDeclaration ?? member.declarations?.[0];
    if (declaration === undefined || isInternal(member, checker)) return false;
    if (/^_|^#|@/.test(member.name) || EVERYWHERE.includes(member.name)) return false;
    if (!declaration.getSourceFile().fileName.startsWith(sources.replaceAll('\\', '/'))) return false;
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    return (ts.getCombinedModifierFlags(declaration) & hidden) === 0 && !inherited.has(member.name);
  };
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter(isShown)
    .map((member) => {
      const calls = checker.getTypeOfSymbol(member).getCallSignatures();
      const declaration = member.valueDeclaration ?? member.declarations[0];
      const isMethod = ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration);
      const own = memberOf(member, checker);
      if (!isMethod) return own;
      const shown = calls
        .map((one) => argumentsOf(one, checker))
        .map((one) => `${own.name}(${one.shown.join(', ')})${one.result}`);
      return { ...own, calls: [...new Set(shown)], node: undefined };
    });
}

/** The names that a code uses and does not declare itself. */
function namesUsedIn(code) {
  const [used, declared] = [new Set(), new Set()];
  const visit = (node) => {
    const { parent } = node;
    if (ts.isIdentifier(node)) {
      const isMember =
        (ts.isPropertyAccessExpression(parent) ||
          ts.isPropertyAssignment(parent) ||
          ts.isPropertyDeclaration(parent)) &&
        parent.name === node;
      const declares =
        ts.isVariableDeclaration(parent) ||
        ts.isBindingElement(parent) ||
        ts.isParameter(parent) ||
        ts.isFunctionDeclaration(parent) ||
        ts.isClassDeclaration(parent);
      if (declares && parent.name === node) declared.add(node.text);
      else if (!isMember) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true));
  return new Set([...used].filter((name) => !declared.has(name)));
}

const bare = ({ node: _, symbol: __, ...member }) => member;

/** Types that every reader knows, or that have a page. */
const KNOWN = ['Tensor', 'Module', 'Shape', 'Dtype', 'Generator', 'TensorLike', 'Parameter', 'Optimizer'];
/** Number of characters of a type's definition, and of members of an object, that a table can show. */
const LONGEST = 160;
const MOST = 16;

/** Whether readers write such objects themselves: those in which most members may be left out. */
function isWritten(symbol, checker) {
  if (!(symbol.flags & ts.SymbolFlags.Interface)) return false;
  const members = membersOf(checker.getDeclaredTypeOfSymbol(symbol), checker);
  return 2 * members.filter(({ optional }) => optional).length > members.length;
}

/** Notes the interfaces and type names of the library that a type mentions, with those that their members mention. */
function collectTypes(node, { types, apart, checker }) {
  const visit = (one) => {
    if (ts.isTypeReferenceNode(one)) note(one.typeName);
    ts.forEachChild(one, visit);
  };
  const note = (typeName) => {
    const at = checker.getSymbolAtLocation(typeName);
    if (at === undefined) return;
    const symbol = resolved(at, checker);
    const declaration = symbol.declarations?.[0];
    const file = declaration?.getSourceFile().fileName ?? '';
    if (!file.startsWith(sources.replaceAll('\\', '/')) || apart.has(symbol) || KNOWN.includes(symbol.name)) return;
    const doc = docOf(symbol, checker);
    if (types.has(symbol.name) || doc === '') return;
    if (ts.isInterfaceDeclaration(declaration)) {
      const members = membersOf(checker.getDeclaredTypeOfSymbol(symbol), checker);
      types.set(symbol.name, { name: symbol.name, doc, members: members.length <= MOST ? members.map(bare) : [] });
      for (const member of members) collectTypes(member.node, { types, apart, checker });
    } else if (ts.isTypeAliasDeclaration(declaration)) {
      const type = textOf(declaration.type);
      // A type that is computed says nothing to a reader.
      if (/\b(extends|keyof|infer|typeof)\b/.test(type)) return;
      types.set(symbol.name, { name: symbol.name, doc, type: type.length <= LONGEST ? type : undefined, members: [] });
      collectTypes(declaration.type, { types, apart, checker });
    }
  };
  if (node) visit(node);
}
