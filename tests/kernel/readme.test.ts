// The blocks of TypeScript in README run as cells, each in a kernel of its own, without a type error.
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { CellSession, failureOf } from './support/cell-session';

const readme = fs.readFileSync(path.join(paths.root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block]) => block!);

let session: CellSession;
beforeEach(async () => {
  session = await CellSession.start({}, [paths.cellTypes]);
});
afterEach(() => session?.close());

test('README has blocks', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(5);
});

test.each(blocks.map((block) => [block.split('\n').find((line) => line.trim() !== '')!, block]))(
  '%s',
  async (_, block) => {
    const ran = await session.execute(block);
    expect(ran.ok ? '' : failureOf(ran)).toBe('');
    if (block.includes('x.grad ')) expect(ran.data?.['text/plain']).toBe('tensor([6., 8.])');
  },
);
