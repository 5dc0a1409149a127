// Lists of options as the build writes them: `name:kind|kind name:kind`. They are short because every import parses them.

/** The kinds of each option in a list, in the same order; '' for an option that is not checked. @internal */
export const kindsOfList: Map<readonly string[], readonly string[]> = new Map();

/** What to do instead of giving an option that a list does not have, by name. @internal */
export const elsewhereOf: Map<readonly string[], Readonly<Record<string, string>>> = new Map();

/** Parses the names in a text of options and registers their kinds in {@link kindsOfList}. @internal */
export function optionList(text: string): readonly string[] {
  const kinds = kindsIn(text);
  const names = [...kinds.keys()];
  kindsOfList.set(names, [...kinds.values()]);
  return names;
}

/** Parses the kinds in a text of options, by name: several as `kind | kind`. @internal */
export function kindsIn(text: string): Map<string, string> {
  const entries = (text === '' ? [] : text.split(' ')).map((entry): [string, string] => {
    const [name, kinds] = entry.split(':');
    return [name, kinds.replaceAll('|', ' | ')];
  });
  return new Map(entries);
}

/** Expands `{ 'a,b': 'x y' }` to `{ x: ['a', 'b'], y: ['a', 'b'] }`. @internal */
export function listsByName(groups: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  for (const list in groups) for (const name of groups[list].split(' ')) found[name] = list.split(',');
  return found;
}
