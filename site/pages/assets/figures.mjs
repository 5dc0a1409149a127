// Figures come alive when they come near: JupyterLab's own renderer draws them, in the place of their pictures.
import { fetched, json } from './data.mjs';

const mime = 'application/vnd.plotly.v1+json';
const name = 'gradlab-plotly';
const remote = new URL('../../extensions/gradlab-plotly/static/remoteEntry.js', import.meta.url).href;

/** How near to the screen, so that a figure is drawn before it is seen. */
const near = '600px 0px';

/** What the renderer needs of JupyterLab's widgets. */
class Widget {
  constructor() {
    this.node = document.createElement('div');
    this.isDisposed = false;
  }
  addClass(className) {
    this.node.classList.add(className);
  }
  dispose() {
    this.isDisposed = true;
    this.node.remove();
  }
}

let loading;

/** The renderer, loaded with the first figure; where that fails, the next one tries again. */
function renderer() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  // A stalled script reports no error; after this download it is in the browser's cache.
  await fetched(remote);
  await new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = remote;
    script.onload = resolve;
    script.onerror = () => reject(new Error('the renderer of figures could not be loaded'));
    document.head.append(script);
  });
  const container = window._JUPYTERLAB[name];
  container.init({ '@lumino/widgets': { 1: { get: () => () => ({ Widget }) } } });
  const { default: plugins } = (await container.get('./mimeExtension'))();
  return plugins.find(({ rendererFactory }) => rendererFactory.mimeTypes.includes(mime)).rendererFactory;
}

/** A figure of the page. `data` is what the notebook's output has, and what sliders change. */
export class Figure {
  constructor(place) {
    this.place = place;
    this.picture = place.querySelector('img');
    if (this.picture) this.wakeByKeyboard();
  }

  /** A picture is a stop of the keyboard, at which the figure comes alive; its controls are the next ones. */
  wakeByKeyboard() {
    this.picture.tabIndex = 0;
    this.picture.addEventListener('focus', () => this.show().catch(() => {}));
  }

  /** What the output has; undefined while that is not known. */
  async load() {
    this.data ??= json(this.place.dataset.figure).then((figure) => ({
      [mime]: figure,
      'text/plain': this.picture?.alt ?? 'figure',
    }));
    this.data.catch(() => {
      this.data = undefined;
    });
    return this.data;
  }

  /** Draws it, once. */
  show() {
    this.shown ??= this.load().then((data) => this.render(this.wanted ?? data));
    this.shown.catch((error) => {
      // The picture stays, and the figure retries on the next request.
      console.warn(`${this.place.id}: ${error.message}`);
      this.shown = undefined;
    });
    return this.shown;
  }

  /** Shows other data in its place. Of several in a row, the newest. */
  async change(data) {
    this.wanted = data;
    await this.show();
    if (this.drawn !== this.wanted) await this.render(this.wanted);
  }

  async render(data) {
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

/** Until the page has been seen once. */
const painted = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Has figures drawn when they come near, the first ones after the text shows. */
export async function watchFigures(figures) {
  await painted;
  const byPlace = new Map(figures.map((figure) => [figure.place, figure]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting)
          byPlace
            .get(target)
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
