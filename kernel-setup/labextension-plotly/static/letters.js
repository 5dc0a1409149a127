// How much room texts take in a figure, by estimate: pages that have not drawn it, in other places too, shall find the same.

/** Widths of Arial's letters, in ems; all others are as wide as digits. */
const letters = [
  [/[ijl.,:;'|!]/, 0.25],
  [/[ftr()[\]\-\s"/]/, 0.34],
  [/[mwMW%@→←]/, 0.88],
  [/[A-ZΔΣ]/, 0.69],
];
/** How wide a text is about, in pixels. */
export const widthOf = (text, size) =>
  [...text.replace(/<[^>]*>/g, '')].reduce(
    (sum, letter) => sum + size * (letters.find(([some]) => some.test(letter))?.[1] ?? 0.57),
    0,
  );

/** A text in lines of at most so many pixels, if its words allow that. */
export function wrapped(text, size, width) {
  const lines = [''];
  for (const word of text.split(/<br>|\s(?![^<]*>)/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (lines.at(-1) === '' || widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('<br>');
}

/** Labels of which so many are left out between two that they fit a width. */
export function thinned({ tickvals, ticktext }, width) {
  if (!ticktext) return {};
  const room = Math.max(...ticktext.map((text) => widthOf(text, 12))) + 8;
  const every = Math.ceil(ticktext.length / Math.max(1, Math.floor(width / room)));
  const some = (list) => list.filter((_, i) => i % every === 0);
  return { tickvals: some(tickvals), ticktext: some(ticktext) };
}

/** Labels below an axis, of which each has so much room: as they are set, and how much lower they reach than one line. */
export function labelsBelow(labels, room) {
  const widest = (texts) => Math.max(...texts.map((text) => widthOf(text, 12)));
  if (widest(labels) <= room) return { lower: 0 };
  const size = Math.min(12, Math.floor((12 * room) / widest(labels.flatMap((label) => label.split(' ')))));
  if (size < 9) return { tickangle: 90, lower: Math.max(0, Math.ceil(widest(labels)) - 12) };
  const ticktext = labels.map((label) => wrapped(label, size, room));
  const lower = Math.max(...ticktext.map((text) => text.split('<br>').length - 1)) * (size + 3);
  const tickvals = [...labels.keys()];
  return { tickmode: 'array', tickvals, ticktext, tickangle: 0, tickfont: { size }, lower };
}
