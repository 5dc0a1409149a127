// Cards: a Markdown cell with the id `card-<slug>` in a chapter links to the question of that slug in the same note, with a thumbnail of
// its first figure. `npm run pages` fills it.
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import UPNG from 'upng-js';
import { readNotebook } from './notebook-file.mjs';
import { slugOf } from './references.mjs';
import { figuresIn } from './update.mjs';

export const CARD = 'card-';
/** The width of a thumbnail in pixels, its number of colours, and its displayed width. */
const WIDTH = 240;
const COLOURS = 64;
const SHOWN = 200;

/**
 * The notebook with its cards filled from the map and from the questions' first figures.
 * @param {{ root: string, map: object, entry: object }} from `entry`: of the notebook
 * @throws Error if a card names no notebook of the note
 */
export function withCards(notebook, from) {
  const isCard = ({ cell_type: type, id }) => type === 'markdown' && id.startsWith(CARD);
  return { ...notebook, cells: notebook.cells.map((cell) => (isCard(cell) ? filled(cell, from) : cell)) };
}

function filled({ attachments: _, ...cell }, { root, map, entry }) {
  const slug = cell.id.slice(CARD.length);
  const question = map.entries.find(({ note, path }) => note.number === entry.note.number && slugOf(path) === slug);
  if (!question) throw new Error(`${entry.path}: the card ${cell.id} names no notebook of note ${entry.note.number}`);
  const { path, title, state } = question;
  if (state !== 'ready') return { ...cell, source: `Question, planned: **${title}**` };
  const address = posix.relative(dirname(entry.path), path);
  const picture = pictureOf(join(root, path));
  const name = `${slug}.png`;
  // Blank lines make Markdown of the content of the tags. The image has the same link as the title.
  const image = picture
    ? `<td>\n\n[<img src="attachment:${name}" width="${SHOWN}" alt="The first figure of ${title.replaceAll('"', '&quot;')}">](${address})\n\n</td>`
    : '';
  const source = `<table><tr>${image}<td>\n\nQuestion<br>**[${title}](${address})**\n\n</td></tr></table>`;
  return { ...cell, source, ...(picture && { attachments: { [name]: { 'image/png': picture } } }) };
}

/** A notebook's first figure as a thumbnail, base64; undefined if it has none. */
function pictureOf(file) {
  if (!existsSync(file)) return undefined;
  const png = figuresIn(readNotebook(file)).find(({ output }) => output.data['image/png'])?.output.data['image/png'];
  return png && smaller(png);
}

/** A PNG at most {@link WIDTH} wide, on white. @param {string} png base64 @returns {string} base64 */
export function smaller(png) {
  const bytes = Buffer.from(png, 'base64');
  const picture = UPNG.decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const scale = Math.min(1, WIDTH / picture.width);
  const [width, height] = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * scale)));
  const scaled = boxFilter(onWhite(new Uint8Array(UPNG.toRGBA8(picture)[0])), picture, { width, height });
  return Buffer.from(UPNG.encode([scaled.buffer], width, height, COLOURS)).toString('base64');
}

function onWhite(pixels) {
  const made = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] / 255;
    for (let c = 0; c < 3; c++) made[i + c] = Math.round(255 + (pixels[i + c] - 255) * alpha);
    made[i + 3] = 255;
  }
  return made;
}

/**
 * Resizes by area averaging: each new pixel is the mean of the old ones below it, weighted by area.
 * @param {Uint8Array} pixels RGBA
 */
export function boxFilter(pixels, from, to) {
  const made = new Uint8Array(to.width * to.height * 4);
  const [across, down] = [partsOf(from.width, to.width), partsOf(from.height, to.height)];
  for (let y = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++)
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (const [row, tall] of down[y])
          for (const [column, wide] of across[x]) sum += tall * wide * pixels[(row * from.width + column) * 4 + c];
        made[(y * to.width + x) * 4 + c] = Math.round(sum);
      }
  return made;
}

/** For each of `to` equal parts, the units of `from` that it covers, as [unit, share of the part]. */
function partsOf(from, to) {
  const size = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * size, Math.min((i + 1) * size, from)];
    const units = [];
    for (let unit = Math.floor(start); unit < end; unit++)
      units.push([unit, (Math.min(end, unit + 1) - Math.max(start, unit)) / size]);
    return units;
  });
}
