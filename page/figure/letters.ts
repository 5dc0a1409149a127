// Estimates the room of texts in a figure. Every page gets the same result, also one that has not drawn the figure.

/** Widths of Arial's letters, in ems; all others are as wide as digits. */
const letters: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|!]/, 0.25],
  [/[ftr()[\]\-\s"/]/, 0.34],
  [/[mwMW%@→←]/, 0.88],
  [/[A-ZΔΣ]/, 0.69],
];
/** The approximate width of a text in pixels. */
export const widthOf = (text: string, size: number): number =>
  [...text.replace(/<[^>]*>/g, '')].reduce(
    (sum, letter) => sum + size * (letters.find(([some]) => some.test(letter))?.[1] ?? 0.57),
    0,
  );

/** A text in lines of at most so many pixels, if its words allow that. */
export function wrapped(text: string, size: number, width: number): string {
  const lines = [''];
  for (const word of text.split(/<br>|\s(?![^<]*>)/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) === '' || widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('<br>');
}

interface Ticks {
  tickvals?: readonly unknown[];
  ticktext?: readonly string[];
}

/** Every n-th label, so that they fit a width. */
export function thinned({ tickvals = [], ticktext }: Ticks, width: number): Ticks {
  if (!ticktext) return {};
  const room = Math.max(...ticktext.map((text) => widthOf(text, 12))) + 8;
  const every = Math.ceil(ticktext.length / Math.max(1, Math.floor(width / room)));
  const some = <T>(list: readonly T[]) => list.filter((_, i) => i % every === 0);
  return { tickvals: some(tickvals), ticktext: some(ticktext) };
}

/** How labels below an axis are set, and how much lower they reach than one line. */
export interface LabelsBelow {
  lower: number;
  tickmode?: 'array';
  tickvals?: number[];
  ticktext?: string[];
  tickangle?: number;
  tickfont?: { size: number };
}

/** @param room of each label, in pixels */
export function labelsBelow(labels: readonly string[], room: number): LabelsBelow {
  const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => widthOf(text, 12)));
  if (widest(labels) <= room) return { lower: 0 };
  const size = Math.min(12, Math.floor((12 * room) / widest(labels.flatMap((label) => label.split(' ')))));
  if (size < 9) return { tickangle: 90, lower: Math.max(0, Math.ceil(widest(labels)) - 12) };
  const ticktext = labels.map((label) => wrapped(label, size, room));
  const lower = Math.max(...ticktext.map((text) => text.split('<br>').length - 1)) * (size + 3);
  const tickvals = [...labels.keys()];
  return { tickmode: 'array', tickvals, ticktext, tickangle: 0, tickfont: { size }, lower };
}
