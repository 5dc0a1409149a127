import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findNotebooks } from '../../kernel-setup/runner/options.mjs';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { runNotebooks } from '../support/notebooks';

const tenMinutes = 600_000;
const node = Number(process.versions.node.split('.')[0]);
const writtenWith: (number | undefined)[] = findNotebooks(paths.notebooks).map(
  (name: string) => JSON.parse(fs.readFileSync(path.join(paths.notebooks, name), 'utf8')).metadata.gradlab?.node,
);
// The last digits of Math.exp and the like may change with Node's major version.
const comparable = writtenWith.every((major) => major === node);

it(
  'every notebook runs under our kernel and gives its committed outputs again',
  async () => {
    if (!comparable)
      console.warn(`Outputs not compared: written under Node ${writtenWith.join(', ')}, this is ${node}`);
    const { code, output } = await runNotebooks(comparable ? ['--check'] : []);
    expect(code, output).toBe(0);
  },
  tenMinutes,
);

it(
  'every notebook runs under stock tslab',
  async () => {
    const { code, output } = await runNotebooks(['--kernel', 'tslab']);
    expect(code, output).toBe(0);
  },
  tenMinutes,
);
