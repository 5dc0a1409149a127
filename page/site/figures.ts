// Figures come alive when they come near: JupyterLab's own renderer draws them, in the place of their pictures.
import { fetched, json } from './data';

const mime = 'application/vnd.plotly.v1+json';
const name = 'gradlab-plotly';
/** The renderer's address, from this script: the site's build replaces it. */
declare const RENDERER_FROM_ASSETS: string;
const remote = new URL(RENDERER_FROM_ASSETS, import.meta.url).href;

/** How near to the screen, so that a figure is drawn before it is seen. */
const near = '600px 0px';

/** What an output of a figure has. */
type FigureData = Record<string, unknown>;

interface Renderer {
  createRenderer(): Widget & { renderModel(model: { data: FigureData }): Promise<void> };
}

interface Plugin {
  readonly rendererFactory: Renderer & { readonly mimeTypes: readonly string[] };
}

/** What the renderer needs of JupyterLab's widgets. */
class Widget {
  readonly node = document.createElement('div');
  isDisposed = false;

  addClass(className: string): void {
    this.node.classList.add(className);
  }

  dispose(): void {
    this.isDisposed = true;
    this.node.remove();
  }
}

let loading: Promise<Renderer> | undefined;

/** The renderer, loaded with the first figure; where that fails, the next one tries again. */
function renderer(): Promise<Renderer> {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Renderer> {
  // A stalled script reports no error; after this download it is in the browser's cache.
  await fetched(remote);
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = remote;
    script.onload = resolve;
    script.onerror = () => reject(new Error('the renderer of figures could not be loaded'));
    document.head.append(script);
  });
  const container = window._JUPYTERLAB![name]!;
  container.init({ '@lumino/widgets': { 1: { get: () => () => ({ Widget }) } } });
  const { default: plugins } = (await container.get('./mimeExtension'))() as { default: Plugin[] };
  return plugins.find(({ rendererFactory }) => rendererFactory.mimeTypes.includes(mime))!.rendererFactory;
}

/** A figure of the page. `data` is what the notebook's output has, and what sliders change. */
export class Figure {
  private picture: HTMLImageElement | null;
  private data: Promise<FigureData> | undefined;
  private shown: Promise<void> | undefined;
  /** What it is to show, and what it shows. */
  private wanted: FigureData | undefined;
  private drawn: FigureData | undefined;
  private widget: ReturnType<Renderer['createRenderer']> | undefined;

  constructor(readonly place: HTMLElement) {
    this.picture = place.querySelector('img');
    if (this.picture) this.wakeByKeyboard(this.picture);
  }

  /** A picture is a stop of the keyboard, at which the figure comes alive; its controls are the next ones. */
  private wakeByKeyboard(picture: HTMLElement): void {
    picture.tabIndex = 0;
    picture.addEventListener('focus', () => this.show().catch(() => {}));
  }

  /** What the output has; where that could not be loaded, the next call tries again. */
  async load(): Promise<FigureData> {
    this.data ??= json(this.place.dataset.figure!).then(
      (figure): FigureData => ({
        [mime]: figure,
        'text/plain': this.picture?.alt ?? 'figure',
      }),
    );
    const { data } = this;
    data.catch(() => {
      this.data = undefined;
    });
    return data;
  }

  /** Draws it, once. */
  show(): Promise<void> {
    this.shown ??= this.load().then((data) => this.render(this.wanted ?? data));
    this.shown.catch((error) => {
      // The picture stays, and the figure retries on the next request.
      console.warn(`${this.place.id}: ${error.message}`);
      this.shown = undefined;
    });
    return this.shown;
  }

  /** Shows other data in its place. Of several in a row, the newest. */
  async change(data: FigureData): Promise<void> {
    this.wanted = data;
    await this.show();
    if (this.wanted && this.drawn !== this.wanted) await this.render(this.wanted);
  }

  private async render(data: FigureData): Promise<void> {
    this.drawn = data;
    if (!this.widget) {
      this.widget = (await renderer()).createRenderer();
      this.place.append(this.widget.node);
    }
    await this.widget.renderModel({ data });
    if (this.widget.node.dataset.state === 'failed') {
      this.widget.dispose();
      this.widget = undefined;
      throw new Error('it could not be drawn');
    }
    this.place.dataset.alive = '';
    if (this.picture === null) return;
    const isHere = document.activeElement === this.picture;
    this.picture.remove();
    this.picture = null;
    if (!isHere) return;
    this.widget.node.tabIndex = -1;
    this.widget.node.focus();
  }
}

/** Settles when the page has been seen once. */
const painted = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Draws figures when they come near, the first ones after the text shows. */
export async function watchFigures(figures: readonly Figure[]): Promise<void> {
  await painted;
  const byPlace = new Map<Element, Figure>(figures.map((figure) => [figure.place, figure]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting)
          byPlace
            .get(target)!
            .show()
            .then(
              () => observer.unobserve(target),
              () => {},
            );
    },
    { rootMargin: near },
  );
  for (const place of byPlace.keys()) observer.observe(place);
}
