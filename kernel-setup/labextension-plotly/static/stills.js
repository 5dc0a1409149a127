// Pictures beside the data of figures, for places that draw no figures: GitHub, nbviewer, pages without scripts. figures/draw.mjs
// draws them for the notebook runner and nbconvert; in JupyterLab they are added before a notebook is saved.

const plotlyMime = 'application/vnd.plotly.v1+json';
const svgMime = 'image/svg+xml';
const pngMime = 'image/png';
const widgetStateMime = 'application/vnd.jupyter.widget-state+json';

/** Colours that are enough for a figure; what a browser writes is five times as large. */
const colours = 128;

/** A figure's size in pixels, which its layout may leave out. */
export const sizeOf = ({ layout = {} }) => ({ width: layout.width ?? 700, height: layout.height ?? 450 });

/**
 * Runs in a page with plotly, which may get the text of this function alone.
 * @returns {Promise<string>} the figure as a PNG, in a data URL
 */
export function drawFigure({ figure: { data = [], layout = {} }, size }) {
  return window.Plotly.toImage({ data, layout: { ...layout, ...size } }, { format: 'png', scale: 1, ...size });
}

/** The same for an SVG drawing, which gets a white ground. */
export async function drawSvg(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL('image/png');
}

/** A PNG with a palette. @param {object} upng the library UPNG @param {ArrayBuffer} png @returns {Uint8Array} */
export function withPalette(upng, png) {
  const picture = upng.decode(png);
  return new Uint8Array(upng.encode(upng.toRGBA8(picture), picture.width, picture.height, colours));
}

/** Milliseconds that a save waits for pictures, and that other figures wait for the picture of one. */
const longest = 20_000;

/** So many pictures are kept for figures that come again. */
const most = 200;

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const joined = (text) => (Array.isArray(text) ? text.join('') : text);

/** What tells figures apart: files have their keys in another order than the kernel. */
const keyOf = (drawing) =>
  JSON.stringify(drawing, (_, value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );

/** What is to be drawn of an output: `{ figure }`, `{ svg }` or nothing. */
function drawingOf(data = {}) {
  const { [plotlyMime]: figure, [svgMime]: svg } = data;
  if (figure !== undefined) return { figure: typeof figure === 'string' ? JSON.parse(figure) : figure };
  return svg === undefined ? undefined : { svg: joined(svg) };
}

/** Rejects if a promise takes longer than some milliseconds. */
function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not drawn within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function inBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** The pictures of one notebook's figures, each drawn once. */
class Stills {
  /** By figure: the promise of a picture in base64, undefined if it cannot be drawn; and whether it came too late. Last used, last. */
  #pictures = new Map();
  #tools;

  constructor(tools) {
    this.#tools = tools;
  }

  /** Keeps the picture that a figure came with: it stays the same in a file if the figure does. */
  learn(data) {
    const drawing = drawingOf(data);
    if (drawing && data[pngMime] !== undefined)
      this.#keep(keyOf(drawing), { picture: Promise.resolve(joined(data[pngMime])) });
  }

  /** The picture of an output that has none; undefined if it cannot be drawn, or not in so many milliseconds. */
  async of(data, milliseconds) {
    const drawing = drawingOf(data);
    const key = keyOf(drawing);
    const still = this.#pictures.get(key) ?? { picture: this.#drawn(drawing) };
    this.#keep(key, still);
    try {
      return await within(still.isLate ? 0 : milliseconds, still.picture);
    } catch {
      still.isLate = true; // not waited for once more
      return undefined;
    }
  }

  #keep(key, still) {
    this.#pictures.delete(key);
    this.#pictures.set(key, still);
    if (this.#pictures.size > most) this.#pictures.delete(this.#pictures.keys().next().value);
  }

  async #drawn(drawing) {
    try {
      const address = await this.#draw(drawing);
      return await this.#small(address);
    } catch (error) {
      console.warn('gradlab: a figure is saved without a picture', error);
      return undefined;
    }
  }

  async #draw({ figure, svg }) {
    if (svg !== undefined) return drawSvg(svg);
    const { loadPlotly, inTurn } = this.#tools;
    await loadPlotly();
    let address;
    await inTurn(() => {
      // plotly writes into what it draws.
      address = drawFigure({ figure: structuredClone(figure), size: sizeOf(figure) });
      return within(longest, address).catch(() => {});
    });
    return address;
  }

  /** The PNG in a data URL as base64, with a palette if the library for that is there. */
  async #small(address) {
    try {
      const upng = await this.#tools.loadUpng();
      return inBase64(withPalette(upng, await (await fetch(address)).arrayBuffer()));
    } catch (error) {
      console.warn('gradlab: a picture is saved without a palette', error);
      return address.slice(address.indexOf(',') + 1);
    }
  }
}

const isLackingPicture = ({ data }) => drawingOf(data) !== undefined && data[pngMime] === undefined;

/** The outputs of a notebook, each with its place: `{ outputs, i, output }`. */
const outputsIn = (cells) =>
  [...cells].flatMap(({ outputs }) =>
    Array.from({ length: outputs?.length ?? 0 }, (_, i) => ({ outputs, i, output: outputs.get(i) })),
  );

/** Puts pictures and their words beside the figures of a notebook, as `npm run notebooks -- --update` does. */
async function addPictures(cells, stills) {
  const end = performance.now() + longest;
  for (const { outputs, i, output } of outputsIn(cells).filter(({ output: one }) => isLackingPicture(one))) {
    const left = end - performance.now();
    if (left <= 0) {
      console.warn('gradlab: drawing takes long; the other figures get their pictures at the next save');
      return;
    }
    const picture = await stills.of(output.data, left);
    // The cell may have been run or deleted meanwhile.
    if (picture === undefined || outputs.isDisposed || i >= outputs.length || outputs.get(i) !== output) continue;
    const alt = joined(output.data['text/plain']);
    const metadata = alt ? { ...output.metadata, [pngMime]: { alt } } : output.metadata;
    outputs.set(i, { ...output.toJSON(), data: { ...output.data, [pngMime]: picture }, metadata });
  }
}

/** Takes out the state of widgets where there are none: ipywidgets writes it into every notebook. */
function dropEmptyWidgets({ model }, state) {
  if (state !== 'started') return;
  const { [widgetStateMime]: kept, ...others } = model.metadata?.widgets ?? {};
  const isEmpty = kept && Object.keys(kept.state ?? {}).length === 0 && Object.keys(others).length === 0;
  if (isEmpty) model.deleteMetadata?.('widgets');
}

const followed = new WeakSet();

/**
 * Has a notebook in JupyterLab saved with pictures of its figures. Those that the file has stay where figures are the same; saving goes
 * on without what cannot be drawn.
 * @param {object} panel
 * @param {{ loadPlotly: () => Promise<unknown>, loadUpng: () => Promise<object>,
 *   inTurn: <T>(draw: () => Promise<T>) => Promise<T> }} tools `inTurn`: draws when no other figure is being drawn
 */
export function keepStills({ context }, tools) {
  if (followed.has(context)) return; // by another view of the notebook
  followed.add(context);
  const stills = new Stills(tools);
  context.ready
    .then(() => {
      for (const { output } of outputsIn(context.model.cells)) stills.learn(output.data);
    })
    .catch(() => {}); // a file that is not there
  for (const name of ['save', 'saveAs']) {
    const original = context[name].bind(context);
    context[name] = async (...args) => {
      try {
        await addPictures(context.model.cells, stills);
      } catch (error) {
        console.warn('gradlab: figures are saved without pictures', error);
      }
      // Last, so that ipywidgets has written its state.
      context.saveState.disconnect(dropEmptyWidgets);
      context.saveState.connect(dropEmptyWidgets);
      return original(...args);
    };
  }
}
