// Parameters by papermill: notebooks run with them, and every value arrives unchanged.
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeContext } from '../../kernel-setup/setup/index.mjs';
import { startKernel } from '../../kernel-setup/setup/kernel-client.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { makeFolder, makeNotebook } from '../support/notebooks';
import { describeTools, tool } from './environment';

const parameters = `// What is tried.
const rate: number = 0.1; // step size
const mode: 'mean' | 'sum' = 'mean', seed = 1 /* of the
generator */
const options: { lr: number; nesterov?: boolean } = {
  lr: 1e-3, // const inner = 2;
}; // of the optimizer
let sizes = [2, 3]
let label = \`a \${1} "b"\`;
const act = (x: number) => x > 0 ? x : 0;
var pairs: Record<string, [number, number]> = {}
const file: string | null = null; const late = false // both in one line
{ const inner = 1; }
`;
const use = `const half = rate / 2;
console.log(half, mode === 'mean' ? 'of all' : mode, options.nesterov ?? 'plain', sizes.map((n) => 2 * n), seed, label);`;

describeTools('papermill', () => {
  let folder: ReturnType<typeof makeFolder>;
  const run = (...args: string[]) => tool('papermill', args, folder.root);
  const printed = (name: string) =>
    readNotebook(folder.file(name)).cells.flatMap(({ outputs = [] }) =>
      outputs.map(({ text, data }: { text?: string; data?: Record<string, string> }) => text ?? data?.['text/plain']),
    );

  beforeAll(() => {
    folder = makeFolder({
      'given.ipynb': makeNotebook([{ source: parameters, tags: ['parameters'] }, use]),
      'none.ipynb': makeNotebook(['typeof added']),
      'unawaited.ipynb': makeNotebook([
        'const late = async () => {\n  throw new RangeError("of nobody");\n};',
        'late();',
        '1',
      ]),
    });
  });
  afterAll(() => folder?.remove());

  test('runs a notebook unchanged, and with other parameter values', async () => {
    expect(await run('given.ipynb', 'as-it-is.ipynb')).toMatchObject({ ok: true });
    expect(printed('as-it-is.ipynb')).toEqual(['0.05 of all plain [ 4, 6 ] 1 a 1 "b"\n']);

    const values = ['-p', 'rate', '0.5', '-p', 'mode', 'sum', '-r', 'label', 'it\'s "</script>"'];
    const lists = ['-y', '{ sizes: [5, 6], options: { lr: 2, nesterov: true } }'];
    expect(await run('given.ipynb', 'other.ipynb', ...values, ...lists)).toMatchObject({ ok: true });
    expect(printed('other.ipynb')).toEqual(['0.25 sum true [ 10, 12 ] 1 it\'s "</script>"\n']);
    const injected = readNotebook(folder.file('other.ipynb')).cells[1];
    expect(injected.metadata.tags).toEqual(['injected-parameters']);
    expect(injected.source.split('\n').slice(0, 2)).toEqual(['// Parameters', 'let sizes: any = [5, 6];']);

    // Another run replaces the parameters of papermill's output.
    expect(await run('other.ipynb', 'again.ipynb', '-p', 'rate', '8')).toMatchObject({ ok: true });
    expect(printed('again.ipynb')).toEqual(['4 of all plain [ 4, 6 ] 1 a 1 "b"\n']);
  });

  test('accepts values of other types, and adds parameters that the notebook lacks', async () => {
    const { ok, output } = await run('given.ipynb', 'text.ipynb', '-r', 'rate', 'fast', '-p', 'seed', '2');
    expect(ok, output).toBe(true); // half of it is NaN
    expect(printed('text.ipynb')).toEqual(['NaN of all plain [ 4, 6 ] 2 a 1 "b"\n']);
    expect(await run('none.ipynb', 'added.ipynb', '-p', 'added', '1')).toMatchObject({ ok: true });
    expect(printed('added.ipynb')).toEqual(["'number'"]);
  });

  test('fails at an unhandled rejection', async () => {
    const { ok, output } = await run('unawaited.ipynb', 'unawaited-out.ipynb');
    expect(ok).toBe(false);
    expect(output).toContain('RangeError: of nobody');
    expect(readNotebook(folder.file('unawaited-out.ipynb')).cells.at(-1)!.outputs).toEqual([]);
  });

  test('lists the parameters of a notebook', async () => {
    const { output } = await run('--help-notebook', 'given.ipynb');
    const [, list] = output.split(/notebook '.*':\n/);
    expect(
      list!
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().replace(/ {2,}/, ' | ')),
    ).toEqual([
      'rate: number (default 0.1) | step size',
      "mode: 'mean' | 'sum' (default 'mean')",
      'seed: number (default 1) | of the generator',
      'options: { lr: number; nesterov?: boolean } (default { lr: 1e-3, })',
      'of the optimizer',
      'sizes: Unknown type (default [2, 3])',
      `label: string (default \`a \${1} "b"\`)`,
      'act: Unknown type (default (x: number) => x > 0 ? x : 0)',
      'pairs: Record<string, [number, number]> (default {})',
      'file: string | null (default null)',
      'late: boolean (default false)',
      'both in one line',
    ]);
  });

  test('random values arrive unchanged', async () => {
    const script = path.join(import.meta.dirname, 'random_parameters.py');
    const kernel = await startKernel(makeContext(), 'gradlab', folder.root);
    try {
      for (const seed of [1, 2, 3]) {
        const { output, stdout } = await tool('python', [script, String(seed), '150'], folder.root);
        const { source, expected } = JSON.parse(stdout || output);
        expect(await kernel.execute(source)).toEqual({ status: 'ok', outputs: [] });
        const { outputs } = await kernel.execute(
          `${describe}\nconsole.log(JSON.stringify({ ${Object.keys(expected).map((name) => `${name}: described(${name})`)} }));`,
        );
        const found = JSON.parse(String((outputs as { text: string }[])[0]?.text));
        for (const [name, value] of Object.entries(expected))
          expect(
            found[name],
            source.split('\n').find((line: string) => line.includes(`let ${name}`)),
          ).toEqual(asNumbers(value));
      }
    } finally {
      await kernel.stop();
    }
  });
});

/** In the kernel: a value as random_parameters.py describes it. */
const describe = `const codes = (text) => text.split('').map((unit) => unit.charCodeAt(0));
const described = (value) => {
  if (value === null) return ['null'];
  if (typeof value === 'string') return ['text', codes(value)];
  if (typeof value === 'boolean') return ['boolean', value];
  if (typeof value !== 'object') return [typeof value, Object.is(value, -0) ? '-0' : String(value)];
  if (Array.isArray(value)) return ['list', value.map(described)];
  return ['object', Reflect.ownKeys(value).map((key) => [codes(key), described(value[key])])];
};`;

/**
 * Python writes some numbers differently from JavaScript (1e+16), with the same value. The order of keys does not
 * matter.
 */
function asNumbers(value: unknown): unknown {
  const [kind, content] = value as [string, never];
  const unordered = (pairs: [number[], unknown][]) =>
    expect.arrayContaining(pairs.map(([key, item]) => [key, asNumbers(item)]));
  if (kind === 'number') return [kind, Object.is(Number(content), -0) ? '-0' : String(Number(content))];
  if (kind === 'list') return [kind, (content as unknown[]).map(asNumbers)];
  if (kind === 'object') return [kind, unordered(content)];
  return value;
}
