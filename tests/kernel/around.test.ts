// Requests about the kernel itself, and what it stores about cells.
import fs from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { Kernel } from './conformance/client/kernel';

let kernel: Kernel | undefined;

async function start(env: Record<string, string> = {}): Promise<Kernel> {
  await buildIfStale(paths, process.env, 'kernel');
  const before = Object.fromEntries(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  kernel = await Kernel.start();
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  return kernel;
}

afterEach(() => kernel?.stop());

test('usage: memory includes the process of the cells; processor use counts since the last request', async () => {
  const { client } = await start();
  const usage = async () => {
    const { type, content } = await client.request('control', 'usage_request', {});
    expect(type).toBe('usage_reply');
    return content as unknown as { kernel_cpu: number; kernel_memory: number; pid: number } & Record<string, unknown>;
  };
  const first = await usage();
  expect(first).toMatchObject({
    hostname: expect.any(String),
    cpu_count: expect.any(Number),
    host_virtual_memory: { total: expect.any(Number), available: expect.any(Number), percent: expect.any(Number) },
  });
  expect(first.kernel_memory).toBeGreaterThan(50e6);
  await client.run('const bytes = new Uint8Array(300e6).fill(1); let n = 0; for (let i = 0; i < 3e8; i++) n += i;');
  const second = await usage();
  expect(second.kernel_memory - first.kernel_memory).toBeGreaterThan(250e6);
  expect(second.kernel_cpu).toBeGreaterThan(1);
  expect(client.problems).toEqual([]);
});

test('a traceback alone tells error and place, for tools such as nbmake, and says each sentence once', async () => {
  const { client } = await start();
  const last = async (cell: string) => {
    const { traceback } = (await client.execute(cell)).reply.content as unknown as { traceback: string[] };
    const lines = stripVTControlCharacters(traceback.join('\n')).split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    return lines.at(-1);
  };
  expect(await last('function f() { throw new RangeError("far\\nout"); }\nf();')).toBe('RangeError in Cell [1]:1:22');
  expect(await last('const n: number = "a";')).toBe('TypeScriptError in Cell [2]:1:7');
  expect(await last('throw new Error("outer", { cause: new TypeError("inner") });')).toBe('Error in Cell [3]:1:7');
  expect(await last('await Promise.any([Promise.reject(1)])')).toBe('AggregateError in Cell [4]');
  expect(await last('throw "text"')).toBe('Uncaught String: text');
});

test('history covers only this session if it is switched off', async () => {
  const secret = `const token = "secret-${Date.now()}";`;
  const files = () =>
    fs.existsSync(paths.kernelHistory)
      ? fs.readdirSync(paths.kernelHistory).map((name) => fs.readFileSync(path.join(paths.kernelHistory, name), 'utf8'))
      : [];
  const { client } = await start({ GRADLAB_HISTORY: 'off' });
  await client.run(secret);
  const { content } = await client.request('shell', 'history_request', { hist_access_type: 'tail', n: 1 });
  expect(content.history).toEqual([[1, 1, secret]]);
  expect(files().some((text) => text.includes(JSON.stringify(secret).slice(1, -1)))).toBe(false);
});

test('a note about tsconfig.json appears once, before the output of an interactive cell', async () => {
  const { client } = await start();
  kernel!.write('tsconfig.json', '{ "compilerOptions": { "outFile": "all.js" } }');
  // Longer than the compiler waits before it warms up with an internal cell.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const remark = async (options = {}) => (await client.execute('1 + 1', options)).stderr;
  expect(await remark({ silent: true })).toBe('');
  expect(await remark()).toMatch(/^tsconfig\.json: `outFile` does not apply to cells/);
  expect(await remark()).toBe('');
  expect(client.problems).toEqual([]);
});
