// Generates the contract of every public function, class and method from its declaration: how many arguments it takes,
// which of them are tensors, and its options.
import path from 'node:path';
import { areOptions } from './options.mjs';

/**
 * The contracts, by file and by name. The build inserts the checks that follow from them (guard.mjs), and tests call
 * each of them with wrong arguments.
 *
 * - `path`: the name from the door, such as `nn.functional.relu`; absent for a base class that is not exported.
 * - `called`: the name in messages.
 * - `most`: the number of parameters; absent if the last takes any number.
 * - `tensors`: the parameters that must be tensors, with their names in messages.
 * - `list`: the first parameter, if it must be a list of tensors.
 * - `options`: the parameter for options, its place, and the list of names in option-names/; and
 *   `isRequired`.
 * - `isClass`: whether it is a class, whose `methods` have the same properties.
 *
 * The name `methods` is for those that a file adds to the class `of`.
 */
export function contractsIn(sources, lists) {
  const open = publicNames(sources);
  const { isBase, isMade } = basesOf(sources, open);
  const contracts = {};
  for (const source of sources) {
    if (source.from === './errors') continue; // which the checks throw
    const ofFile = {};
    for (const { node, docs } of callables(source)) {
      const { name } = node.id;
      const from = open.get(`${source.from}#${name}`);
      if (from === undefined && !isBase(name)) continue;
      const found =
        node.type === 'ClassDeclaration'
          ? classContract(node, source, docs, lists, from !== undefined || isMade(name))
          : contractOf(node, name, source, lists);
      if (found === undefined) continue;
      const called = from?.startsWith('tuner.') && node.type !== 'ClassDeclaration' ? from : (from ?? name);
      ofFile[name] = {
        ...(from && { path: from }),
        called: isRoom(called) ? called : called.split('.').at(-1),
        ...found,
      };
    }
    const added = addedMethods(source, lists);
    if (added !== undefined) ofFile.methods = added;
    if (Object.keys(ofFile).length > 0) contracts[source.from.slice('./'.length)] = ofFile;
  }
  return contracts;
}

/** Rooms whose functions are named with the room in messages: `tuner.float`, since tensors have a `float` too. */
const isRoom = (called) => /^tuner\.[a-z]/.test(called);

/** Functions with a body, and classes; each with a function that returns the text before a member. */
function* callables({ statements, text }) {
  for (const statement of statements) {
    const node = statement.declaration ?? statement;
    if ((node.type === 'FunctionDeclaration' && node.body) || node.type === 'ClassDeclaration')
      yield { node, docs: (start, end) => text.slice(start, end) };
  }
}

/** The path from the door of each public name, by `file#name`. */
function publicNames(sources) {
  const byFile = new Map(sources.map((source) => [source.from, source]));
  const known = new Map();
  const resolve = (from, to) => {
    const stem = `./${path.posix.join(path.posix.dirname(from), to)}`;
    return byFile.has(stem) ? stem : `${stem}/index`;
  };
  /** What a file exports: names with `file#name`, or with a namespace. */
  function exportsOf(from) {
    if (known.has(from)) return known.get(from);
    const found = new Map();
    known.set(from, found);
    const { statements } = byFile.get(from) ?? { statements: [] };
    const imported = new Map(
      statements
        .filter(({ type, importKind }) => type === 'ImportDeclaration' && importKind !== 'type')
        .flatMap(({ source, specifiers }) =>
          specifiers
            .filter(({ type }) => type === 'ImportSpecifier')
            .map((one) => [one.local.name, [resolve(from, source.value), one.imported.name]]),
        ),
    );
    for (const { type, exportKind, exported, source, declaration, specifiers = [] } of statements) {
      if (exportKind === 'type') continue;
      if (type === 'ExportAllDeclaration' && exported) found.set(exported.name, { space: resolve(from, source.value) });
      else if (type === 'ExportAllDeclaration')
        for (const [name, target] of exportsOf(resolve(from, source.value))) found.set(name, target);
      else if (type === 'ExportNamedDeclaration' && declaration?.id)
        found.set(declaration.id.name, { key: `${from}#${declaration.id.name}` });
      else if (type === 'ExportNamedDeclaration')
        for (const one of specifiers) {
          const [file, name] = source
            ? [resolve(from, source.value), one.local.name]
            : (imported.get(one.local.name) ?? [from, one.local.name]);
          const target = file === from ? { key: `${from}#${name}` } : exportsOf(file).get(name);
          if (target) found.set(one.exported.name, target);
        }
    }
    return found;
  }
  const open = new Map();
  const visit = (from, before) => {
    for (const [name, { key, space }] of exportsOf(from)) {
      if (space) visit(space, `${before}${name}.`);
      else if (!open.has(key)) open.set(key, `${before}${name}`);
    }
  };
  visit('./index', '');
  return open;
}

/**
 * Whether a class is a base of a public one, which inherits its methods; and whether it is one whose constructor makes
 * the public one, since no class between has its own.
 */
function basesOf(sources, open) {
  const classes = new Map();
  const pending = [];
  for (const source of sources)
    for (const { node } of callables(source)) {
      if (node.type !== 'ClassDeclaration') continue;
      const hasOwn = node.body.body.some(({ kind }) => kind === 'constructor');
      classes.set(node.id.name, { parent: node.superClass?.name, hasOwn });
      if (open.has(`${source.from}#${node.id.name}`)) pending.push(node.id.name);
    }
  const [bases, makers] = [new Set(), new Set()];
  for (const name of pending) {
    let isInherited = true;
    for (let one = classes.get(name); one?.parent !== undefined; one = classes.get(one.parent)) {
      isInherited &&= !one.hasOwn;
      bases.add(one.parent);
      if (isInherited) makers.add(one.parent);
    }
  }
  return { isBase: (name) => bases.has(name), isMade: (name) => makers.has(name) };
}

function classContract({ id, body }, source, docs, lists, isMade) {
  const own = { isClass: true };
  const methods = {};
  body.body.forEach((member, i) => {
    const { type, kind, key, value, computed, accessibility, static: isStatic, start } = member;
    if (type !== 'MethodDefinition' || !value.body || computed || key.type !== 'Identifier') return;
    const doc = docs(i === 0 ? body.start : body.body[i - 1].end, start);
    if (['private', 'protected'].includes(accessibility)) return;
    if (kind === 'constructor' && isMade) Object.assign(own, contractOf(value, id.name, source, lists));
    else if (kind === 'method' && !doc.includes('@internal') && !called.has(key.name)) {
      const found = contractOf(value, `${id.name}${capital(key.name)}`, source, lists);
      if (found) methods[key.name] = { ...(isStatic && { isStatic }), ...found };
    }
  });
  if (Object.keys(methods).length > 0) own.methods = methods;
  return own.most === undefined && own.methods === undefined && own.options === undefined ? undefined : own;
}

/** The methods that a file adds to a class: `const methods = {…}; Object.assign(Tensor.prototype, methods);`. */
function addedMethods(source, lists) {
  const [, of] = source.text.match(/^Object\.assign\((\w+)\.prototype, methods\);$/m) ?? [];
  if (of === undefined) return undefined;
  const { init } = source.statements
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ id }) => id.name === 'methods');
  const found = init.properties.map(({ key, value }) => [key.name, contractOf(value, key.name, source, lists)]);
  return { of, methods: Object.fromEntries(found) };
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);

/** What JavaScript, printing or a notebook calls. */
const called = new Set(['toJSON', 'toString', 'valueOf', 'extraRepr', 'mimeBundle']);

/** Functions whose errors come from `await`: they check their options themselves. */
const checksItself = new Set(['fitAsync']);

/** Parameters with PyTorch's short names, as messages name them. */
const words = { src: 'source', tgt: 'target' };

function contractOf({ params, generator, returnType }, name, source, lists) {
  // The body of a generator runs at its first step; what returns never says why.
  if (generator || returnType?.typeAnnotation.type === 'TSNeverKeyword') return undefined;
  const textOf = ({ start, end }) => source.text.slice(start, end);
  const taken = params.filter((one) => one.name !== 'this').map(plainOf);
  const contract = {};
  if (!taken.some(({ type }) => type === 'RestElement')) contract.most = taken.length;
  // A function that is a method as well is checked by the method.
  if (source.from === './ops/functions') return contract.most === undefined ? undefined : contract;
  const tensors = taken
    .filter(({ name, type, optional }) => name !== undefined && type && !optional && textOf(type) === 'Tensor')
    .map(({ name }) => [name, `the ${words[name] ?? name.replace(/_$/, '')}`]);
  if (tensors.length > 0) contract.tensors = Object.fromEntries(tensors);
  const [first] = taken;
  if (first?.name !== undefined && !first.optional && first.type && textOf(first.type) === 'readonly Tensor[]')
    contract.list = first.name;
  const place = checksItself.has(name) ? -1 : taken.findIndex(({ name, type }) => type && areOptions(name, type));
  const list = place < 0 ? undefined : lists.of(taken[place].type, name, source);
  if (list !== undefined)
    contract.options = { name: taken[place].name, place, list, ...(!taken[place].optional && { isRequired: true }) };
  return contract.most === undefined && contract.options === undefined && !contract.tensors ? undefined : contract;
}

/** Name and type of a parameter, which may have a default value or be a property. */
function plainOf(parameter) {
  const inner = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const hasDefault = inner.type === 'AssignmentPattern';
  const target = hasDefault ? inner.left : inner;
  if (target.type === 'RestElement') return { type: 'RestElement' };
  return {
    name: target.type === 'Identifier' ? target.name : undefined,
    type: target.typeAnnotation?.typeAnnotation,
    optional: hasDefault || target.optional === true,
  };
}
