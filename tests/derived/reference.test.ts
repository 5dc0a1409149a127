import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readApi } from '../../tools/reference/api.mjs';
import { readDeclared } from '../../tools/reference/declarations.mjs';
import { altsOf } from '../../tools/reference/draw-figures.mjs';
import { byFamily, FIGURE_PAGES, hasFamily } from '../../tools/reference/families.mjs';
import { familyPages, outputsIn, splitDefault } from '../../tools/reference/family-pages.mjs';
import { opsReference } from '../../tools/reference/ops-reference.mjs';
import { pytorchReference, sharedNames } from '../../tools/reference/pytorch-reference.mjs';
import '../../src';
import * as lab from '../../src/lab';
import { opTable } from '../../src/ops/table/table';
import { root } from '../support/typescript';

test('docs/ops.md is what the generator writes: run `npm run generate`', () => {
  expect(readFileSync(join(root, 'docs/ops.md'), 'utf8')).toBe(opsReference(readApi(), opTable));
});

test('docs/ops.md leaves no space where PyTorch’s name stood', () => {
  const prose = readFileSync(join(root, 'docs/ops.md'), 'utf8').replace(/`[^`]*`/g, 'code');
  expect(prose.match(/.{0,40}[a-z] [.,:;](?=\s)/g)).toBeNull();
});

test('docs/pytorch.md is what the generator writes: run `npm run generate`', () => {
  expect(readFileSync(join(root, 'docs/pytorch.md'), 'utf8')).toBe(pytorchReference(readApi()));
});

test('of PyTorch’s names those count that are there, under their own or a second name', () => {
  const spaces = new Map(sharedNames(readApi()).map((space) => [space.space, space]));
  const has = (space: string, name: string) => {
    const { names, missing } = spaces.get(space)!;
    expect(names, `${space}.${name}`).toContain(name);
    return !missing.includes(name);
  };
  expect(has('torch', 'conv1d')).toBe(true); // nn.functional.conv1d
  expect(has('torch', 'index_add')).toBe(true);
  expect(has('torch', 'stft')).toBe(false);
  expect(has('torch.Tensor', 'shape')).toBe(true);
  expect(has('torch.Tensor', 'add_')).toBe(true);
  expect(has('torch.Tensor', 'squeeze_')).toBe(false);
  expect(has('torch.special', 'erf')).toBe(true);
  expect(has('torch.func', 'grad')).toBe(true); // a function of functions, as func.grad here
  expect(has('torch.func', 'functionalize')).toBe(false);
  expect(has('torch.nn', 'Linear')).toBe(true);
});

test('docs/ops.md shows formula and gradient of every operation of the table that has a public name', () => {
  const text = readFileSync(join(root, 'docs/ops.md'), 'utf8');
  for (const [name, { rule }] of opTable)
    if (text.includes(`**${name}** ·`)) expect(text, name).toContain(`$${rule.math}$`);
});

describe('the pages of families', () => {
  const declared = readDeclared();
  const families = byFamily(declared);
  const figures = join(root, 'docs/reference/figures');
  const committed = (page: string) => readFileSync(join(root, 'docs', page), 'utf8');

  test('are what the generator writes: run `npm run generate`', () => {
    // The outputs are tested with the blocks that they are of.
    const from = {
      altOf: (name: string) => altsOf(figures, name),
      outputOf: (page: string, heading: string) => outputsIn(committed(page)).get(heading),
    };
    for (const [name, text] of familyPages(declared, from)) expect(committed(name), name).toBe(text);
  });

  test('have every function and class once, except operations, errors and types of values', () => {
    const names = [...families.values()].flat().map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    expect(names.filter((name) => !hasFamily(name))).toEqual([]);
    const ops = readFileSync(join(root, 'docs/ops.md'), 'utf8');
    const elsewhere = ({ name }: { name: string }) =>
      /Error$/.test(name) ||
      ['Tensor', 'plot.Figure'].includes(name) ||
      ops.includes(`**${name}** ·`) ||
      ops.includes(`\`${name}(…)\``);
    const missing = declared.filter((one) => !names.includes(one.name) && !elsewhere(one)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  test('have each option of a training with its default, and which are required', () => {
    const [, fit] = /^## training\.fit$([\s\S]*?)^## /m.exec(committed('reference/training.md'))!;
    expect(fit).toContain('| `batchSize` | `number` | `32` | Number of rows in a batch, for `{ x, y }`. |');
    expect(fit).toContain('| `optimizer` | `Optimizer` | *required* |');
    expect(fit).toMatch(/^\| `validation` \| `TrainingData` \| none \|/m);
    expect(committed('reference/training.md')).toContain('As in [training.fit](#trainingfit): `loss`, `optimizer`');
    expect(committed('reference/nn-convolution.md')).toContain('\n## nn.Conv1d, nn.Conv2d, nn.Conv3d\n');
    expect(committed('reference/optim.md')).toContain('\nPyTorch: `torch.optim.SGD`.\n');
  });

  test.each([
    ['Rows. Default: 32. More of it.', '`32`', 'Rows. More of it.'],
    ['Learning rate; default 0.001.', '`0.001`', 'Learning rate.'],
    ['Small; default 1e-8.', '`1e-8`', 'Small.'],
    ['The order; default: the one that `manualSeed` seeds.', 'the one that `manualSeed` seeds', 'The order.'],
    ['How much is kept, 0 (default) to 1.', '`0`', 'How much is kept, 0 to 1.'],
    ['When: `a.b`. Default: `a.b`.', '`a.b`', 'When: `a.b`.'],
    ['Nothing of it.', undefined, 'Nothing of it.'],
  ])('find the default in “%s”', (doc, value, rest) => expect(splitDefault(doc)).toEqual({ value, rest }));

  test('have each function that draws once, with its example and its figure', () => {
    const inPlot = Object.entries(lab.plot).filter(
      ([, it]) => typeof it === 'function' && !String(it).startsWith('class'),
    );
    const all = [...inPlot.map(([name]) => `plot.${name}`), 'studyDisplay', 'trainingDisplay'].sort();
    expect(FIGURE_PAGES.flatMap(({ names }) => names).sort()).toEqual(all);
    for (const { name, example } of FIGURE_PAGES.flatMap((page) => families.get(page)!)) {
      expect(example, name).toContain(`${name}(`);
      expect(altsOf(figures, name).join(), name).toMatch(/\w{3}/);
    }
  });

  test('explain each option, and each object that arguments and options consist of', () => {
    for (const { name, options, types } of [...families.values()].flat())
      for (const { name: of, doc } of [...options, ...types]) expect(doc, `${name}: ${of}`).not.toBe('');
  });
});
