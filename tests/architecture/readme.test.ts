import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as gradlab from '../../src';

const text = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
const [, list] = /<!-- names:[^>]*-->([\s\S]*)<!-- \/names -->/.exec(text)!;
const groups = [...list.matchAll(/\*\*(\w+)\*\*: ([^*]*)/g)].map(([, group, names]) => ({
  group,
  names: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
}));

describe('the list of names in README', () => {
  const spaces: Record<string, object> = { nn: gradlab.nn, optim: gradlab.optim, data: gradlab.data };

  test.each(groups)('$group: every name exists', ({ group, names }) => {
    const missing = names.filter(
      (name) => !(name in (spaces[group] ?? gradlab)) && !(name in gradlab.Tensor.prototype),
    );
    expect(names.length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });

  test('no function of tensors is left out', () => {
    const listed = new Set(groups.flatMap((g) => g.names));
    const methods = Object.getOwnPropertyNames(gradlab.Tensor.prototype);
    const both = Object.keys(gradlab).filter(
      (name) => methods.includes(name) && !['bool', 'version', 'grad'].includes(name),
    );
    expect(both.filter((name) => !listed.has(name))).toEqual([]);
    const modules = Object.keys(gradlab.nn).filter((name) => /^[A-Z]/.test(name));
    expect(modules.filter((name) => !listed.has(name))).toEqual([]);
  });
});
