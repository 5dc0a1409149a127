import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readApi } from '../../tools/reference/api.mjs';
import { opsReference } from '../../tools/reference/ops-reference.mjs';
import { pytorchReference, sharedNames } from '../../tools/reference/pytorch-reference.mjs';
import '../../src';
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
