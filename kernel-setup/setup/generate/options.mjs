// Generates option names and kinds from the interfaces of options, so that a misspelt option is rejected.
import { membersOf } from './declarations.mjs';

/**
 * The texts of src/option-names/ by file: for every options type, a list of its names and their kinds. Each of `rooms`
 * has a file that loads with it. core.ts has the other types, and the kinds of names over all types, for calls with their
 * own lists. index.ts has all lists.
 * @param {readonly string[]} rooms the folders of src/ that are loaded on first use
 */
export function optionNameTexts(rooms, sources, declared) {
  const lists = listsOf(sources, declared);
  const files = ['core', ...rooms];
  const texts = files.map((file) => [`${file}.ts`, textOf(file, rooms, lists, sources, declared)]);
  const index = files.map((file) => `export * from './${file}';\n`).join('');
  return { ...Object.fromEntries(texts), 'index.ts': `${written}\n${index}` };
}

const written = '// Written by kernel-setup/setup/generate/options.mjs from the types of options.\n';

function textOf(file, rooms, lists, sources, declared) {
  const ofFile = lists.filter(([name]) => {
    const [, folder] = declared.get(name).from.split('/');
    return file === (rooms.includes(folder) ? folder : 'core');
  });
  const lines = ofFile.map(
    ([name, properties]) =>
      `export const ${name}: readonly string[] = /* @__PURE__ */ optionList('${entries(properties)}');\n`,
  );
  const rest = file === 'core' ? kindsText(sources, declared, lists) : '';
  if (lines.length === 0 && rest === '') return `${written}\nexport {};\n`;
  return `${written}\nimport { optionList } from '../option-kinds';\n\n${lines.join('')}${rest}`;
}

/** Every options type whose properties are known, with these, by name. */
function listsOf(sources, declared) {
  const all = sources.flatMap(({ statements }) => statements.flatMap(({ declaration }) => declaration?.id?.name ?? []));
  // If two types share a name, they are private to their files.
  const once = (name) => all.indexOf(name) === all.lastIndexOf(name);
  return [...declared.keys()]
    .filter((name) => isOptions(name) && once(name))
    .map((name) => [name, propertiesOf(typeNamed(name), declared)])
    .filter(([, properties]) => properties !== null && !properties.has(undefined))
    .map(([name, properties]) => [name, new Map([...properties].map(([one, type]) => [one, kindsOf(type, declared)]))])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Names with kinds, in the format of `optionList`. */
const entries = (kindsOfNames) => [...kindsOfNames].map(([name, kinds]) => `${name}:${kinds.join('|')}`).join(' ');

function kindsText(sources, declared, lists) {
  const names = new Set(lists.flatMap(([, properties]) => [...properties.keys()]));
  return `
/** The kinds of an option by name, over all types that have it. */
export const kindsOfName = '${entries(kindsOfName(sources, declared, names))}';
`;
}

const plain = {
  TSNumberKeyword: 'number',
  TSBooleanKeyword: 'boolean',
  TSStringKeyword: 'text',
  TSNullKeyword: 'null',
  TSFunctionType: 'function',
};
const classes = { Tensor: 'tensor', Parameter: 'tensor', Generator: 'generator' };
const order = ['number', 'boolean', 'text', 'numbers', 'list', 'tensor', 'function', 'generator', 'null'];

/** The kinds of a type's values; undefined if unknown. */
function kindsOf(type, declared) {
  const found = new Set();
  return collect(type, declared, found) ? order.filter((kind) => found.has(kind)) : [];
}

/** Adds the kinds of a type's values to `found`. @returns whether they are complete */
function collect(type, declared, found) {
  const kind = plain[type?.type];
  if (kind !== undefined) return found.add(kind) !== undefined;
  switch (type?.type) {
    case 'TSUndefinedKeyword':
      return true;
    case 'TSParenthesizedType':
      return collect(type.typeAnnotation, declared, found);
    case 'TSUnionType':
      return type.types.every((one) => collect(one, declared, found));
    case 'TSLiteralType':
      return found.add(typeof type.literal.value === 'string' ? 'text' : typeof type.literal.value) !== undefined;
    case 'TSTypeOperator':
      return type.operator === 'readonly' && collect(type.typeAnnotation, declared, found);
    case 'TSArrayType':
      return found.add(areNumbers([type.elementType]) ? 'numbers' : 'list') !== undefined;
    case 'TSTupleType':
      return found.add(areNumbers(type.elementTypes) ? 'numbers' : 'list') !== undefined;
  }
  if (type?.type !== 'TSTypeReference') return false;
  const { name } = type.typeName;
  // Some of them are not written as unions.
  if (/Dtype$/.test(name)) return found.add('text') !== undefined;
  if (classes[name] !== undefined) return found.add(classes[name]) !== undefined;
  const node = declared.get(name)?.node;
  return node?.type === 'TSTypeAliasDeclaration' && collect(node.typeAnnotation, declared, found);
}

const areNumbers = (types) => types.every(({ type }) => type === 'TSNumberKeyword');

/**
 * The kinds of these names, over all properties of options types and all optional properties elsewhere. Names with
 * unknown kinds are omitted.
 */
function kindsOfName(sources, declared, names) {
  const found = new Map();
  const visit = (node, within) => {
    const inside = node?.type === 'TSInterfaceDeclaration' ? isOptions(node.id.name) : within;
    if (node?.type === 'TSPropertySignature' && (node.optional || inside) && names.has(node.key.name)) {
      const kinds = kindsOf(node.typeAnnotation.typeAnnotation, declared);
      const before = found.get(node.key.name);
      found.set(node.key.name, before?.length === 0 || kinds.length === 0 ? [] : [...(before ?? []), ...kinds]);
    }
    // A walk over all keys: building lists of children took as long as parsing.
    for (const key in node) if (typeof node[key] === 'object') visit(node[key], inside);
  };
  for (const { statements } of sources) for (const statement of statements) visit(statement, false);
  return [...found]
    .filter(([, kinds]) => kinds.length > 0)
    .map(([name, kinds]) => [name, order.filter((kind) => kinds.includes(kind))])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a type's name marks it as options. */
export const isOptions = (name) => /Options?$/.test(name);

const typeNamed = (name) => ({ type: 'TSTypeReference', typeName: { name } });

/** The properties of an object type with their types, by name; `null` if unknown. */
export function propertiesOf(type, declared) {
  if (type.type === 'TSParenthesizedType') return propertiesOf(type.typeAnnotation, declared);
  if (type.type === 'TSTypeLiteral') return new Map(type.members.map((member) => [member.key?.name, typeOf(member)]));
  if (type.type === 'TSIntersectionType') return all(type.types.map((one) => propertiesOf(one, declared)));
  if (type.type !== 'TSTypeReference') return null;
  const given = (type.typeArguments ?? type.typeParameters)?.params ?? [];
  const { name } = type.typeName;
  if (['Partial', 'Required', 'Readonly', 'NonNullable'].includes(name)) return propertiesOf(given[0], declared);
  if (name === 'Omit' || name === 'Pick') {
    const [from, named] = [propertiesOf(given[0], declared), literals(given[1])];
    return from && named && new Map([...from].filter(([one]) => named.includes(one) === (name === 'Pick')));
  }
  if (!declared.has(name)) return null;
  const { node } = declared.get(name);
  if (node.type === 'TSTypeAliasDeclaration') return propertiesOf(node.typeAnnotation, declared);
  if (node.type !== 'TSInterfaceDeclaration') return null;
  const parents = node.extends.map((parent) =>
    propertiesOf(
      { type: 'TSTypeReference', typeName: parent.expression, typeArguments: parent.typeArguments },
      declared,
    ),
  );
  // A type parameter, such as `B extends boolean`, counts as its constraint.
  const bounds = new Map(node.typeParameters?.params.map((one) => [one.name.name ?? one.name, one.constraint]) ?? []);
  const own = membersOf(name, declared).map(({ name, member }) => {
    const type = typeOf(member);
    return [name, bounds.get(type?.typeName?.name) ?? type];
  });
  return all([...parents, new Map(own)]);
}

const typeOf = (member) =>
  member.type === 'TSMethodSignature' ? { type: 'TSFunctionType' } : member.typeAnnotation?.typeAnnotation;

/** The strings in a union of string literals. */
function literals(type) {
  if (type.type === 'TSUnionType') {
    const texts = type.types.map(literals);
    return texts.includes(null) ? null : texts.flat();
  }
  return type.type === 'TSLiteralType' && typeof type.literal.value === 'string' ? [type.literal.value] : null;
}

const all = (maps) => (maps.includes(null) ? null : new Map(maps.flatMap((map) => [...map])));
