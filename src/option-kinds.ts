// Lists of options as the build writes them: `name:kind|kind name:kind`, in short, for every import reads them.

/** What each of the options in a list may be, in their order; nothing where that is not looked at. @internal */
export const kindsOfList: Map<readonly string[], readonly string[]> = new Map();

/** The names in a text of options; {@link kindsOfList} has their kinds from then on. @internal */
export function optionList(text: string): readonly string[] {
  const kinds = kindsIn(text);
  const names = [...kinds.keys()];
  kindsOfList.set(names, [...kinds.values()]);
  return names;
}

/** The kinds in a text of options, by name: of several, `kind | kind`. @internal */
export function kindsIn(text: string): Map<string, string> {
  const entries = (text === '' ? [] : text.split(' ')).map((entry): [string, string] => {
    const [name, kinds] = entry.split(':');
    return [name, kinds.replaceAll('|', ' | ')];
  });
  return new Map(entries);
}
