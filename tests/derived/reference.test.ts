import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readApi } from '../../scripts/api.mjs';
import { opsReference } from '../../scripts/ops-reference.mjs';
import '../../src';
import { opTable } from '../../src/ops/table/table';
import { root } from '../support/typescript';

test('docs/ops.md is what the generator writes: run `npm run generate`', () => {
  expect(readFileSync(join(root, 'docs/ops.md'), 'utf8')).toBe(opsReference(readApi(), opTable));
});

test('it shows formula and gradient of every operation of the table that has a public name', () => {
  const text = readFileSync(join(root, 'docs/ops.md'), 'utf8');
  for (const [name, { rule }] of opTable)
    if (text.includes(`**${name}** ·`)) expect(text, name).toContain(`$${rule.math}$`);
});
