import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recorded } from '../../../src/lab';

const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'recorded-'))];
beforeAll(() => {
  writeFileSync(join(folder, 'race.recorded.json'), '{ "losses": [2, 1] }');
  writeFileSync(join(folder, 'torn.recorded.json'), '{ "losses": [2');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

it('returns data that a program has written beside the notebook', () => {
  expect(recorded<{ losses: number[] }>('race').losses).toEqual([2, 1]);
});

it('lists the files, and reports invalid JSON', () => {
  expect(() => recorded('rac')).toThrow(/there is no rac\.recorded\.json .*race\.recorded\.json/);
  expect(() => recorded('rac')).toThrow(/Copy it from .* Or run the program that computes it/);
  expect(() => recorded('rac')).toThrow(/; there is race\.recorded\.json, torn\.recorded\.json\. /);
  expect(() => recorded('torn')).toThrow(/torn\.recorded\.json cannot be read as JSON: .* Run the program .* again/);
});
