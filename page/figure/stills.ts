// Pictures beside the data of figures, for places that draw no figures: GitHub, nbviewer, pages without scripts. figures/draw.mjs
// draws them for the notebook runner and nbconvert; in JupyterLab they are added before a notebook is saved.

import type { CellModel, Context, MimeBundle, NotebookModel, OutputList, OutputModel, Panel } from '../jupyterlab';
import { drawFigure, drawSvg, sizeOf, withPalette } from './picture.mjs';

const plotlyMime = 'application/vnd.plotly.v1+json';
const svgMime = 'image/svg+xml';
const pngMime = 'image/png';
const widgetStateMime = 'application/vnd.jupyter.widget-state+json';

/** Milliseconds that a save waits for pictures, and that other figures wait for the picture of one. */
const longest = 20_000;

/** So many pictures are kept for figures that come again. */
const most = 200;

type Upng = import('./picture.mjs').Upng;
type Figure = import('./picture.mjs').Figure;

/** What an output shows. */
type Drawing = { readonly figure: Figure } | { readonly svg: string };

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const joined = (text: unknown): string => (Array.isArray(text) ? text.join('') : String(text ?? ''));

/** The key of a figure: files have a figure's keys in another order than the kernel. */
const keyOf = (drawing: Drawing): string =>
  JSON.stringify(drawing, (_, value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );

function drawingOf(data: MimeBundle = {}): Drawing | undefined {
  const { [plotlyMime]: figure, [svgMime]: svg } = data;
  if (figure !== undefined) return { figure: typeof figure === 'string' ? JSON.parse(figure) : figure };
  return svg === undefined ? undefined : { svg: joined(svg) };
}

/** Rejects if a promise takes longer than some milliseconds. */
function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not drawn within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function inBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** What draws figures and makes their files small. */
export interface DrawingTools {
  loadPlotly(): Promise<unknown>;
  loadUpng(): Promise<Upng>;
  /** Draws when no other figure is being drawn. */
  inTurn<T>(draw: () => Promise<T>): Promise<T>;
}

/** A picture in base64, undefined if it cannot be drawn; and whether it came too late. */
interface Still {
  readonly picture: Promise<string | undefined>;
  isLate?: boolean;
}

/** The pictures of one notebook's figures, each drawn once. */
class Stills {
  /** By figure. The last used is last. */
  readonly #pictures = new Map<string, Still>();
  readonly #tools: DrawingTools;

  constructor(tools: DrawingTools) {
    this.#tools = tools;
  }

  /** Keeps the picture that a figure came with: it stays the same in a file if the figure does. */
  learn(data: MimeBundle): void {
    const drawing = drawingOf(data);
    if (drawing && data[pngMime] !== undefined)
      this.#keep(keyOf(drawing), { picture: Promise.resolve(joined(data[pngMime])) });
  }

  /** The picture of an output that has none; undefined if it cannot be drawn, or not in so many milliseconds. */
  async of(data: MimeBundle, milliseconds: number): Promise<string | undefined> {
    const drawing = drawingOf(data);
    if (!drawing) return undefined;
    const key = keyOf(drawing);
    const still: Still = this.#pictures.get(key) ?? { picture: this.#drawn(drawing) };
    this.#keep(key, still);
    try {
      return await within(still.isLate ? 0 : milliseconds, still.picture);
    } catch {
      still.isLate = true; // not waited for once more
      return undefined;
    }
  }

  #keep(key: string, still: Still): void {
    this.#pictures.delete(key);
    this.#pictures.set(key, still);
    if (this.#pictures.size > most) this.#pictures.delete(this.#pictures.keys().next().value!);
  }

  async #drawn(drawing: Drawing): Promise<string | undefined> {
    try {
      const address = await this.#draw(drawing);
      return await this.#small(address);
    } catch (error) {
      console.warn('gradlab: a figure is saved without a picture', error);
      return undefined;
    }
  }

  async #draw(drawing: Drawing): Promise<string> {
    if ('svg' in drawing) return drawSvg(drawing.svg);
    const { figure } = drawing;
    const { loadPlotly, inTurn } = this.#tools;
    await loadPlotly();
    // In an object, since the queue goes on before a slow picture is there.
    const slow = await inTurn(async () => {
      // plotly writes into what it draws.
      const address = drawFigure({ figure: structuredClone(figure), size: sizeOf(figure) });
      await within(longest, address).catch(() => {});
      return { address };
    });
    return slow.address;
  }

  /** The PNG in a data URL as base64, with a palette if the library for that is there. */
  async #small(address: string): Promise<string> {
    try {
      const upng = await this.#tools.loadUpng();
      return inBase64(withPalette(upng, await (await fetch(address)).arrayBuffer()));
    } catch (error) {
      console.warn('gradlab: a picture is saved without a palette', error);
      return address.slice(address.indexOf(',') + 1);
    }
  }
}

const isLackingPicture = ({ data }: OutputModel): boolean =>
  drawingOf(data) !== undefined && data[pngMime] === undefined;

/** An output of a notebook, with its place. */
interface Placed {
  readonly outputs: OutputList;
  readonly i: number;
  readonly output: OutputModel;
}

const outputsIn = (cells: Iterable<CellModel>): Placed[] =>
  [...cells].flatMap(({ outputs }) =>
    outputs ? Array.from({ length: outputs.length }, (_, i) => ({ outputs, i, output: outputs.get(i) })) : [],
  );

/** Puts pictures and their words beside the figures of a notebook, as `npm run notebooks -- --update` does. */
async function addPictures(cells: Iterable<CellModel>, stills: Stills): Promise<void> {
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
function dropEmptyWidgets({ model }: { model: NotebookModel }, state: string): void {
  if (state !== 'started') return;
  const { [widgetStateMime]: kept, ...others } = model.metadata?.widgets ?? {};
  const isEmpty = kept && Object.keys(kept.state ?? {}).length === 0 && Object.keys(others).length === 0;
  if (isEmpty) model.deleteMetadata?.('widgets');
}

const followed = new WeakSet<Context>();

/**
 * Saves a notebook in JupyterLab with pictures of its figures. Those in the file stay where figures are the same; saving goes on
 * without what cannot be drawn.
 */
export function keepStills({ context }: Panel, tools: DrawingTools): void {
  if (followed.has(context)) return; // by another view of the notebook
  followed.add(context);
  const stills = new Stills(tools);
  context.ready
    .then(() => {
      for (const { output } of outputsIn(context.model.cells)) stills.learn(output.data);
    })
    .catch(() => {}); // a file that is not there
  for (const name of ['save', 'saveAs'] as const) {
    const original = context[name].bind(context);
    context[name] = async (...args: unknown[]) => {
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
