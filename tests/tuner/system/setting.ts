// Common to tests of runners: a space, the result of an uninterrupted search, and folders.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { tuner } from '../../../src';
import { atOnce } from './objective.mjs';

export const space: tuner.Space<{ readonly x: number; readonly width: number }> = tuner.space({
  x: tuner.float(-5, 5),
  width: tuner.int(1, 64, { log: true }),
});

export const objective = (name = 'default') => ({
  module: path.join(import.meta.dirname, 'objective.mjs'),
  export: name,
});

/** The table of an uninterrupted search. */
export function undisturbed(trials: number, seed: number): readonly tuner.Row[] {
  const search = new tuner.Search(space, { sampler: tuner.random(), trials, seed });
  for (let trial = search.ask(); typeof trial === 'object'; trial = search.ask())
    search.tell(trial.number, atOnce(trial.params, trial));
  return search.table();
}

/** A folder that is removed with the test. */
export function folderOfTest(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-tuner-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** How often each trial was recorded in a journal: once, if none was lost or counted twice. */
export function timesTold(journal: string): Record<number, number> {
  const times: Record<number, number> = {};
  for (const line of fs.readFileSync(journal, 'utf8').split('\n').filter(Boolean)) {
    const { event } = JSON.parse(line).entry;
    if (event?.kind === 'told') times[event.number] = (times[event.number] ?? 0) + 1;
  }
  return times;
}
