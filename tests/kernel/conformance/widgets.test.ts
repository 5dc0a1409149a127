import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { dataOf } from './client/execution';
import { check, code, must, ours, sharedKernel } from './harness';

interface State {
  _model_name: string;
  layout?: string;
  style?: string;
  value?: number;
}

check('widget', async () => {
  const { client } = await sharedKernel();
  const done = await client.run(must(code.widget));
  const opened = done.outputs.filter((m) => m.type === 'comm_open');
  const models = new Map<string, string>();
  for (const { content, metadata } of opened) {
    expect(content.target_name).toBe('jupyter.widget');
    expect(metadata.version).toMatch(/^2\.\d+\.\d+$/);
    const { state, buffer_paths } = content.data as { state: State; buffer_paths: unknown };
    expect(buffer_paths).toEqual([]);
    models.set(content.comm_id as string, state._model_name);
    if (state._model_name !== 'IntSliderModel') continue;
    expect(state.value).toBe(3);
    // Its parts are opened before it.
    const parts = [state.layout, state.style].map((reference) =>
      models.get(String(reference).replace('IPY_MODEL_', '')),
    );
    expect(parts).toEqual(['LayoutModel', 'SliderStyleModel']);
  }
  const slider = [...models].find(([, name]) => name === 'IntSliderModel')?.[0];
  const view = done.outputs.map((m) => dataOf(m)['application/vnd.jupyter.widget-view+json']).find(Boolean);
  expect(view).toMatchObject({ version_major: 2, version_minor: 0, model_id: slider });
});

/** Makes a slider that prints its new value; returns the id of its comm. */
async function openSlider(): Promise<string> {
  const { client } = await sharedKernel();
  const cell = `const moved = Jupyter.widgets.IntSlider({ value: 3, min: 0, max: 10 });
moved.observe((change) => console.log('moved to ' + change.new), 'value');
moved`;
  const { outputs } = await client.run(cell);
  const view = outputs.map((m) => dataOf(m)['application/vnd.jupyter.widget-view+json']).find(Boolean);
  return (view as { model_id: string }).model_id;
}

/** Moves the slider; returns the kernel's published messages. */
async function moveSlider(comm_id: string, value: number) {
  const { client } = await sharedKernel();
  const data = { method: 'update', state: { value }, buffer_paths: [] };
  const id = client.send('shell', { type: 'comm_msg', content: { comm_id, data } });
  await client.idle(id);
  return client.childrenOf(id);
}

check(
  'widget-move',
  async () => {
    const comm_id = await openSlider();
    for (const value of [7, 2]) {
      const published = (await moveSlider(comm_id, value)).filter(({ type }) => type !== 'status');
      expect(published.map(({ type, content }) => [type, content.data ?? content.text])).toEqual([
        ['comm_msg', { method: 'echo_update', state: { value }, buffer_paths: [] }],
        ['stream', `moved to ${value}\n`],
      ]);
    }
  },
  { kernels: ours },
);

check(
  'widget-reload',
  async () => {
    const { client } = await sharedKernel();
    const slider = await openSlider();
    await moveSlider(slider, 6);
    // JupyterLab's widget manager requests this after a page reload.
    const comm_id = randomUUID();
    const content = { comm_id, target_name: 'jupyter.widget.control', data: {}, target_module: null };
    await client.idle(client.send('shell', { type: 'comm_open', content, metadata: { version: '1.0.0' } }));
    const id = client.send('shell', { type: 'comm_msg', content: { comm_id, data: { method: 'request_states' } } });
    const { content: answer } = await client.child(id, (m) => m.type === 'comm_msg', 10, 'the states');
    const { method, states } = answer.data as { method: string; states: Record<string, { state: State }> };
    expect(method).toBe('update_states');
    expect(states[slider]).toMatchObject({
      model_name: 'IntSliderModel',
      model_module: '@jupyter-widgets/controls',
      state: { value: 6, max: 10 },
    });
    const layout = String(states[slider].state.layout).replace('IPY_MODEL_', '');
    expect(states[layout]).toMatchObject({ model_name: 'LayoutModel' });
    await client.idle(client.send('shell', { type: 'comm_close', content: { comm_id, data: {} } }));
  },
  { kernels: ours },
);
