import { expect } from 'vitest';
import { dataOf } from './client/execution';
import type { Message } from './client/wire';
import { check, code, must, ours, sharedKernel } from './harness';

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Runs a cell that displays a bundle; returns the received bundle. */
async function shown(bundle: object) {
  const { client } = await sharedKernel();
  const { outputs } = await client.run(code.display(bundle));
  expect(outputs.map((m) => m.type)).toEqual(['display_data']);
  expect(outputs[0].content).toMatchObject({ metadata: {} });
  return dataOf(outputs[0]);
}

check('disp-html', async () => {
  const bundle = { 'text/html': '<p>a <b>word</b></p>' };
  expect(await shown(bundle)).toMatchObject(bundle);
});

check('disp-png', async () => {
  const data = String((await shown({ 'image/png': png }))['image/png']);
  expect(data.trim()).toBe(png);
});

check('disp-svg', async () => {
  const bundle = { 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>' };
  expect(await shown(bundle)).toMatchObject(bundle);
});

check('disp-plotly', async () => {
  const bundle = {
    'application/vnd.plotly.v1+json': { data: [{ type: 'scatter', y: [1, 2.5, null] }], layout: { title: 'é' } },
  };
  expect(await shown(bundle)).toMatchObject(bundle);
});

const displayId = (message: Message | undefined) =>
  (message?.content.transient as { display_id?: string } | undefined)?.display_id;

check('disp-update', async () => {
  const { client } = await sharedKernel();
  const first = await client.run(
    `${code.displayAs('shape', { 'text/html': '1' })}\n${code.displayAgain('shape', { 'text/html': '2' })}`,
  );
  const later = await client.run(code.displayAgain('shape', { 'text/html': '3' }));
  const all = [...first.outputs, ...later.outputs];
  expect(all.map((m) => m.type)).toEqual(['display_data', 'update_display_data', 'update_display_data']);
  expect(all.map((m) => dataOf(m)['text/html'])).toEqual(['1', '2', '3']);
  expect(displayId(all[0])).toMatch(/./);
  expect(all.map(displayId)).toEqual(all.map(() => displayId(all[0])));
});

check('clear-output', async () => {
  const { client } = await sharedKernel();
  const clear = must(code.clear);
  const done = await client.run([code.print('old'), clear(true), code.print('new'), clear(false)].join('\n'));
  const seen = done.outputs.map((m) => [m.type, m.content.wait ?? m.content.text]);
  expect(seen).toEqual([
    ['stream', 'old\n'],
    ['clear_output', true],
    ['stream', 'new\n'],
    ['clear_output', false],
  ]);
});

check(
  'tslab',
  async () => {
    const { client } = await sharedKernel();
    const cell = `import * as tslab from "tslab";
tslab.display.html("<b>x</b>");
tslab.display.markdown("*x*");
tslab.display.png(Uint8Array.from(atob(${JSON.stringify(png)}), (c) => c.charCodeAt(0)));
tslab.display.raw("application/json", '{"a":[1]}');
const shape = tslab.newDisplay();
shape.text("first");
shape.text("second");
[typeof tslab.versions.tslab, typeof tslab.versions.typescript]`;
    const { outputs, results } = await client.run(cell);
    const shown = outputs.filter(({ type }) => type !== 'execute_result');
    expect(shown.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 5 }, () => 'display_data'),
      'update_display_data',
    ]);
    expect(shown.map(dataOf)).toEqual([
      { 'text/html': '<b>x</b>' },
      { 'text/markdown': '*x*' },
      { 'image/png': png },
      { 'application/json': '{"a":[1]}' },
      { 'text/plain': 'first' },
      { 'text/plain': 'second' },
    ]);
    expect(displayId(shown[5])).toBe(displayId(shown[4]));
    expect(dataOf(results[0])['text/plain']).toBe("[ 'string', 'string' ]");
  },
  { kernels: ours },
);
