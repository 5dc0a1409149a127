// Draws figures and SVG drawings as PNG, in a page. Node needs this without a build: figures/draw.mjs sends the text of single functions
// into a page, so each of these works without the others.

/** @typedef {{ data?: object[], layout?: { width?: number, height?: number } }} Figure */
/** @typedef {{ width: number, height: number }} Size */

/** Colours that are enough for a figure; what a browser writes is five times as large. */
const colours = 128;

/** A figure's size in pixels, which its layout may leave out. @param {Figure} figure @returns {Size} */
export const sizeOf = ({ layout = {} }) => ({ width: layout.width ?? 700, height: layout.height ?? 450 });

/**
 * Draws a figure in a page that has plotly.
 * @param {{ figure: Figure, size: Size }} drawing
 * @returns {Promise<string>} a PNG, as a data URL
 */
export function drawFigure({ figure: { data = [], layout = {} }, size }) {
  return window.Plotly.toImage({ data, layout: { ...layout, ...size } }, { format: 'png', scale: 1, ...size });
}

/** The same for an SVG drawing, which gets a white background. @param {string} svg */
export async function drawSvg(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no 2-D canvas');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL('image/png');
}

/**
 * The part of the library UPNG that is used here.
 * @typedef {object} Upng
 * @property {(png: ArrayBuffer) => { width: number, height: number }} decode
 * @property {(picture: object) => ArrayBuffer[]} toRGBA8
 * @property {(frames: ArrayBuffer[], width: number, height: number, colours: number) => ArrayBuffer} encode
 */

/** A PNG with a palette. @param {Upng} upng @param {ArrayBuffer} png @returns {Uint8Array<ArrayBuffer>} */
export function withPalette(upng, png) {
  const picture = upng.decode(png);
  return new Uint8Array(upng.encode(upng.toRGBA8(picture), picture.width, picture.height, colours));
}
