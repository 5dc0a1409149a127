// Names, for screen readers, of what JupyterLab and ipywidgets show in outputs without any: the handles of sliders, controls as they
// stood when a notebook was saved, and drawings. Given when they show, so that they are there in notebooks of before as well.

const unnamed =
  '.noUi-handle:not([aria-label]), .jp-RenderedHTMLCommon :is(input, select):not([aria-label], [id]), img:not([alt])';

const textOf = (element) => element?.textContent.trim() ?? '';

/** What a control is called by the text that stands before it. */
function nameOf(control) {
  if (!control.matches('.noUi-handle')) return textOf(control.previousElementSibling);
  const name = textOf(control.closest('.widget-inline-hbox')?.querySelector('.widget-label'));
  const ends = control.closest('.noUi-base').querySelectorAll('.noUi-handle');
  return ends.length < 2 ? name : `${name}, ${control === ends[0] ? 'from' : 'to'}`;
}

/** What a drawing shows, in the words that go with it. */
function wordsOf(image, panel) {
  for (const { model, outputArea } of panel.content.widgets)
    if (model.type === 'code' && outputArea.node.contains(image))
      for (const [i, widget] of outputArea.widgets.entries())
        if (widget.node.contains(image)) return model.outputs.get(i)?.data['text/plain'];
  return undefined;
}

function name(element, panel) {
  if (element instanceof HTMLImageElement) {
    const words = element.closest('.jp-RenderedSVG, .jp-RenderedImage') && wordsOf(element, panel);
    if (words) element.alt = [words].flat().join('');
    return;
  }
  const words = nameOf(element);
  if (words !== '') element.setAttribute('aria-label', words);
}

/** Has whatever the outputs of a notebook show named, from now on. */
export function nameControls(panel) {
  const { node } = panel.content;
  const outputs = '.jp-OutputArea-output';
  const look = (root) => {
    if (root.matches(unnamed) && root.closest(outputs)) name(root, panel);
    for (const element of root.querySelectorAll(unnamed)) if (element.closest(outputs)) name(element, panel);
  };
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (addedNodes.length === 0 || target.closest?.('.gradlab-plotly')) continue;
      // A label may come after its control.
      look(target);
    }
  });
  observer.observe(node, { childList: true, subtree: true });
  look(node);
  panel.disposed.connect(() => observer.disconnect());
}
