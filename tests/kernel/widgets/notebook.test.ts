// Notebooks with widgets run by nbclient: their state is saved, so that static pages show them.
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { executeNotebook } from '../../../tools/notebooks/execute.mjs';
import { makeNotebook } from '../../support/notebooks';

interface Output {
  output_type: string;
  text?: string;
  evalue?: string;
  data?: Record<string, unknown> & { 'application/vnd.jupyter.widget-view+json'?: { model_id: string } };
}
interface Notebook {
  cells: { outputs: Output[] }[];
  metadata: { widgets?: { 'application/vnd.jupyter.widget-state+json': WidgetStates } };
}
interface WidgetStates {
  version_major: number;
  state: Record<string, { model_name: string; model_module: string; state: Record<string, unknown> }>;
}

const cells = [
  `const slider = Jupyter.widgets.IntSlider({ value: 3, max: 10, description: 'n' });
   const output = new Jupyter.widgets.Output();
   Jupyter.widgets.VBox([slider, output])`,
  `console.log('before');
   output.capture(() => { console.log('inside'); Jupyter.display({ 'text/html': '<b>x</b>' }); });
   console.log('after');`,
  `await output.capture(async () => { await new Promise((done) => setTimeout(done, 20)); console.log('later'); });`,
  'slider.value = 7;',
  { source: 'slider.value = 11;', tags: ['raises-exception'] }, // nbclient continues after it
  'Jupyter.widgets.Image({ value: new Uint8Array([1, 2, 3]) })',
];

async function runNotebook(): Promise<Notebook> {
  const file = path.join(paths.root, 'a.ipynb');
  const { notebook, error } = await executeNotebook(makeNotebook(cells), { file, kernel: 'gradlab', timeout: 300 });
  expect(error).toBeNull();
  return notebook as Notebook;
}

describe('a notebook run by nbclient', () => {
  let notebook: Notebook;
  let states: WidgetStates;
  const stateOf = (name: string) => Object.values(states.state).find(({ model_name }) => model_name === name)!.state;
  const textOf = (cell: number) => notebook.cells[cell].outputs.map(({ text }) => text).join('');

  beforeAll(async () => {
    notebook = await runNotebook();
    states = notebook.metadata.widgets!['application/vnd.jupyter.widget-state+json'];
  });

  test('shows a widget by its model', () => {
    const [{ output_type, data }] = notebook.cells[0].outputs;
    expect(output_type).toBe('execute_result');
    const id = data!['application/vnd.jupyter.widget-view+json']!.model_id;
    expect(states.state[id]).toMatchObject({ model_name: 'VBoxModel', model_module: '@jupyter-widgets/controls' });
  });

  test('stores the last state of all widgets', () => {
    expect(states.version_major).toBe(2);
    expect(stateOf('IntSliderModel')).toMatchObject({ value: 7, max: 10, description: 'n' });
    expect(Object.values(states.state).map(({ model_name }) => model_name)).toEqual(
      expect.arrayContaining(['LayoutModel', 'SliderStyleModel', 'VBoxModel', 'OutputModel', 'ImageModel']),
    );
    const image = Object.values(states.state).find(({ model_name }) => model_name === 'ImageModel');
    expect(image).toMatchObject({ buffers: [{ path: ['value'], encoding: 'base64', data: 'AQID' }] });
  });

  test('captured output is in the Output widget, the rest in the cells', () => {
    expect([textOf(1), textOf(2)]).toEqual(['before\nafter\n', '']);
    const outputs = stateOf('OutputModel').outputs as Output[];
    expect(outputs.map(({ text, data }) => text?.trim() ?? data)).toEqual([
      'inside',
      { 'text/html': '<b>x</b>' },
      'later',
    ]);
  });

  test('reports an invalid value', () => {
    expect(notebook.cells[4].outputs).toMatchObject([{ output_type: 'error', evalue: /outside the range/ }]);
  });

  test('is identical when it is run again', async () => {
    const again = await runNotebook();
    expect(again.cells.map(({ outputs }) => outputs)).toEqual(notebook.cells.map(({ outputs }) => outputs));
    expect(again.metadata.widgets).toEqual(notebook.metadata.widgets);
  });
});

// nbclient answers each change of an Output widget on the socket of the cell's reply, and used to miss that reply.
test('a cell that switches an Output widget often ends with its reply, not by a timeout', async () => {
  const often = 'for (let i = 0; i < 60; i++) output.capture(() => console.log(i));';
  const notebook = makeNotebook(['const output = new Jupyter.widgets.Output(); output', often, '1', often, '2']);
  const began: number[] = [];
  const { error } = await executeNotebook(notebook, {
    file: path.join(paths.root, 'a.ipynb'),
    kernel: 'gradlab',
    timeout: 600,
    onCell: () => began.push(performance.now()),
  });
  expect(error).toBeNull();
  const taken = began.slice(1).map((time, i) => time - began[i]!);
  expect(Math.max(...taken)).toBeLessThan(500_000);
});
