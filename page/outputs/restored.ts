import type { OutputModel, Panel, Widget } from '../jupyterlab';

const widgetMime = 'application/vnd.jupyter.widget-view+json';
const notFound = 'Error displaying widget: model not found';

/** A part of an output that renders a MIME type. */
interface Renderer extends Widget {
  readonly mimeType?: string;
  renderModel(model: OutputModel | undefined): unknown;
}

/**
 * ipywidgets looks two seconds for the widget of an output and then gives up for good if it has restored its widgets meanwhile: on a busy
 * page that happens between the last look and the end. Then it has to look once more.
 */
export function showRestoredWidgets(panel: Panel): void {
  const tried = new WeakSet<Node>();
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof Element) || target.textContent !== notFound || tried.has(target)) continue;
      const found = widgetOutput(panel, target);
      if (!found) continue;
      tried.add(target);
      target.classList.remove('jupyter-widgets'); // which marks the error
      found.renderer.renderModel(found.model);
    }
  });
  observer.observe(panel.content.node, { childList: true, subtree: true });
  panel.disposed.connect(() => observer.disconnect());
}

/** The renderer of a widget that owns a node, and the output that it shows. */
function widgetOutput(panel: Panel, node: Node): { renderer: Renderer; model: OutputModel | undefined } | undefined {
  for (const { model, outputArea } of panel.content.widgets) {
    const outputs = model.type === 'code' ? (outputArea?.widgets ?? []) : [];
    for (const [i, output] of outputs.entries())
      for (const renderer of output.children() as Iterable<Renderer>)
        if (renderer.node === node && renderer.mimeType === widgetMime)
          return { renderer, model: model.outputs?.get(i) };
  }
  return undefined;
}
