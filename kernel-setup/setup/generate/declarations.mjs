// Declarations of sources, read without a type checker: types are compared by their text.

/**
 * Declared types and functions by name: the node, its file's path, its documentation, and a function that returns the
 * text of a node in that file.
 */
export function declarationsIn(sources) {
  const declared = new Map();
  for (const { from, text, statements } of sources) {
    const textOf = ({ start, end }) => text.slice(start, end);
    for (const statement of statements) {
      const node = statement.declaration ?? statement;
      if (/^(TSInterface|TSTypeAlias|Function)Declaration$/.test(node.type))
        declared.set(node.id.name, { node, from, textOf });
    }
  }
  return declared;
}

/**
 * Declarations as a source sees them: a name that several files declare is its own, or that of the file from which it
 * imports it.
 */
export function scopesOf(sources, declared) {
  const all = new Map();
  for (const source of sources)
    for (const [name, declaration] of declarationsIn([source])) all.set(name, [...(all.get(name) ?? []), declaration]);
  const several = [...all].filter(([, found]) => found.length > 1);
  const importsOf = ({ statements }) =>
    statements.filter(({ type }) => type === 'ImportDeclaration').map(({ source }) => source.value.split('/').at(-1));
  return (source) => {
    const files = importsOf(source);
    const own = several.flatMap(([name, found]) => {
      const nearest =
        found.find(({ from }) => from === source.from) ??
        found.find(({ from }) => files.includes(from.split('/').at(-1)));
      return nearest ? [[name, nearest]] : [];
    });
    return own.length > 0 ? new Map([...declared, ...own]) : declared;
  };
}

/** What sources export, each with its documentation. */
export const documented = (sources) =>
  sources.flatMap(({ from, text, statements }) => {
    const textOf = ({ start, end }) => text.slice(start, end);
    return statements.flatMap(({ declaration, start }, i) => {
      const doc = docIn(text.slice(i === 0 ? 0 : statements[i - 1].end, start));
      return declaration ? [{ node: declaration, from, textOf, doc }] : [];
    });
  });

/** The last comment of documentation in a text. */
const docIn = (text) => (text.match(/\/\*\*[\s\S]*?\*\//g) ?? []).pop() ?? '';

/** The members of an interface, with their documentation; empty if it is not declared. */
export function membersOf(name, declared) {
  if (!declared.has(name)) return [];
  const { node, textOf } = declared.get(name);
  const { body, start } = node.body;
  return body.map((member, i) => {
    const before = textOf({ start: i === 0 ? start : body[i - 1].end, end: member.start });
    return { name: member.key?.name, member, textOf, doc: docIn(before).replaceAll('\n  ', '\n') };
  });
}

/** Records a declaration in `noted` by its file's path. @returns whether it is new */
export function note(name, declared, noted) {
  const { from } = declared.get(name);
  const names = noted.get(from) ?? new Set();
  noted.set(from, names);
  return names.size < names.add(name).size;
}

/** Records the types used in a declaration; with `deep`, also those used in theirs. */
export function noteTypes(node, declared, noted, deep = false) {
  const name = node.type === 'TSTypeReference' ? node.typeName.name : undefined;
  if (declared.has(name) && note(name, declared, noted) && deep)
    noteTypes(declared.get(name).node, declared, noted, deep);
  for (const child of Object.values(node).flat())
    if (child?.type !== undefined) noteTypes(child, declared, noted, deep);
}

/** Import or export lines for the recorded names. */
export const linesOf = (keyword, noted) =>
  [...noted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => `${keyword} { ${[...names].sort().join(', ')} } from '${from}';`);
