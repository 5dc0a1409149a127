// Callbacks that write files.

import { describe } from '../../describe';
import { GradlabError, NotImplementedError, ValueError } from '../../errors';
import type { Saved } from '../../io/checkpoint';
import { requireSizes } from '../../ops/table/arguments';
import { inFolder, removeFile, removesFiles, writeAtOnce } from '../../platform';
import { requireFileName } from '../checkpointing';
import type { History } from '../history';
import { copied } from '../metrics/tally';
import type { Callback } from './callback';
import { checkMonitoring, directionOf, isBetter, type MonitorOptions } from './monitoring';

/** Options of {@link checkpoints}. */
export interface CheckpointsOptions<N extends string> extends Partial<MonitorOptions<N>> {
  /** Number of files to keep. Default: all. */
  keep?: number;
  /** Number of epochs between two files. Default: 1. */
  every?: number;
  /** The callback's name. Default: `'checkpoints'`. */
  name?: string;
}

const nameOf = (epoch: number): string => `epoch-${String(epoch).padStart(4, '0')}.safetensors`;

/**
 * Writes a checkpoint of each epoch to a folder, `epoch-0000.safetensors` and so on (Keras' `ModelCheckpoint`).
 * `resume` continues from any of them, and ignores later ones. With `keep`, older ones are removed; with `monitor`, the
 * best ones and the last one are kept.
 *
 * `training.checkpoints('run', { keep: 3, monitor: 'valLoss' })`
 * @param folder for the files, relative to the notebook's folder; created if needed
 * @throws {ValueError} for an invalid option; {@link NotImplementedError} in a page, which cannot list folders.
 */
export function checkpoints(folder: string, options?: CheckpointsOptions<never>): Callback;
export function checkpoints<const N extends string>(folder: string, options: CheckpointsOptions<N>): Callback<N>;
export function checkpoints<N extends string>(folder: string, options: CheckpointsOptions<N> = {}): Callback<N> {
  const who = 'checkpoints';
  requireFileName(who, folder);
  const { keep, every = 1, monitor, mode, name = who } = options;
  if (keep !== undefined) requireSizes(who, { keep });
  requireSizes(who, { every });
  const monitoring = monitor === undefined ? undefined : { monitor, ...(mode && { mode }) };
  if (monitoring) checkMonitoring(who, monitoring);
  let direction: 'min' | 'max' = 'min';
  let kept: { epoch: number; value: number }[] = [];
  /** Epochs whose files are removed after the next one was written. */
  let dropped: number[] = [];
  const clear = () => {
    for (const old of dropped.splice(0)) removeFile(inFolder(folder, nameOf(old)));
  };
  /** Returns the epochs to keep after a new one. */
  const chosen = () => {
    if (keep === undefined) return kept;
    const last = kept.slice(-1);
    const ranked = monitoring
      ? [...kept].sort((a, b) =>
          isBetter(direction, a.value, b.value) ? -1 : isBetter(direction, b.value, a.value) ? 1 : a.epoch - b.epoch,
        )
      : [...kept].reverse();
    const best = new Set([...ranked.slice(0, keep), ...last]);
    return kept.filter((one) => best.has(one));
  };
  return {
    name,
    monitor,
    state: () => copied({ kept, dropped }),
    restore: (state: Saved) => {
      ({ kept, dropped } = copied(state) as { kept: typeof kept; dropped: number[] });
    },
    onTrainBegin(run) {
      if (keep !== undefined && !removesFiles)
        throw new NotImplementedError(
          `${who}: a page cannot remove files; leave out keep, or use the option checkpoint of the training, which is one file`,
        );
      kept = [];
      dropped = [];
      if (monitoring) direction = directionOf(name, run, monitoring);
    },
    onEpochEnd(epoch, logs, run) {
      if ((epoch + 1) % every !== 0) return;
      kept.push({ epoch, value: monitor === undefined ? epoch : logs[monitor]! });
      const stay = chosen();
      dropped.push(...kept.filter((one) => !stay.includes(one)).map((one) => one.epoch));
      kept = stay;
      run.save(inFolder(folder, nameOf(epoch)), clear);
    },
    // After a crash between writing and removing, they are still listed in the resumed checkpoint.
    onTrainBatchBegin: clear,
    onTrainEnd: clear,
  };
}

/**
 * Writes the numbers of all epochs into a file of comma-separated values (Keras' `CSVLogger`): a line for each epoch, a
 * column for each number. The file is rewritten atomically after each epoch, so that a resumed training has each line
 * once.
 *
 * `training.csv('run.csv')`
 * @param file its path, relative to the notebook's folder
 * @throws {ValueError} unless it is a path; {@link GradlabError} if it cannot be written.
 */
export function csv(file: string): Callback {
  requireFileName('csv', file);
  return {
    name: `csv ${file}`,
    onEpochEnd(_epoch, _logs, run) {
      const fail = (cause: unknown): never => {
        throw new GradlabError(
          `csv: ${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        );
      };
      try {
        return writeAtOnce(file, [new TextEncoder().encode(csvText(run.history))])?.catch(fail);
      } catch (cause) {
        return fail(cause);
      }
    },
  };
}

/** Formats the numbers of a history as comma-separated values. @internal */
export function csvText(history: History): string {
  const columns = Object.entries(history as unknown as Record<string, unknown[]>).filter(([, values]) =>
    values.every((value) => typeof value === 'number'),
  );
  if (columns.length === 0) throw new ValueError(`csv: a history has lists of numbers, got ${describe(history)}`);
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = Math.max(...columns.map(([, values]) => values.length));
  // A number that was added in a later epoch is aligned at the end.
  const cell = (values: unknown[], i: number) => String(values[i - (rows - values.length)] ?? '');
  const lines = [['epoch', ...columns.map(([name]) => quoted(name))]];
  for (let i = 0; i < rows; i++) lines.push([String(i), ...columns.map(([, values]) => cell(values, i))]);
  return lines.map((line) => `${line.join(',')}\n`).join('');
}
