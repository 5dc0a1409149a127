// Messages that a running kernel sends when a control moves: to a front end that accepts patches, and to others.
import { expect } from 'vitest';
import { changed, type Operation } from '../../../page/outputs/outputs';
import type { Client } from '../conformance/client/client';
import type { Message } from '../conformance/client/wire';
import { freshKernel, kernelTest } from '../conformance/harness';

const cells = `import { interact, plot } from 'gradlab/lab';
const bowl = (x: number, y: number) => x * x + 9 * y * y;
const walk = (k: number) => ({ points: Array.from({ length: 40 }, (_, i): [number, number] =>
  [8 * (1 - k / 50) ** i, 8 * (1 - (9 * k) / 500) ** i]) });`;
const surface = 'interact(({ k }) => plot.surface(bowl, { camera: { azim: k } }), { k: [1, 9] });';
const path = 'interact(({ k }) => plot.contour(bowl, { paths: [walk(k)] }), { k: [1, 9] });';
const curve = `const y = Array.from({ length: 400 }, (_, i) => Math.sin(i / 9));
interact(({ k }) => plot.curves([{ name: 'a', y }, { name: 'b', y: y.slice(0, 90 + k) }]), { k: [1, 9] });`;

interface Output {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}
const outputOf = ({ content: { data, metadata } }: Message) => ({ data, metadata }) as Output;
const length = ({ content }: Message) => JSON.stringify(content).length;

async function open(client: Client, code: string) {
  const { outputs } = await client.run(code);
  const state = ({ content }: Message) => (content.data as { state?: { _model_name: string } }).state;
  const slider = outputs.find((m) => m.type === 'comm_open' && state(m)?._model_name === 'IntSliderModel')!;
  return { shown: outputs.filter(({ type }) => type === 'display_data').at(-1)!, comm_id: slider.content.comm_id };
}

/** Moves a slider; returns the messages about the figure. */
async function move(client: Client, comm_id: unknown, value: number): Promise<Message[]> {
  const data = { method: 'update', state: { value }, buffer_paths: [] };
  const id = client.send('shell', { type: 'comm_msg', content: { comm_id, data } });
  await client.idle(id);
  const isFigure = ({ type, content }: Message) =>
    type === 'update_display_data' ||
    (type === 'comm_msg' && (content.data as { method?: string }).method === 'change');
  return client.childrenOf(id).filter(isFigure);
}

async function takeChanges(client: Client): Promise<void> {
  const content = { comm_id: client.session, target_name: 'gradlab.changes', data: {} };
  await client.idle(client.send('shell', { type: 'comm_open', content }));
}

kernelTest(
  'a move sends what it changes to a front end that takes changes, and the whole figure to any other',
  async () => {
    const [one, other] = [await freshKernel(), await freshKernel()].map(({ client }) => client);
    await takeChanges(one);
    // A surface has two cameras, for wide and narrow pages.
    const most = { [surface]: 1100, [path]: 3500, [curve]: 1700 };
    for (const client of [one, other]) await client.run(cells);
    for (const [code, characters] of Object.entries(most)) {
      const [changes, whole] = [await open(one, code), await open(other, code)];
      let output = outputOf(changes.shown);
      expect(output).toEqual(outputOf(whole.shown));
      for (const value of [6, 7, 3]) {
        const [change, ...more] = await move(one, changes.comm_id, value);
        const [update, ...others] = await move(other, whole.comm_id, value);
        expect([...more, ...others]).toEqual([]);
        expect([change.type, update.type]).toEqual(['comm_msg', 'update_display_data']);
        output = changed(output, (change.content.data as { changes: Operation[] }).changes);
        expect(output).toEqual(outputOf(update));
        expect(length(change)).toBeLessThan(characters);
        expect(length(change)).toBeLessThan(length(update) / 4);
      }
    }
  },
);

kernelTest('while a cell runs, a page that is loaded anew gets the figure that the cell has changed', async () => {
  const { client } = await freshKernel();
  await takeChanges(client);
  const id = client.submit(`import { plot, show } from 'gradlab/lab';
const draw = (n: number) => plot.curves([{ name: 'loss', y: Array.from({ length: n }, () => 1) }]);
show(draw(99), { displayId: 'growing' });
show(draw(100), { displayId: 'growing', update: true });
while (true) {}`);
  const { content } = await client.child(id, ({ type }) => type === 'comm_msg');
  const { version } = content.data as { version: string };
  const data = { method: 'request_output', display_id: 'growing' };
  const asked = client.send('shell', { type: 'comm_msg', content: { comm_id: client.session, data } });
  const update = await client.child(asked, ({ type }) => type === 'update_display_data');
  expect(update.content.transient).toEqual({ display_id: 'growing', version });
  const json = outputOf(update).data['application/vnd.plotly.v1+json'] as { data: { y: number[] }[] };
  expect(json.data[0].y).toHaveLength(100);
  await client.request('control', 'interrupt_request', {});
  await client.idle(id);
});
