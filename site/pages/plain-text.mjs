// Markdown as plain text, for lists and for the search, and replacement of its links.

/** Plain text of Markdown, without formulas. */
export const plain = (markdown) =>
  markdown
    .replace(/<[^>]*>/g, ' ')
    .replace(/\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, ' ')
    .replace(/\[·\]\([^)]*\)/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]|^#+ /gm, '')
    .replace(/\s+/g, ' ')
    .trim();

export const shortened = (text, most) =>
  text.length > most ? `${text.slice(0, text.lastIndexOf(' ', most))} …` : text;

/** The first sentences, up to this many characters: whole ones if they have at least half of that, else shortened. */
export const firstSentences = (text, most) =>
  new RegExp(`^.{${most / 2},${most - 1}}[.?!](?= |$)`).exec(text)?.[0] ?? shortened(text, most);

/** The first sentence, shortened. */
export const firstSentence = (text, most = 56) =>
  shortened(/^.*?[^.]\.(?=\s|$)(?!\s[a-z])/.exec(text)?.[0] ?? text, most);

/** Code, in Markdown: its text has no links. */
const CODE = /^ *(`{3,})[\s\S]*?\n *\1 *$|(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm;

/**
 * Markdown with replaced links.
 * @param {(address: string) => string | undefined} linkTo returns the new link; `undefined` keeps only its text
 */
export function relinked(markdown, linkTo) {
  const code = [];
  const held = markdown.replace(CODE, (text) => `\uE000${code.push(text) - 1}\uE001`);
  const changed = held.replace(/\[([^\][]*)\]\(([^)\s]+)((?: "[^"]*")?)\)/g, (_, text, address, title) => {
    const to = linkTo(address);
    return to === undefined ? text : `[${text}](${to}${title})`;
  });
  return changed.replace(/\uE000(\d+)\uE001/g, (_, i) => code[i]);
}
