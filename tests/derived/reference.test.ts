import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readApi } from '../../tools/reference/api.mjs';
import { altsOf } from '../../tools/reference/draw-figures.mjs';
import { readFigureFunctions } from '../../tools/reference/figure-functions.mjs';
import { FIGURE_PAGES, figuresReference } from '../../tools/reference/figures-reference.mjs';
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

describe('the pages of figures', () => {
  const functions = readFigureFunctions();
  const figures = join(root, 'docs/reference/figures');

  test('are what the generator writes: run `npm run generate`', () => {
    for (const [name, text] of figuresReference(functions, (one) => altsOf(figures, one)))
      expect(readFileSync(join(root, 'docs', name), 'utf8'), name).toBe(text);
  });

  test('have each function that draws once, with its example and its figure', () => {
    const inPlot = Object.entries(lab.plot).filter(
      ([, it]) => typeof it === 'function' && !String(it).startsWith('class'),
    );
    const all = [...inPlot.map(([name]) => `plot.${name}`), 'studyDisplay', 'trainingDisplay'].sort();
    expect(functions.map(({ name }) => name).sort()).toEqual(all);
    expect(FIGURE_PAGES.flatMap((page) => page.functions).sort()).toEqual(all);
    for (const { name, example } of functions) {
      expect(example, name).toContain(`${name}(`);
      expect(altsOf(figures, name).join(), name).toMatch(/\w{3}/);
    }
  });

  test('explain each option, and each object that arguments and options consist of', () => {
    for (const { name, options, types } of functions)
      for (const { name: of, doc } of [...options, ...types]) expect(doc, `${name}: ${of}`).not.toBe('');
  });
});
