// Invalid values are rejected with a library error, where another error was thrown before.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  FormatError,
  GradlabError,
  manualSeed,
  nn,
  optim,
  randn,
  StudyError,
  training,
  tuner,
  ValueError,
} from '../../src';

const { mseLoss } = nn.functional;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradlab-broken-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = () => {
  manualSeed(7);
  const x = randn([10, 2]);
  return { x, y: x.sum(1, { keepdim: true }) };
};
const begun = (seed = 1) => {
  manualSeed(seed);
  const net = new nn.Linear(2, 1);
  return { net, options: { loss: mseLoss, optimizer: new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.9 }) } };
};

test.each([[5], [null], [[]], [undefined]])('a validation batch that is %s', (batch) => {
  const { net, options } = begun();
  const train = () => training.fit(net, rows(), { ...options, epochs: 1, validation: [batch] as never });
  expect(train).toThrow(ValueError);
  expect(train).toThrow(/a batch must be a list of x and y, got/);
  expect(() => training.evaluate(net, [batch] as never, { loss: mseLoss, metrics: {} })).toThrow(
    /a batch must be a list/,
  );
});

test.each([[null], [{ loss: 3 }], [{ loss: [], accuracy: 0.5 }], [7]])('a history that is %s', (history) => {
  const { net, options } = begun();
  const before = net.weight.tolist();
  expect(() => training.fit(net, rows(), { ...options, epochs: 1, history: history as never })).toThrow(
    /history must be an object of lists, such as \{ loss: \[\] \}/,
  );
  expect(net.weight.tolist()).toEqual(before);
});

test('a checkpoint with a changed byte in its description is detected, or a library error, and never partly used', () => {
  const file = join(folder, 'run.safetensors');
  const first = begun();
  training.fit(first.net, rows(), { ...first.options, epochs: 1, checkpoint: file });
  const bytes = readFileSync(file);
  const header = Number(bytes.readBigUInt64LE(0)) + 8;
  const found = { refused: 0, taken: 0 };
  for (let i = 0; i < header; i += 3) {
    const changed = Buffer.from(bytes);
    changed[i]! ^= 1 << (i % 7);
    writeFileSync(file, changed);
    const { net, options } = begun(3);
    const before = net.weight.tolist();
    try {
      training.fit(net, rows(), { ...options, epochs: 1, checkpoint: file, resume: true });
      found.taken++;
    } catch (error) {
      expect(error, `byte ${i}`).toBeInstanceOf(GradlabError);
      expect(net.weight.tolist(), `byte ${i}`).toEqual(before);
      found.refused++;
    }
  }
  expect(found.refused).toBeGreaterThan(found.taken);
});

test('a checkpoint without its position', () => {
  const file = join(folder, 'lost.safetensors');
  const { net, options } = begun();
  training.fit(net, rows(), { ...options, epochs: 1, checkpoint: file });
  writeFileSync(
    file,
    readFileSync(file, 'latin1').replace('"place', '"palce').replace('\\"place', '\\"palce'),
    'latin1',
  );
  const again = () => training.fit(net, rows(), { ...options, epochs: 1, checkpoint: file, resume: true });
  expect(again).toThrow(FormatError);
});

test('a checkpoint creates its folders; if a file is in the way, nothing is trained', () => {
  const { net, options } = begun();
  const file = join(folder, 'a', 'b', 'run.safetensors');
  training.fit(net, rows(), { ...options, epochs: 1, checkpoint: file });
  expect(readFileSync(file).length).toBeGreaterThan(0);
  const before = net.weight.tolist();
  expect(() => training.fit(net, rows(), { ...options, epochs: 1, checkpoint: join(file, 'run.safetensors') })).toThrow(
    /the checkpoint .* cannot be written: .*what was there before is unchanged/,
  );
  expect(net.weight.tolist()).toEqual(before);
});

test.each(['constructor', 'toString', '__proto__'])('a metric called %s', (name) => {
  const { net, options } = begun();
  const metrics = { [name]: () => 1 };
  expect(() => training.fit(net, rows(), { ...options, epochs: 1, metrics })).toThrow(
    `fit: a metric cannot be called ${name}, which every object of JavaScript has already`,
  );
});

test('changes that an objective makes to its parameters affect no record, and invalid events are rejected', () => {
  const space = tuner.space({ x: tuner.float(0, 1) });
  const search = new tuner.Search(space, { sampler: tuner.random(), trials: 2, seed: 1 });
  const trial = search.ask() as tuner.Trial<{ x: number }>;
  const { x } = trial.params;
  Object.assign(trial.params, { x: 99, y: 1 });
  search.tell(trial.number, 1);
  expect(search.trials[0]!.params).toEqual({ x });
  for (const event of [null, 5, 'asked'])
    expect(() => search.replay([event] as never)).toThrow(/replay: event 2: expected an event of a search, got/);
});

test('a closed journal', () => {
  const space = tuner.space({ x: tuner.float(0, 1) });
  const options = { journal: join(folder, 'closed.jsonl'), sampler: tuner.random(), trials: 2 };
  const study = tuner.study(space, options);
  study.close();
  study.close();
  expect(() => study.ask()).toThrow(StudyError);
  expect(() => study.refresh()).toThrow(/closed\.jsonl is closed; go on with tuner\.study, which opens it again/);
  expect(tuner.study(space, options).ask()).toMatchObject({ number: 0 });
});

test('a journal that is a folder, and bounds whose distance overflows', () => {
  const journal = join(folder, 'folder.jsonl');
  mkdirSync(journal);
  const space = tuner.space({ x: tuner.float(0, 1) });
  expect(() => tuner.study(space, { journal, sampler: tuner.random(), trials: 1 })).toThrow(StudyError);
  expect(() => tuner.study(space, { journal, sampler: tuner.random(), trials: 1 })).toThrow(
    /the journal .*folder\.jsonl cannot be opened: .*give a file, which is made if there is none/,
  );
  expect(() => tuner.float(-1e308, 1e308)).toThrow('from -1e+308 to 1e+308 is farther than numbers reach');
});
