// The library's public API, read from its TypeScript declarations: every function, class and method with its
// parameters, options and documentation. The oracle's runner, docs/ops.md and the tests of names use it.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * @typedef {object} Slot A parameter, or a member of the options.
 * @property {string} name
 * @property {boolean} optional
 * @property {boolean} rest whether it takes all further arguments
 * @property {(kind: string) => boolean} accepts whether its type takes a value of a kind: `tensor`, `number`,
 *   `boolean`, `string`, `null`, `array`, `function` or `object`
 *
 * @typedef {object} Signature
 * @property {Slot[]} params positional parameters
 * @property {Slot[]} options members of the last object, in the order of their declaration
 *
 * @typedef {object} Entry
 * @property {'function' | 'class' | 'method' | 'property'} kind a property has no parameters
 * @property {string[]} path where it stands: `['nn', 'functional', 'conv2d']`; a method has its name alone
 * @property {string[]} torch the names of PyTorch that the documentation gives in parentheses, without `torch.`
 * @property {string} doc
 * @property {Signature[]} signatures of the function, method or constructor
 * @property {Signature[]} [forward] of a module: what calling it takes
 * @property {{ name: string, doc: string }} [family] of a method: the interface that declares it
 */

/**
 * Reads the sources of a door.
 *
 * @param {string} [door] its file in src/
 * @returns {{ entries: Entry[], attributes: string[], find(torchName: string): Entry | undefined }} `attributes`: a tensor's,
 *   whose documentation need not name PyTorch's; `find` takes PyTorch's name without `torch.`; a method is found by its name
 *   alone too
 */
export function readApi(door = 'index.ts') {
  const file = join(root, 'src', door);
  const program = ts.createProgram([file], {
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
  const source = /** @type {import('typescript').SourceFile} */ (program.getSourceFile(file));
  /** @type {[any[], any[]]} */
  const [entries, attributes] = [[], []];
  collect(checker.getSymbolAtLocation(source), [], { entries, attributes }, checker);
  const byName = new Map();
  // A function is preferred to the method of the same name: it comes first.
  for (const entry of [...entries].sort((a, b) => order(a) - order(b)))
    for (const name of entry.torch) if (!byName.has(name)) byName.set(name, entry);
  return { entries, attributes, find: (name) => byName.get(name) ?? byName.get(`Tensor.${name}`) };
}

const order = ({ kind, path }) => (kind === 'method' || kind === 'property' ? 100 : path.length);

function collect(module, path, into, checker) {
  const { entries } = into;
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const here = [...path, exported.name];
    if (isInternal(symbol)) continue;
    if (symbol.flags & ts.SymbolFlags.ValueModule) collect(symbol, here, into, checker);
    else if (symbol.flags & ts.SymbolFlags.Class) {
      const made = checker.getTypeOfSymbol(symbol).getConstructSignatures();
      const forward = checker.getDeclaredTypeOfSymbol(symbol).getProperty('forward');
      const calls = forward === undefined ? [] : checker.getTypeOfSymbol(forward).getCallSignatures();
      const entry = entryOf('class', here, symbol, made, checker);
      entries.push({ ...entry, forward: calls.map((s) => signatureOf(s, checker)) });
      if (exported.name === 'Tensor') collectMethods(symbol, into, checker);
    } else if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable)) {
      const calls = checker.getTypeOfSymbol(symbol).getCallSignatures();
      if (calls.length > 0) entries.push(entryOf('function', here, symbol, calls, checker));
    }
  }
}

function collectMethods(tensor, { entries, attributes }, checker) {
  for (const member of checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(tensor))) {
    // TypeScript assigns the constructor's tags to a parameter property.
    const isParameter = member.valueDeclaration !== undefined && ts.isParameter(member.valueDeclaration);
    if ((isInternal(member) && !isParameter) || member.name.startsWith('__')) continue;
    const calls = checker.getTypeOfSymbol(member).getCallSignatures();
    if (calls.length > 0) {
      const parent = checker.getSymbolAtLocation(member.declarations[0].parent.name);
      const family = { name: parent.name, doc: docOf(parent, checker) };
      entries.push({ ...entryOf('method', [member.name], member, calls, checker), family });
    } else {
      attributes.push(member.name);
      const property = entryOf('property', [member.name], member, [], checker);
      if (property.torch.length > 0) entries.push({ ...property, signatures: [{ params: [], options: [] }] });
    }
  }
}

const isInternal = (symbol) => symbol.getJsDocTags().some((tag) => tag.name === 'internal');

const docOf = (symbol, checker) => ts.displayPartsToString(symbol.getDocumentationComment(checker));

function entryOf(kind, path, symbol, signatures, checker) {
  const doc = docOf(symbol, checker);
  const torch = [...doc.matchAll(/\(((?:`torch\.[\w.]+`(?:, )?)+)\)/g)].flatMap(([, names]) =>
    [...names.matchAll(/`torch\.([\w.]+)`/g)].map(([, name]) => name),
  );
  return { kind, path, torch, doc, signatures: signatures.map((s) => signatureOf(s, checker)) };
}

function signatureOf(signature, checker) {
  const all = signature.getParameters().map((p) => ({ ...slotOf(p, checker), type: checker.getTypeOfSymbol(p) }));
  const last = all[all.length - 1];
  const members = last === undefined || last.rest ? undefined : optionsOf(last.type, checker);
  const params = members === undefined ? all : all.slice(0, -1);
  const options = members?.map((m) => ({ ...slotOf(m, checker), optional: true })) ?? [];
  return { params: params.map(({ type: _, ...slot }) => slot), options };
}

/** The members of a type if it is an object of options: not a tensor, array, function or class. */
function optionsOf(type, checker) {
  const bare = checker.getNonNullableType(type);
  if (bare.isUnion() || !(bare.flags & ts.TypeFlags.Object) || checker.isArrayLikeType(bare)) return undefined;
  if (bare.isClass() || bare.symbol?.flags & ts.SymbolFlags.Class || bare.getCallSignatures().length > 0)
    return undefined;
  if (checker.getIndexInfosOfType(bare).length > 0 || bare.getProperty('next')) return undefined;
  const members = checker.getPropertiesOfType(bare);
  return members.some((m) => m.name.startsWith('__@')) ? undefined : members;
}

function slotOf(symbol, checker) {
  const declaration = symbol.valueDeclaration;
  const isParameter = declaration !== undefined && ts.isParameter(declaration);
  const type = checker.getTypeOfSymbol(symbol);
  return {
    name: symbol.name,
    optional:
      (symbol.flags & ts.SymbolFlags.Optional) !== 0 ||
      (isParameter && (declaration.questionToken !== undefined || declaration.initializer !== undefined)),
    rest: isParameter && declaration.dotDotDotToken !== undefined,
    accepts: acceptor(type, checker),
  };
}

function acceptor(type, checker) {
  const kinds = new Set();
  const visit = (t) => {
    const { flags } = t;
    if (t.isUnion()) for (const member of t.types) visit(member);
    else if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) kinds.add('anything');
    else if (flags & ts.TypeFlags.NumberLike) kinds.add('number');
    else if (flags & ts.TypeFlags.BooleanLike) kinds.add('boolean');
    else if (flags & ts.TypeFlags.StringLike) kinds.add('string');
    else if (flags & ts.TypeFlags.Null) kinds.add('null');
    else if (flags & ts.TypeFlags.TypeParameter) visit(checker.getBaseConstraintOfType(t) ?? checker.getAnyType());
    else if (checker.isArrayLikeType(t)) kinds.add('array');
    else if (t.getCallSignatures().length > 0) kinds.add('function');
    else if (t.getProperty('gradFn')) kinds.add('tensor');
    else if (flags & ts.TypeFlags.Object) kinds.add('object');
  };
  visit(type);
  return (kind) => kinds.has(kind) || kinds.has('anything');
}
