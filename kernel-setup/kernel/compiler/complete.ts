import type { Converter } from 'tslab/dist/converter';
import type { CompletionList } from './types';

/** What can stand at the cursor, best first. */
export function complete(converter: Converter, earlier: string, source: string, cursor: number): CompletionList {
  const { start, end, candidates, original } = converter.complete(earlier, source, cursor);
  const kinds = new Map(original?.entries?.map((entry) => [entry.name, entry.kind as string]));
  const items = candidates.map((text) => ({ text, kind: kinds.get(text) ?? '' }));
  return { from: Math.min(start, source.length), to: Math.min(end, source.length), items };
}
