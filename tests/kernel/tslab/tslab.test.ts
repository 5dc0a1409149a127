// Our kernel accepts and shows the same as stock tslab, except for the listed differences.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CellSession } from '../support/cell-session';
import { differences, same } from './cases';

const groups = [...same, ...differences];
let byTslab: string[][];
let session: CellSession;

beforeAll(async () => {
  session = await CellSession.start({ 'local.ts': 'export const fromFile = "here";' });
  const program = path.join(import.meta.dirname, 'run-tslab.mjs');
  const input = JSON.stringify(groups.map(([, cells]) => cells));
  const { stdout, stderr } = spawnSync(process.execPath, [program], { cwd: session.folder, input, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  byTslab = JSON.parse(stdout) as string[][];
});

afterAll(() => session?.close());

/** The output of cells in our kernel. */
async function byOurs(cells: readonly string[]): Promise<string[]> {
  let shown: string[] = [];
  for (const cell of cells) {
    const { ok, output, data } = await session.execute(cell);
    const result = data === undefined ? [] : [String(data['text/plain'])];
    const lines = output === '' ? [] : output.trimEnd().split('\n');
    if (shown[0] === 'refused') shown = [];
    shown = ok ? [...shown, ...lines, ...result] : ['refused'];
  }
  return shown.map(stripVTControlCharacters);
}

const withoutQuotes = (text: string) => text.replace(/^'(.*)'$/, '$1');

describe('the same in both', () => {
  test.each(same.map((one, i) => [one[0], i] as const))('%s', async (_, i) => {
    const [, cells, shows] = same[i];
    expect(byTslab[i]).toEqual(shows);
    expect((await byOurs(cells)).map(withoutQuotes)).toEqual(shows);
  });
});

describe('deliberate differences', () => {
  test.each(differences.map(([what, , , , why], i) => [what, why, i] as const))('%s: %s', async (_, __, i) => {
    const [, cells, tslab, ours] = differences[i];
    expect(byTslab[same.length + i]).toEqual(tslab);
    expect(await byOurs(cells)).toEqual(ours);
  });
});
