// Generates option names and kinds from the interfaces of options, so that a misspelt option is rejected.
import { membersOf, scopesOf } from './declarations.mjs';

const written = '// Written by kernel-setup/setup/generate/options.mjs from the types of options.\n';

/**
 * The lists of option names with their kinds: one for every options type, and one for each other type that a public
 * callable takes as options, such as `Omit<…>`.
 * @param {readonly string[]} rooms the folders of src/ that are loaded on first use
 */
export function optionLists(sources, declared, rooms) {
  const scopeOf = scopesOf(sources, declared);
  const fileOf = (from) => (rooms.includes(from.split('/')[1]) ? from.split('/')[1] : 'core');
  const lists = new Map(
    listsOf(sources, declared, scopeOf).map(([name, properties]) => [
      name,
      { file: fileOf(declared.get(name).from), text: entries(properties) },
    ]),
  );
  return {
    /** The name of the list for a type; undefined if its properties are unknown. */
    of(type, callable, source) {
      if (type.type === 'TSTypeReference' && lists.has(type.typeName.name)) return type.typeName.name;
      const scope = scopeOf(source);
      const properties = propertiesOf(type, scope);
      if (properties === null || properties.size === 0 || properties.has(undefined)) return undefined;
      const text = entries(new Map([...properties].map(([one, kinds]) => [one, kindsOf(kinds, scope)])));
      const file = fileOf(source.from);
      const same = [...lists].find(([, list]) => list.file === file && list.text === text);
      if (same !== undefined) return same[0];
      const stem = `OptionsOf${callable[0].toUpperCase()}${callable.slice(1)}`;
      const name = lists.has(stem) ? `${stem}InRoom` : stem;
      lists.set(name, { file, text });
      return name;
    },
    /**
     * The texts of src/option-names/ by file. Each of `rooms` has a file that loads with it; core.ts has the other
     * lists. index.ts has all.
     */
    texts() {
      const files = ['core', ...rooms];
      const textOf = (file) => {
        const lines = [...lists]
          .filter(([, list]) => list.file === file)
          .map(
            ([name, { text }]) => `export const ${name}: readonly string[] = /* @__PURE__ */ optionList('${text}');\n`,
          )
          .sort();
        if (lines.length === 0) return `${written}\nexport {};\n`;
        return `${written}\nimport { optionList } from '../option-kinds';\n\n${lines.join('')}`;
      };
      const index = files.map((file) => `export * from './${file}';\n`).join('');
      return {
        ...Object.fromEntries(files.map((file) => [`${file}.ts`, textOf(file)])),
        'index.ts': `${written}\n${index}`,
      };
    },
  };
}

/** Every options type whose properties are known, with these, by name. */
function listsOf(sources, declared, scopeOf) {
  const byFile = new Map(sources.map((source) => [source.from, source]));
  const all = sources.flatMap(({ statements }) => statements.flatMap(({ declaration }) => declaration?.id?.name ?? []));
  // If two types share a name, they are private to their files.
  const once = (name) => all.indexOf(name) === all.lastIndexOf(name);
  return [...declared.keys()]
    .filter((name) => isOptions(name) && once(name))
    .map((name) => {
      const scope = scopeOf(byFile.get(declared.get(name).from));
      return [name, propertiesOf(typeNamed(name), scope), scope];
    })
    .filter(([, properties]) => properties !== null && !properties.has(undefined))
    .map(([name, properties, scope]) => [
      name,
      new Map([...properties].map(([one, type]) => [one, kindsOf(type, scope)])),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Names with kinds, in the format of `optionList`. */
const entries = (kindsOfNames) => [...kindsOfNames].map(([name, kinds]) => `${name}:${kinds.join('|')}`).join(' ');

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

/** Whether a type's name marks it as options. */
export const isOptions = (name) => /Options?$/.test(name);

/** Whether a parameter is for options: its type, or itself, is named so. */
export const areOptions = (name, type) =>
  name !== undefined && (['options', 'masks'].includes(name) || isOptions(type.typeName?.name ?? ''));

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
  const together = all([...parents, new Map(own)]);
  // Its own come first: in messages, they say most.
  return together && new Map([...own.map(([name]) => [name, together.get(name)]), ...together]);
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
