import { expect } from 'vitest';
import { dataOf } from './client/execution';
import { check, code, must, sharedKernel } from './harness';

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
    // Its parts have been opened before it.
    const parts = [state.layout, state.style].map((reference) =>
      models.get(String(reference).replace('IPY_MODEL_', '')),
    );
    expect(parts).toEqual(['LayoutModel', 'SliderStyleModel']);
  }
  const slider = [...models].find(([, name]) => name === 'IntSliderModel')?.[0];
  const view = done.outputs.map((m) => dataOf(m)['application/vnd.jupyter.widget-view+json']).find(Boolean);
  expect(view).toMatchObject({ version_major: 2, version_minor: 0, model_id: slider });
});
