// Help on the parameter of the argument at the cursor.
import { callAt } from './call-at';
import type { CellFile } from './cell-file';
import { withAllCharacters } from './declarations';
import type { Project } from './project';
import type { Argument } from './types';
import { ts } from './typescript';

/** The argument at the cursor in the project's cell; undefined inside a function's body. */
export function argumentAt(
  project: Project,
  cell: CellFile,
  source: string,
  cursor: number,
  inWords: (text: string) => string,
): Argument | undefined {
  if (callAt(source, cursor, false) === undefined) return undefined;
  const help = project.service.getSignatureHelpItems(project.file, cell.start + cursor, undefined);
  if (help === undefined) return undefined;
  const { items, selectedItemIndex, argumentIndex } = help;
  // TypeScript may select an overload without parameters.
  const takes = ({ parameters, isVariadic }: ts.SignatureHelpItem) => isVariadic || parameters.length > argumentIndex;
  const selected = takes(items[selectedItemIndex]) ? selectedItemIndex : items.findIndex(takes);
  if (selected < 0) return undefined;
  const { prefixDisplayParts, separatorDisplayParts, suffixDisplayParts, parameters, isVariadic } = items[selected];
  const text = (parts: ts.SymbolDisplayPart[]) => inWords(ts.displayPartsToString(parts));
  const names = parameters.map(({ displayParts }) => text(displayParts));
  const parameter = parameters[isVariadic ? Math.min(argumentIndex, parameters.length - 1) : argumentIndex];
  return {
    call: text(prefixDisplayParts) + names.join(text(separatorDisplayParts)) + text(suffixDisplayParts),
    overload: items.length > 1 ? { number: selected + 1, of: items.length } : undefined,
    parameter: text(parameter.displayParts),
    documentation: withAllCharacters(text(parameter.documentation)),
  };
}
