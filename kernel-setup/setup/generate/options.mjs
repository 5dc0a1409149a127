// From the types of options, which interfaces declare: their names, by which a call with a misspelt one is refused, and which of
// them are plain numbers or truth values.
import { membersOf } from './declarations.mjs';

/**
 * The text of src/option-names.ts: for every type of options, under its name, a list of the names that it has; and what those of all
 * types take that take no more than numbers, truth values and `null`.
 */
export function optionNamesText(sources, declared) {
  const all = sources.flatMap(({ statements }) => statements.flatMap(({ declaration }) => declaration?.id?.name ?? []));
  // Two types of one name are for their files alone.
  const once = (name) => all.indexOf(name) === all.lastIndexOf(name);
  const lists = [...declared.keys()]
    .filter((name) => isOptions(name) && once(name))
    .map((name) => [name, namesOf(typeNamed(name), declared)])
    .filter(([, names]) => names !== null && !names.includes(undefined))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const text = (names) => names.map((name) => `'${name}'`).join(', ');
  return `// Written by kernel-setup/setup/generate/options.mjs from the types of options.

${lists.map(([name, names]) => `export const ${name}: readonly string[] = [${text(names)}];`).join('\n')}

/** What an option may be, by its name, where none of that name may be anything else. */
export const plainKinds: ReadonlyMap<string, readonly string[]> = new Map([
${[...plainKinds(sources, new Set(lists.flatMap(([, names]) => names)))].map(([name, kinds]) => `  ['${name}', [${text(kinds)}]],`).join('\n')}
]);
`;
}

const plain = {
  TSNumberKeyword: 'number',
  TSBooleanKeyword: 'boolean',
  TSNullKeyword: 'null',
  TSUndefinedKeyword: 'undefined',
};

/**
 * The kinds of values of each of these names, over all properties of types of options and all optional ones elsewhere that are so
 * called; without those that take others, too.
 */
function plainKinds(sources, names) {
  const found = new Map();
  const kindsOf = (type) => (type.type === 'TSUnionType' ? type.types.flatMap(kindsOf) : [plain[type.type]]);
  const visit = (node, within) => {
    const inside = node?.type === 'TSInterfaceDeclaration' ? isOptions(node.id.name) : within;
    if (node?.type === 'TSPropertySignature' && (node.optional || inside) && names.has(node.key.name)) {
      const before = found.get(node.key.name) ?? [];
      found.set(node.key.name, [...before, ...kindsOf(node.typeAnnotation.typeAnnotation)]);
    }
    for (const child of Object.values(node ?? {}).flat()) if (typeof child === 'object') visit(child, inside);
  };
  for (const { statements } of sources) for (const statement of statements) visit(statement, false);
  return [...found]
    .filter(([, kinds]) => !kinds.includes(undefined))
    .map(([name, kinds]) => [name, ['number', 'boolean', 'null'].filter((kind) => kinds.includes(kind))])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Whether a type is one of options by its name. */
export const isOptions = (name) => /Options?$/.test(name);

const typeNamed = (name) => ({ type: 'TSTypeReference', typeName: { name } });

/** The names of the properties of a type of objects; `null` if they cannot be told. */
export function namesOf(type, declared) {
  if (type.type === 'TSParenthesizedType') return namesOf(type.typeAnnotation, declared);
  if (type.type === 'TSTypeLiteral') return type.members.map(({ key }) => key?.name);
  if (type.type === 'TSIntersectionType') return all(type.types.map((one) => namesOf(one, declared)));
  if (type.type !== 'TSTypeReference') return null;
  const given = (type.typeArguments ?? type.typeParameters)?.params ?? [];
  const { name } = type.typeName;
  if (['Partial', 'Required', 'Readonly', 'NonNullable'].includes(name)) return namesOf(given[0], declared);
  if (name === 'Omit' || name === 'Pick') {
    const [from, named] = [namesOf(given[0], declared), literals(given[1])];
    return from && named && from.filter((one) => named.includes(one) === (name === 'Pick'));
  }
  if (!declared.has(name)) return null;
  const { node } = declared.get(name);
  if (node.type === 'TSTypeAliasDeclaration') return namesOf(node.typeAnnotation, declared);
  if (node.type !== 'TSInterfaceDeclaration') return null;
  const parents = node.extends.map((parent) =>
    namesOf({ type: 'TSTypeReference', typeName: parent.expression, typeArguments: parent.typeArguments }, declared),
  );
  return all([...parents, membersOf(name, declared).map((member) => member.name)]);
}

/** The texts of a union of texts. */
function literals(type) {
  if (type.type === 'TSUnionType') return all(type.types.map(literals));
  return type.type === 'TSLiteralType' && typeof type.literal.value === 'string' ? [type.literal.value] : null;
}

const all = (lists) => (lists.includes(null) ? null : [...new Set(lists.flat())]);
