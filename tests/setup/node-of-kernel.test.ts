// An installed kernel and the Node versions that may start it.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeContext, setUp } from '../../kernel-setup/setup/index.mjs';
import { jupyterEnv } from '../../kernel-setup/setup/jupyter-env.mjs';
import { kernelspecs } from '../../kernel-setup/setup/jupyter-files.mjs';
import { startKernel, textOf } from '../../kernel-setup/setup/kernel-client.mjs';
import { nodeOf, stablePathOf, whyNodeFails } from '../../kernel-setup/setup/node-of-kernel.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { otherNodes, standInNode } from '../support/nodes';
import { scratchFolder } from '../support/project-copy';

const folder = scratchFolder();
const at = (...parts: string[]) => path.join(folder, ...parts);
const spec = (node?: string) => kernelspecs(paths, node).gradlab;
const posix = describe.skipIf(process.platform === 'win32'); // the fake Nodes are shell scripts

/** The kernelspec that Node 20 wrote when kernelspecs had flags. */
const ofNode20 = (node: string) => ({ ...spec(), argv: [node, '--interrupt-budget=400000', ...spec().argv.slice(1)] });

beforeAll(async () => setUp({ log: () => {} }));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test('a kernelspec passes Node no flags, which a later version might reject', () => {
  for (const { argv } of Object.values(kernelspecs(paths))) expect(argv[1]).toMatch(/^[^-]/);
});

posix('the kernel of a kernelspec starts', () => {
  let kernel: Awaited<ReturnType<typeof startKernel>> | undefined;
  afterEach(() => kernel?.stop());

  async function start(node: string) {
    const kernels = at('data', 'kernels', 'gradlab');
    fs.mkdirSync(kernels, { recursive: true });
    fs.writeFileSync(path.join(kernels, 'kernel.json'), JSON.stringify(spec(node)));
    const context = makeContext();
    const env = { ...jupyterEnv(context), JUPYTER_PATH: at('data'), JUPYTER_DATA_DIR: at('data') };
    const inVenv = { ...context, jupyter: { python: paths.venvPython, env } };
    kernel = await startKernel(inVenv, 'gradlab', folder);
    return kernel;
  }

  test.each([standInNode(folder), ...otherNodes()])('by %s that wrote another one', async (node) => {
    const { execute } = await start(node);
    const result = await execute('const n: number = 41;\nn + 1', 120);
    expect([result.status, textOf(result)]).toEqual(['ok', '42']);
  });

  test('by one that is too old, with an explanation in the notebook', async () => {
    const { execute, inspect } = await start(standInNode(folder, { version: '18.19.1' }));
    for (let i = 0; i < 2; i++) {
      const { status, outputs } = await execute('1 + 1');
      expect(status).toBe('error');
      expect(outputs).toEqual([
        expect.objectContaining({
          ename: 'NodeError',
          evalue: expect.stringMatching(
            /^no cell can run\.\n✗ gradlab needs Node 20\.19\.0 or newer; this is Node 18\.19\.1\n {2}Try: install/,
          ),
        }),
      ]);
    }
    expect(await inspect('process')).toMatchObject({ status: 'error', ename: 'NodeError' });
    await kernel!.restart();
    expect((await execute('1')).status).toBe('error');
  });
});

posix('what is wrong with the Node of a kernelspec', () => {
  test('none: of this one, and of another that works, which is named', () => {
    expect([whyNodeFails(spec()), nodeOf(spec())]).toEqual([undefined, undefined]);
    const other = standInNode(folder);
    expect(whyNodeFails(spec(other))).toBeUndefined();
    expect(nodeOf(spec(other))).toBe(`Node ${process.versions.node} (${other})`);
  });

  test('it rejects the flags of an earlier version', () => {
    const other = standInNode(folder);
    expect(whyNodeFails(ofNode20(other))).toBe(
      `it gives ${other}, which is Node ${process.versions.node} now, a flag of an earlier one: ${other}: bad option: --interrupt-budget=400000`,
    );
  });

  test('it is too old, does not start, or is missing', () => {
    const old = standInNode(folder, { version: '18.19.1' });
    expect(whyNodeFails(spec(old))).toBe(
      `it uses ${old}, but gradlab needs Node 20.19.0 or newer; that is Node 18.19.1`,
    );
    fs.writeFileSync(at('broken'), '#!/bin/sh\necho "libnode.so is missing" >&2\nexit 127\n', { mode: 0o755 });
    expect(whyNodeFails(spec(at('broken')))).toBe(
      `the Node that it uses, ${at('broken')}, does not start: libnode.so is missing`,
    );
    expect(whyNodeFails(spec('/no/such/node'))).toBe('the Node that it uses, /no/such/node, is gone');
  });
});

describe('the path of Node in a kernelspec', () => {
  test('is the link on the search path, which stays when the version is removed', () => {
    const node = at('Cellar', 'node', '22.1.0', 'bin', 'node');
    fs.mkdirSync(path.dirname(node), { recursive: true });
    fs.writeFileSync(node, '');
    fs.mkdirSync(at('bin'));
    fs.symlinkSync(node, at('bin', 'node'));
    // A link in a shell's temporary folder does not count; its target does.
    fs.symlinkSync(path.dirname(node), at('shell-of-today'));
    const search = (...folders: string[]) => ({ PATH: folders.join(path.delimiter) });
    expect(stablePathOf(node, search(at('nowhere'), at('bin')))).toBe(at('bin', 'node'));
    expect(stablePathOf(node, search(at('shell-of-today')))).toBe(node);
    expect(stablePathOf(node, search('bin', ''))).toBe(node);
    expect(stablePathOf(node, {})).toBe(node);
  });
});
