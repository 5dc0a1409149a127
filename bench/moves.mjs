// The cost of moving a control: bytes that the kernel publishes, and milliseconds until it is idle again. Two front
// ends alternate: one that accepts patches of outputs, like our JupyterLab, and one that takes only whole outputs.
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelUnderTest } from './client.mjs';

/** Title, and a cell with one control that goes from 1 to 100. */
const figures = [
  ['a surface is turned', '({ k }) => plot.surface(bowl, { camera: { elev: 30, azim: 3.6 * k } })'],
  [
    'a surface with a path is turned',
    '({ k }) => plot.surface(bowl, { paths: [walk(20)], camera: { azim: 3.6 * k } })',
  ],
  ['a path on a surface', '({ k }) => plot.surface(bowl, { paths: [walk(k)] })'],
  ['a path on contours', '({ k }) => plot.contour(bowl, { paths: [walk(k)] })'],
  ['another surface', '({ k }) => plot.surface((x, y) => x * x + k * y * y)'],
  ['other contours', '({ k }) => plot.contour((x, y) => x * x + k * y * y)'],
  [
    'one of two curves of 500 points',
    '({ k }) => plot.curves([{ name: "a", y: wave(10) }, { name: "b", y: wave(k) }])',
  ],
  ['a point more on a curve', '({ k }) => plot.curves([{ name: "loss", y: wave(10).slice(0, 300 + k) }])'],
];
const cell = `import { interact, plot } from 'gradlab/lab';
const bowl = (x: number, y: number) => x * x + 9 * y * y;
const walk = (k: number) => ({ points: Array.from({ length: 60 }, (_, i): [number, number] =>
  [8 * (1 - k / 500) ** i, 8 * (1 - (9 * k) / 500) ** i]) });
const wave = (k: number) => Array.from({ length: 500 }, (_, i) => Math.sin((k * i) / 500));`;

const outputs = ['display_data', 'update_display_data', 'comm_msg'];

/** Opens a cell's control; returns a function that moves it and reports the cost. */
async function open(kernel, code) {
  const messages = await kernel.run(code).then(({ published }) => published);
  const control = messages.find(({ content }) => /SliderModel$/.test(content.data?.state?._model_name));
  return async (value) => {
    const data = { method: 'update', state: { value }, buffer_paths: [] };
    const { published, ms } = await kernel.request('comm_msg', { comm_id: control.content.comm_id, data }, 'published');
    const figure = published.filter(
      ({ type, content }) => outputs.includes(type) && (type !== 'comm_msg' || content.data.method === 'change'),
    );
    const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
    return { ms, figure: sum(figure), all: sum(published) };
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** @param rounds how often each control goes through thirty values */
export async function benchMoves(rounds) {
  const kernels = { changes: await KernelUnderTest.start('gradlab'), whole: await KernelUnderTest.start('gradlab') };
  try {
    for (const kernel of Object.values(kernels)) await kernel.run(cell, 'reply');
    const target = { comm_id: 'bench', target_name: 'gradlab.changes', data: {} };
    await kernels.changes.request('comm_open', target, 'published');
    console.log('\n| a move | figure, whole | figure, changes | all, changes | ms, whole | ms, changes |');
    console.log('|---|---:|---:|---:|---:|---:|');
    for (const [title, draw] of figures) {
      const moves = {};
      for (const [name, kernel] of Object.entries(kernels))
        moves[name] = await open(kernel, `interact(${draw}, { k: [1, 100] });`);
      const found = { changes: [], whole: [] };
      for (let i = 0; i < 30 * rounds; i++) {
        for (const name of i % 2 ? ['changes', 'whole'] : ['whole', 'changes']) {
          const one = await moves[name](1 + (i % 30));
          if (i > 5) found[name].push(one);
          await sleep(20);
        }
      }
      const of = (name, key, digits = 0) => median(found[name].map((one) => one[key])).toFixed(digits);
      const bytes = [of('whole', 'figure'), of('changes', 'figure'), of('changes', 'all')];
      console.log(`| ${[title, ...bytes, of('whole', 'ms', 1), of('changes', 'ms', 1)].join(' | ')} |`);
    }
  } finally {
    for (const kernel of Object.values(kernels)) await kernel.stop();
  }
}
