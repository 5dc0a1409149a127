// Names, for screen readers, of what JupyterLab and ipywidgets show in outputs without any: the handles of sliders, controls as they
// stood when a notebook was saved, and drawings. Given when they show, so that they are there in notebooks of before as well.

import type { Panel } from '../jupyterlab';

const unnamed =
  '.noUi-handle:not([aria-label]), .jp-RenderedHTMLCommon :is(input, select):not([aria-label], [id]), img:not([alt])';

const textOf = (element: Element | null | undefined): string => element?.textContent?.trim() ?? '';

/** The name of a control, from the text before it. */
function nameOf(control: Element): string {
  if (!control.matches('.noUi-handle')) return textOf(control.previousElementSibling);
  const name = textOf(control.closest('.widget-inline-hbox')?.querySelector('.widget-label'));
  const ends = control.closest('.noUi-base')?.querySelectorAll('.noUi-handle') ?? [];
  return ends.length < 2 ? name : `${name}, ${control === ends[0] ? 'from' : 'to'}`;
}

/** What a drawing shows, in the words that go with it. */
function wordsOf(image: Element, panel: Panel): unknown {
  for (const { model, outputArea } of panel.content.widgets)
    if (model.type === 'code' && outputArea?.node.contains(image))
      for (const [i, widget] of outputArea.widgets.entries())
        if (widget.node.contains(image)) return model.outputs?.get(i)?.data['text/plain'];
  return undefined;
}

function name(element: Element, panel: Panel): void {
  if (element instanceof HTMLImageElement) {
    const words = element.closest('.jp-RenderedSVG, .jp-RenderedImage') && wordsOf(element, panel);
    if (words) element.alt = [words].flat().join('');
    return;
  }
  const words = nameOf(element);
  if (words !== '') element.setAttribute('aria-label', words);
}

/** Names what the outputs of a notebook show, from now on. */
export function nameControls(panel: Panel): void {
  const { node } = panel.content;
  const outputs = '.jp-OutputArea-output';
  const look = (root: Element) => {
    if (root.matches(unnamed) && root.closest(outputs)) name(root, panel);
    for (const element of root.querySelectorAll(unnamed)) if (element.closest(outputs)) name(element, panel);
  };
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (addedNodes.length === 0 || !(target instanceof Element) || target.closest('.gradlab-plotly')) continue;
      // A label may come after its control.
      look(target);
    }
  });
  observer.observe(node, { childList: true, subtree: true });
  look(node);
  panel.disposed.connect(() => observer.disconnect());
}
