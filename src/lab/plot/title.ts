/** A word between asterisks; the asterisks of a product, as in `2*w*x`, touch a letter, a digit or a bracket. */
const marked = /(?<![\p{L}\p{N})*])\*([^\s*<](?:[^*<]*[^\s*<])?)\*(?![\p{L}\p{N}(*])/gu;

/** A title whose `*words*` have the colour of the trace with that name; other ones are bold. */
export function colouredTitle(data: readonly { name?: string }[], title: unknown): unknown {
  const { text } = (title ?? {}) as { text?: string };
  if (typeof text !== 'string') return title;
  const colourOf = (name: string) => {
    const trace = data.find((one) => one.name?.toLowerCase() === name.toLowerCase()) as
      | { line?: { color?: unknown }; marker?: { color?: unknown } }
      | undefined;
    return [trace?.line?.color, trace?.marker?.color].find((colour) => typeof colour === 'string');
  };
  const coloured = text.replace(marked, (_, name: string) => {
    const colour = colourOf(name);
    return colour === undefined ? `<b>${name}</b>` : `<span style="color: ${colour}"><b>${name}</b></span>`;
  });
  return { ...(title as object), text: coloured };
}

/** A title as plain text. */
export function plainTitle(text: string): string {
  return text.replace(marked, '$1');
}

/** Returns the parts of a title between which a line may break; text between asterisks is one part. */
export function wordsOf(text: string): string[] {
  const ends = [...text.matchAll(marked)].map((found) => [found.index, found.index + found[0].length] as const);
  const words: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(/ /g)) {
    if (ends.some(([start, end]) => index > start && index < end)) continue;
    words.push(text.slice(from, index));
    from = index + 1;
  }
  return [...words, text.slice(from)];
}
