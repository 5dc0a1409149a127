// A page that uses the figure renderer as JupyterLab does.
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { paths } from '../../kernel-setup/setup/paths.mjs';

export const site = 'http://renderer.test';
export const mime = 'application/vnd.plotly.v1+json';

/** The page's functions for tests. */
export interface Bench {
  figures: { node: HTMLElement; dispose(): void; renderModel(model: object): Promise<void> }[];
  update(index: number, figures: object[]): Promise<void>;
  add(figure: object): Promise<void>;
  /** Adds an output of any MIME type that the renderer shows. */
  put(data: Record<string, unknown>): Promise<void>;
}

/** Serves an empty page, the renderer and, while it is available, plotly to all pages of a context. */
export const serveBench = (context: BrowserContext, plotlyIsThere: () => boolean = () => true): Promise<unknown> =>
  context.route('**', (route) => {
    const file = route.request().url().replace(site, '').replace(/\?\d$/, '');
    if (file === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' });
    const plotly = path.join(paths.nodeModules, 'plotly.js-dist-min', 'plotly.min.js');
    if (/^\/static\/[\w-]+\.js$/.test(file)) return route.fulfill({ path: path.join(paths.labExtension, file) });
    if (file === '/static/plotly.min.js' && plotlyIsThere()) return route.fulfill({ path: plotly });
    if (/^(data|blob):/.test(file)) return route.continue();
    return route.fulfill({ status: 404, body: '' });
  });

/** Runs in the page: loads the container, and creates figures as JupyterLab's output area would. */
export async function setUpBench(mimeType: string): Promise<void> {
  class Widget {
    node = document.createElement('div');
    isDisposed = false;
    addClass(name: string) {
      this.node.classList.add(name);
    }
    dispose() {
      this.isDisposed = true;
      this.node.remove();
    }
  }
  type Container = { init(scope: object): void; get(name: string): Promise<() => { default: [Plugin] }> };
  type Shown = Widget & { renderModel(model: object): Promise<void> };
  type Plugin = { rendererFactory: { mimeTypes: string[]; createRenderer(options: object): Shown } };
  const container = (window as unknown as { _JUPYTERLAB: Record<string, Container> })._JUPYTERLAB['gradlab-plotly']!;
  container.init({ '@lumino/widgets': { '2.7.0': { get: async () => () => ({ Widget }) } } });
  const plugins = (await container.get('./mimeExtension'))().default as Plugin[];
  const made: Bench = {
    figures: [],
    update: async () => undefined,
    add: (figure) => made.put({ [mimeType]: figure }),
    async put(data) {
      const { rendererFactory } = plugins.find((one) => one.rendererFactory.mimeTypes.some((type) => type in data))!;
      const renderer = rendererFactory.createRenderer({});
      made.figures.push(renderer);
      const rendered = renderer.renderModel({ data });
      document.body.append(renderer.node);
      await rendered;
    },
  };
  made.update = async (index, figures) => {
    const renders = figures.map((figure) => made.figures[index]!.renderModel({ data: { [mimeType]: figure } }));
    await Promise.all(renders);
  };
  Object.assign(window, { bench: made });
}
