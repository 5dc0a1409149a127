// Jupyter's multi-user servers: what their tests need besides the project's own environment. It is cached in
// .gradlab/servers.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain, install, makeContext, paths, placeFor, SetUpError } from '../../kernel-setup/setup/index.mjs';
import { pythonEnvironment } from '../../kernel-setup/setup/venv.mjs';
import { type servers, serversTaken } from './turns.mjs';

const lists = path.join(import.meta.dirname, '..', 'servers');
const kept = path.join(paths.state, 'servers');

/** A Python environment separate from the project's, with the kernel installed in it. */
interface Environment {
  /** Its folder. */
  prefix: string;
  /** The path of one of its programs. */
  program(name: string): string;
}

/** The environment with the packages of a list in tests/servers, created if it does not exist. */
export async function environment(list: string): Promise<Environment> {
  const prefix = path.join(kept, list);
  const theirs = {
    ...paths,
    venv: prefix,
    venvPython: path.join(prefix, 'bin', 'python'),
    venvStamp: path.join(prefix, 'gradlab.json'),
    requirements: path.join(lists, `${list}.txt`),
  };
  const context = makeContext({ paths: theirs, log: () => {} });
  const reason = await pythonEnvironment.whyNeeded(context);
  if (reason !== undefined) {
    console.log(`… .gradlab/servers/${list}: installing the packages of tests/servers/${list}.txt (about a minute)`);
    await pythonEnvironment.run(context);
  }
  await install(await placeFor(['--prefix', prefix], process.env), makeContext({ log: () => {} }));
  return { prefix, program: (name) => path.join(prefix, 'bin', name) };
}

/** The proxy in front of JupyterHub, installed if it does not exist. */
export function hubProxy(): string {
  const folder = path.join(kept, 'proxy');
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    fs.copyFileSync(path.join(lists, name), path.join(folder, name));
  const program = path.join(folder, 'node_modules', 'configurable-http-proxy', 'bin', 'configurable-http-proxy');
  if (!fs.existsSync(program)) {
    console.log('… .gradlab/servers/proxy: installing configurable-http-proxy');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
  }
  return program;
}

/**
 * Tests of one of the servers, in a run that includes them. Their environment is created first. Without a package index
 * they are skipped, and the reason is printed; in continuous integration that is a failure.
 */
export async function describeServer<T>(
  server: (typeof servers)[number],
  prepare: () => T | Promise<T>,
  tests: (prepared: T) => void,
): Promise<void> {
  const skip = (reason: string) => {
    console.warn(`Skipped: ${server}; ${reason}`);
    describe.skip(`${server} (skipped: ${reason})`, () => {
      it('runs', () => {});
    });
  };
  if (process.platform === 'win32') return skip('these servers do not run under Windows');
  if (!serversTaken().includes(server))
    return skip('it takes minutes: npm test -- --all runs it, and CI with one commit in ten');
  let prepared: T;
  try {
    prepared = await prepare();
  } catch (error) {
    const reason =
      error instanceof SetUpError ? explain(error) : String((error as { stderr?: unknown }).stderr || error);
    if (!process.env.CI) return skip(`what it needs could not be installed:\n${reason}`);
    describe(server, () => {
      it('has what it needs in continuous integration', () => expect.fail(reason));
    });
    return;
  }
  describe(server, () => tests(prepared));
}
