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

/** Milliseconds that the pictures of one figure, and those that a save waits for, may take. */
const [longest, longestOfSave] = [10_000, 20_000];

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
  /** Promises of pictures in base64, undefined where none can be drawn. The last used are at the end. */
  #pictures = new Map();
  #tools;

  constructor(tools) {
    this.#tools = tools;
  }

  /** Keeps the picture that a figure came with: it stays the same in a file if the figure does. */
  learn(data) {
    const drawing = drawingOf(data);
    if (drawing && data[pngMime] !== undefined) this.#keep(keyOf(drawing), Promise.resolve(joined(data[pngMime])));
  }

  /** The picture of an output that has none. */
  of(data) {
    const drawing = drawingOf(data);
    const key = keyOf(drawing);
    const picture = this.#pictures.get(key) ?? this.#draw(drawing);
    this.#keep(key, picture);
    return picture;
  }

  #keep(key, picture) {
    this.#pictures.delete(key);
    this.#pictures.set(key, picture);
    if (this.#pictures.size > most) this.#pictures.delete(this.#pictures.keys().next().value);
  }

  async #draw({ figure, svg }) {
    const { loadPlotly, loadUpng, inTurn } = this.#tools;
    try {
      const draw =
        svg === undefined
          ? // plotly writes into what it draws.
            () => drawFigure({ figure: structuredClone(figure), size: sizeOf(figure) })
          : () => drawSvg(svg);
      if (svg === undefined) await loadPlotly();
      const address = await inTurn(() => within(longest, draw()));
      const base64 = address.slice(address.indexOf(',') + 1);
      try {
        const upng = await loadUpng();
        return inBase64(withPalette(upng, await (await fetch(address)).arrayBuffer()));
      } catch (error) {
        console.warn('gradlab: a picture is saved without a palette', error);
        return base64;
      }
    } catch (error) {
      console.warn('gradlab: a figure is saved without a picture', error);
      return undefined;
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
  const end = performance.now() + longestOfSave;
  for (const { outputs, i, output } of outputsIn(cells).filter(({ output: one }) => isLackingPicture(one))) {
    const left = end - performance.now();
    if (left <= 0) {
      console.warn('gradlab: drawing takes long; the other figures get their pictures at the next save');
      return;
    }
    const picture = await within(left, stills.of(output.data)).catch(() => undefined);
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
