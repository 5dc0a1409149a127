// Records readers of sounds for the chapter "Why deep networks?" (note 001). After a build:
//   node tools/recordings/spectrogram.mjs [--to FILE]
// It takes some ten minutes; what the file has already is kept.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cat, Generator, linspace, manualSeed, nn, noGrad, optim, randint } from 'gradlab';
import { chirps, spectrogram } from 'gradlab/lab/lessons/001-why-deeper';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/001-fastai-book/spectrogram.recorded.json');
const sown = (seed) => new Generator().manualSeed(seed);
const F = nn.functional;
const wave = (x) => x;
const picture = (x) => spectrogram(x, { window: 32, hop: 18 }).log1p();
const hidden = (inputs, units) => {
  const [first, last] = [new nn.Linear(inputs, units), new nn.Linear(units, 2)];
  return new nn.Sequential(first, new nn.ReLU(), last);
};
/** Loudness: rising sounds grow from 0.2 to 1.8, falling ones fade. */
const swelling = (y) => {
  const rises = y.to('float64').mul(2).sub(1).unsqueeze(1);
  return rises.mul(linspace(-0.8, 0.8, 256, { dtype: 'float64' })).add(1);
};
/** The input of a reader, its net, and its additional training data. */
const readers = {
  'line on picture': { see: (x) => picture(x).flatten(1), net: () => new nn.Linear(221, 2) },
  'net on picture': { see: (x) => picture(x).flatten(1), net: () => hidden(221, 16) },
  'line on wave': { see: wave, net: () => new nn.Linear(256, 2, { bias: false }) },
  'net on loudness': { see: (x) => picture(x).mean(1), net: () => hidden(13, 16) },
  'net on loudness, swelling': { see: (x) => picture(x).mean(1), net: () => hidden(13, 16), swells: true },
  'net on wave': { see: wave, net: () => hidden(256, 16) },
  'wide net on wave': { see: wave, net: () => hidden(256, 64) },
  'net on wave, flipped too': { see: wave, net: () => hidden(256, 64), more: (x) => cat([x, x.neg()]) },
  'windows on wave': {
    see: (x) => x.unsqueeze(1),
    net: () => {
      const windows = new nn.Conv1d(1, 16, 32, { stride: 6 });
      return new nn.Sequential(windows, new nn.ReLU(), new nn.Flatten(), new nn.Linear(16 * 38, 2));
    },
  },
};
function learn(name, count, seed, rate, phase) {
  const { see, net: make, more, swells } = readers[name];
  const drawn = { noise: 0.5, ...(phase === undefined ? {} : { phase }) };
  const [own, fresh] = [count, 1000].map((n, i) => {
    const sounds = chirps(n, { ...drawn, generator: sown(1000 * (i + 1) + seed) });
    return swells ? { ...sounds, x: sounds.x.mul(swelling(sounds.y)) } : sounds;
  });
  const x = see((more ? more(own.x) : own.x).to('float32'));
  const y = more ? cat([own.y, own.y]) : own.y;
  manualSeed(seed);
  const net = make();
  const adam = new optim.Adam(net.parameters(), { lr: rate });
  const generator = sown(3000 + seed);
  const steps = 600;
  for (let step = 0; step < steps; step++) {
    adam.paramGroups[0].lr = rate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
    const chosen = randint(0, y.shape[0], [Math.min(20, y.shape[0])], { generator });
    adam.zeroGrad();
    F.crossEntropy(net.forward(x.indexSelect(0, chosen)), y.indexSelect(0, chosen)).backward();
    adam.step();
  }
  const right = (input, truth) => noGrad(() => net.forward(input).argmax(1).eq(truth).to('float32').mean().item());
  return { own: right(x, y), fresh: right(see(fresh.x.to('float32')), fresh.y) };
}
const about =
  'Shares of sounds that are read rightly, those learned (own) and 1,000 others (fresh); by tools/recordings/spectrogram.mjs';
const record = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { runs: {} };
const round = (value) => Number(value.toPrecision(4));
const mean = (all) => all.reduce((a, b) => a + b) / all.length;
for (const phase of [undefined, 0])
  for (const name of Object.keys(readers))
    for (const count of phase === 0 ? [100] : [30, 100, 300, 1000]) {
      const key = `${name}, ${count}${phase === 0 ? ', one phase' : ''}`;
      if (record.runs[key]) continue;
      record.runs[key] = [0.003, 0.01].flatMap((rate) =>
        [1, 2, 3, 4, 5].map((seed) => {
          const { own, fresh } = learn(name, count, seed, rate, phase);
          return { seed, rate, own: round(own), fresh: round(fresh) };
        }),
      );
      fs.writeFileSync(file, `${JSON.stringify({ about, ...record })}\n`);
      const at = (rate) => record.runs[key].filter((one) => one.rate === rate);
      console.log(
        key,
        [0.003, 0.01].map((rate) => `${rate}: ${mean(at(rate).map((one) => one.fresh)).toFixed(3)}`).join(' | '),
      );
    }
