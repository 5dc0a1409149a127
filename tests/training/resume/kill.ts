import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('train.mjs', import.meta.url));

/** The results of a training: the hashes of its files, and whether it was killed. */
export interface Left {
  readonly files: Readonly<Record<string, string>>;
  readonly isKilled: boolean;
}

function start(folder: string, ...given: (string | number)[]): Left {
  const { status, signal, stderr } = spawnSync(process.execPath, [program, folder, ...given.map(String)], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(`the training failed: ${stderr}`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const hashed = names
    .filter((name) => /\.(safetensors|csv)$/.test(name))
    .map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);
  return { files: Object.fromEntries(hashed), isKilled: signal === 'SIGKILL' };
}

/** Integers below a bound, by a seed (Park and Miller's minimal generator). */
export function* below(bound: number, seed: number): Generator<number, never> {
  for (let state = seed + 1; ; ) {
    state = (48271 * state) % 2147483647;
    yield state % bound;
  }
}

/**
 * Trains uninterrupted, and again with `kills` kills, each some events after a start. Returns the results of both, and
 * how often the second was actually killed.
 */
export function compare(seed: number, kills: number): { undisturbed: Left; resumed: Left; killed: string[] } {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'gradlab-resume-')));
  try {
    const undisturbed = start(folders[0]!, seed);
    const random = below(1 << 20, seed);
    const killed: string[] = [];
    let resumed: Left = { files: {}, isKilled: true };
    for (let i = 0; i < kills && resumed.isKilled; i++) {
      // Checkpoints are three batches apart, so twelve losses after a start it has advanced.
      const event = ['loss', 'step', 'rename', 'loss'][random.next().value % 4]!;
      const count =
        { loss: 12, step: 6, rename: 2 }[event]! + (random.next().value % { loss: 30, step: 15, rename: 4 }[event]!);
      resumed = start(folders[1]!, seed, event, count);
      if (resumed.isKilled) killed.push(`${event} ${count}`);
    }
    if (resumed.isKilled) resumed = start(folders[1]!, seed);
    return { undisturbed, resumed, killed };
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
}
