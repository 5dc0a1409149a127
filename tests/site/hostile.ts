// A notebook that tries to run code when it is opened, in every way that a notebook allows. What has run is recorded in
// `ran`.

const call = (name: string) => `(globalThis.ran ??= []).push('${name}')`;
const image = (name: string) => `<img src="x" onerror="${call(name)}">`;
const html = (name: string) =>
  [
    image(name),
    `<script>${call(`${name}: script`)}</script>`,
    `<svg onload="${call(`${name}: svg`)}"></svg>`,
    `<details open ontoggle="${call(`${name}: toggle`)}">x</details>`,
    `<iframe srcdoc="<script>parent.${call(`${name}: frame`).slice(1)}</script>"></iframe>`,
    `<a href="javascript:${call(`${name}: link`)}">x</a>`,
    `<form><button formaction="javascript:${call(`${name}: form`)}">x</button></form>`,
  ].join('\n');

const show = (data: object) => ({ output_type: 'display_data', metadata: {}, data });
const code = (...outputs: object[]) => ({
  cell_type: 'code',
  // JupyterLab's mark for cells that have run; a server would not trust it.
  metadata: { trusted: true },
  source: call('cell'),
  execution_count: 1,
  outputs,
});

const widget = (module: string, name: string, view: string | null, state: object) => ({
  model_module: `@jupyter-widgets/${module}`,
  model_module_version: '2.0.0',
  model_name: `${name}Model`,
  state: {
    _model_module: `@jupyter-widgets/${module}`,
    _model_module_version: '2.0.0',
    _model_name: `${name}Model`,
    _view_count: null,
    _view_module: `@jupyter-widgets/${module}`,
    _view_module_version: '2.0.0',
    _view_name: view,
    ...state,
  },
});

const cells = [
  {
    cell_type: 'markdown',
    metadata: { trusted: true },
    source: `# Hostile\n\n${html('markdown')}\n\n[x](javascript:${call('x')})`,
  },
  { cell_type: 'raw', metadata: {}, source: html('raw') },
  code(show({ 'text/html': html('html') })),
  code(show({ 'text/markdown': html('markdown output') })),
  code(show({ 'application/javascript': call('javascript'), 'text/plain': 'x' })),
  code(
    show({
      'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="${call('image')}"><script>${call('image: script')}</script></svg>`,
    }),
  ),
  code(show({ 'text/latex': `$\\href{javascript:${call('latex')}}{x}$` })),
  code(
    show({
      'application/vnd.jupyter.widget-view+json': { model_id: 'html', version_major: 2, version_minor: 0 },
      'text/plain': 'x',
    }),
  ),
  code(
    show({
      'application/vnd.plotly.v1+json': {
        data: [{ type: 'scatter', x: [1, 2], y: [1, 2], text: [image('text')], name: image('name') }],
        layout: {
          title: { text: `${image('title')}<a href="javascript:${call('title: link')}">x</a>` },
          annotations: [{ text: image('annotation'), x: 1, y: 1 }],
        },
      },
      'text/plain': 'x',
    }),
  ),
  code(
    show({
      'application/vnd.gradlab.claim+json': [{ id: image('claim') }],
      'text/html': html('claim'),
      'text/plain': 'x',
    }),
  ),
  code({ output_type: 'stream', name: 'stdout', text: html('stream') }),
  code({ output_type: 'error', ename: image('error'), evalue: image('error'), traceback: [html('error')] }),
  code({ output_type: 'stream', name: 'stdout', text: 'the last output' }),
].map((cell, i) => ({ id: `cell-${i}`, ...cell }));

export const hostileNotebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    trusted: true,
    kernelspec: { name: 'gradlab', display_name: 'TypeScript (gradlab)', language: 'typescript' },
    language_info: { name: 'typescript' },
    widgets: {
      'application/vnd.jupyter.widget-state+json': {
        state: {
          html: widget('controls', 'HTML', 'HTMLView', { layout: 'IPY_MODEL_layout', value: image('widget') }),
          layout: widget('base', 'Layout', 'LayoutView', {}),
        },
        version_major: 2,
        version_minor: 0,
      },
    },
  },
  cells,
};
