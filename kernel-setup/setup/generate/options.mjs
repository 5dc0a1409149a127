// From the types of options, which interfaces declare: their names, by which a call with a misspelt one is refused.
import { membersOf } from './declarations.mjs';

/** The text of src/option-names.ts: for every type of options, under its name, a list of the names that it has. */
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
`;
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
