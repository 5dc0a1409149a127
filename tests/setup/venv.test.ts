import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeContext, paths as realPaths, SetUpError } from '../../kernel-setup/setup/index.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { findPython, versionOf } from '../../kernel-setup/setup/python.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';
import { pythonEnvironment } from '../../kernel-setup/setup/venv.mjs';
import { scratchFolder } from '../support/project-copy';

const moduleOf = (name: string) => pathToFileURL(path.join(realPaths.root, 'kernel-setup', 'setup', name)).href;

const onPosix = test.skipIf(process.platform === 'win32'); // the fake Pythons are shell scripts

/** Writes a shell script that acts as a Python. */
function fakePython(file: string, script: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function failure(promise: Promise<unknown>): Promise<SetUpError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SetUpError);
  return error as SetUpError;
}

test('the list of packages is complete: pip installs no further dependencies', async () => {
  const checked = await run(realPaths.venvPython, ['-m', 'pip', 'check']);
  expect(checked.output.trim()).toBe('No broken requirements found.');
});

describe('finding Python', () => {
  let folder: string;
  const python = (version: string) => fakePython(path.join(folder, `python-${version}`), `echo ${version}`);

  beforeAll(() => {
    folder = scratchFolder();
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  onPosix('takes the first that is new enough', async () => {
    const candidates = [[path.join(folder, 'none')], [python('3.9.18')], [python('3.10.0')], [python('3.13.1')]];
    expect(await findPython({ env: {} }, candidates)).toEqual({ command: candidates[2], version: '3.10.0' });
  });

  onPosix('passes over a Python that does not work', async () => {
    const broken = fakePython(path.join(folder, 'broken'), 'echo "dyld: library not loaded" >&2; exit 134');
    const candidates = [[broken], [python('3.12.1')]];
    expect((await findPython({ env: {} }, candidates)).version).toBe('3.12.1');
  });

  onPosix('explains when all are too old', async () => {
    const error = await failure(findPython({ env: {} }, [[python('3.9.18')], [python('2.7.18')]]));
    expect(error.message).toBe(
      'gradlab needs Python 3.10 or newer for JupyterLab; only Python 3.9.18, 2.7.18 was found',
    );
    expect(error.remedy).toMatch(/then run the command again/);
  });

  test('explains that none is found', async () => {
    const error = await failure(findPython({ env: {} }, [[path.join(folder, 'none')]]));
    expect(error.message).toMatch(/no Python was found$/);
  });

  test('leaves nothing that keeps the process alive if none is found', () => {
    const script = `import { versionOf } from ${JSON.stringify(moduleOf('python.mjs'))};
      console.log(await versionOf([${JSON.stringify(path.join(folder, 'none'))}], {}), process.getActiveResourcesInfo());
      process.exit();`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(printed).toMatch(/^undefined /);
    expect(printed).not.toContain('Timeout');
  });

  onPosix('ends one that does not answer', async () => {
    const silent = fakePython(path.join(folder, 'silent'), 'exec sleep 600');
    expect((await run(silent, [], { timeout: 100 })).ok).toBe(false);
  });

  onPosix('PYTHON names it, and is not passed over silently', async () => {
    const env = (PYTHON: string) => ({ env: { PYTHON } });
    expect((await findPython(env(python('3.14.0')), [])).version).toBe('3.14.0');
    expect((await failure(findPython(env(python('3.8.0')), [[python('3.12.1')]]))).message).toMatch(/3\.8\.0, too old/);
    expect((await failure(findPython(env('/none'), [[python('3.12.1')]]))).message).toMatch(/not a working Python/);
  });
});

// Real environments; a requirements file without packages keeps them fast and offline.
let root: string;
let context: ReturnType<typeof makeContext>;
let log: string[];
const unreachable = {
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  PIP_RETRIES: '0',
  PIP_FIND_LINKS: '',
  PIP_NO_CACHE_DIR: '1',
};
const requirements = (text: string) => fs.writeFileSync(context.paths.requirements, text);
const needed = () => pythonEnvironment.whyNeeded(context);

function emptyProject(): void {
  root = scratchFolder();
  log = [];
  const env = { ...process.env };
  context = makeContext({ paths: projectPaths(root), env, log: (line: string) => log.push(line) });
  fs.cpSync(realPaths.pythonPackage, context.paths.pythonPackage, { recursive: true });
  requirements('# none\n');
}

const removeProject = () => fs.rmSync(root, { recursive: true, force: true });

// One environment over its lifetime: each test continues with the state of the previous one.
describe('.venv', () => {
  const marker = () => path.join(context.paths.venv, 'marker');
  const stamp = () => JSON.parse(fs.readFileSync(context.paths.venvStamp, 'utf8'));

  beforeAll(emptyProject);
  afterAll(removeProject);

  test('is created once, with pip, and records its location and Python', async () => {
    expect(await needed()).toBe('.venv is not there');
    await pythonEnvironment.run(context);
    expect(await needed()).toBeUndefined();
    expect(stamp()).toMatchObject({ root, python: await versionOf([context.paths.venvPython], context.env) });
    const prefix = await run(context.paths.venvPython, ['-c', 'import pip, sys; print(sys.prefix)']);
    expect(prefix.stdout.trim()).toBe(context.paths.venv);
    const listed = await run(context.paths.venvPython, ['-m', 'pip', 'list', '--format', 'freeze']);
    expect(listed.stdout).toMatch(/^gradlab[-_]jupyter==/m);
  });

  test('is kept when the requirements change', async () => {
    fs.writeFileSync(marker(), '');
    requirements('# other\n');
    expect(await needed()).toBe('requirements.txt or kernel-setup/python changed');
    await pythonEnvironment.run(context);
    expect(await needed()).toBeUndefined();
    expect(fs.existsSync(marker())).toBe(true);
    fs.appendFileSync(path.join(context.paths.pythonPackage, 'gradlab_jupyter', '__init__.py'), 'new = 1\n');
    expect(await needed()).toBe('requirements.txt or kernel-setup/python changed');
    await pythonEnvironment.run(context);
    const used = await run(context.paths.venvPython, ['-c', 'import gradlab_jupyter; print(gradlab_jupyter.new)']);
    expect(used.stdout.trim()).toBe('1');
    expect(await needed()).toBeUndefined();
  });

  test('survives an unreachable package index, and a rerun continues with it', async () => {
    fs.writeFileSync(context.paths.venvStamp, JSON.stringify({ ...stamp(), requirements: undefined }));
    requirements('no-such-package-of-gradlab==1.0\n');
    const error = await failure(pythonEnvironment.run({ ...context, env: { ...context.env, ...unreachable } }));
    expect(error.message).toBe('pip could not install the Python packages');
    expect(error.remedy).toMatch(/check the network .*PIP_INDEX_URL.*it continues where it stopped/);
    expect(error.details).toMatch(/no-such-package-of-gradlab/);
    expect(await needed()).toBe('the last installation did not finish');

    requirements('# none\n');
    await pythonEnvironment.run(context);
    expect(await needed()).toBeUndefined();
    expect(fs.existsSync(marker())).toBe(true);
  });

  test('a killed installation leaves no pip running', async () => {
    // A package index that never responds: its connection is open as long as pip runs.
    let connections = 0;
    const index = net.createServer((socket) => {
      connections += 1;
      socket
        .on('error', () => {})
        .on('close', () => (connections -= 1))
        .resume();
    });
    await new Promise<void>((resolve) => index.listen(0, '127.0.0.1', resolve));
    const { port } = index.address() as net.AddressInfo;
    requirements('no-such-package-of-gradlab==1.0\n');
    const script = `import { makeContext } from ${JSON.stringify(moduleOf('index.mjs'))};
      import { projectPaths } from ${JSON.stringify(moduleOf('paths.mjs'))};
      import { pythonEnvironment } from ${JSON.stringify(moduleOf('venv.mjs'))};
      await pythonEnvironment.run(makeContext({ paths: projectPaths(${JSON.stringify(root)}) }));`;
    const env = { ...context.env, ...unreachable, PIP_INDEX_URL: `http://127.0.0.1:${port}/simple` };
    const setUp = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: 'ignore' });
    await expect.poll(() => connections).toBe(1);
    setUp.kill('SIGKILL');
    await expect.poll(() => connections).toBe(0);
    index.close();
    requirements('# none\n');
    await pythonEnvironment.run(context);
  });

  test('is detected as incomplete, or of another Python version', async () => {
    const good = stamp();
    fs.writeFileSync(context.paths.venvStamp, JSON.stringify({ ...good, python: '3.10.99' }));
    expect(await needed()).toMatch(/^Python 3\.10\.99 became 3\.\d+\.\d+$/);
    fs.rmSync(context.paths.venvStamp);
    expect(await needed()).toBe('.venv was not made by this set-up or is not complete');
    fs.writeFileSync(context.paths.venvStamp, JSON.stringify(good));
    expect(await needed()).toBeUndefined();
  });

  onPosix('is made anew when its Python is gone', async () => {
    fs.rmSync(context.paths.venvPython);
    fs.symlinkSync('/nowhere/python3', context.paths.venvPython);
    expect(await needed()).toBe(".venv's Python does not start");
    await pythonEnvironment.run(context);
    expect(await needed()).toBeUndefined();
    expect(fs.existsSync(marker())).toBe(false);
  });

  test('works after the project is moved or copied, without a network', async () => {
    fs.writeFileSync(marker(), '');
    const before = root;
    root = `${root}-moved`;
    fs.renameSync(before, root);
    context.paths = projectPaths(root);
    expect(await needed()).toBe(`the project folder moved from ${before}`);
    await pythonEnvironment.run({ ...context, env: { ...context.env, ...unreachable } });
    expect(await needed()).toBeUndefined();
    expect(fs.existsSync(marker())).toBe(process.platform !== 'win32');
    // The programs in it contain the new path, and run.
    const programs = path.dirname(context.paths.venvPython);
    const pip = path.join(programs, 'pip');
    expect(fs.readFileSync(pip, 'utf8').split('\n')[0]).toContain(`#!${programs}/python`);
    const { stdout } = await run(pip, ['--version']);
    expect(stdout).toContain(root);
    for (const name of fs.readdirSync(programs)) {
      const file = path.join(programs, name);
      if (fs.lstatSync(file).isFile()) expect(fs.readFileSync(file, 'utf8'), name).not.toContain(`${before}/`);
    }
    expect(fs.readFileSync(path.join(context.paths.venv, 'pyvenv.cfg'), 'utf8')).not.toContain(`${before}/`);
  });

  onPosix('is made again where a script cannot hold the new path', async () => {
    fs.writeFileSync(marker(), '');
    const before = root;
    root = `${root} with spaces`;
    fs.renameSync(before, root);
    context.paths = projectPaths(root);
    await pythonEnvironment.run(context);
    expect(await needed()).toBeUndefined();
    expect(fs.existsSync(marker())).toBe(false);
    expect((await run(path.join(path.dirname(context.paths.venvPython), 'pip'), ['--version'])).ok).toBe(true);
  });
});

describe('.venv by a Python without the module venv, as Debian ships it', () => {
  beforeEach(emptyProject);
  afterEach(removeProject);

  // A real Python in which some modules are missing.
  async function pythonWithout(...modules: string[]): Promise<string> {
    const hidden = path.join(root, 'hidden');
    for (const name of modules) {
      fs.mkdirSync(path.join(hidden, name), { recursive: true });
      fs.writeFileSync(path.join(hidden, name, '__init__.py'), `raise ImportError("No module named ${name}")\n`);
    }
    const { stdout } = await run(realPaths.venvPython, ['-c', 'import sys; print(sys._base_executable)']);
    // The set-up's entries on PYTHONPATH come first, as they must be able to provide a missing pip.
    const script = `PYTHONPATH="\${PYTHONPATH:+$PYTHONPATH:}${hidden}" exec "${stdout.trim()}" "$@"`;
    return fakePython(path.join(root, 'python-without'), script);
  }

  onPosix('virtualenv is used, as pip gets it', async ({ skip }) => {
    context.env = { ...context.env, PYTHON: await pythonWithout('venv') };
    const error = await pythonEnvironment.run(context).then(
      () => undefined,
      (reason: SetUpError) => reason,
    );
    const offline = /name resolution|refused|unreachable/i.test(error?.details ?? '');
    skip(offline && !process.env.CI, 'the package index cannot be reached');
    expect(error?.details).toBeUndefined();
    expect(log.join('\n')).toMatch(/no complete `venv` module: trying virtualenv/);
    expect(await pythonEnvironment.whyNeeded(context)).toBeUndefined();
    expect(fs.readFileSync(path.join(context.paths.venv, 'pyvenv.cfg'), 'utf8')).toMatch(/^virtualenv = /m);
    expect(fs.existsSync(path.join(context.paths.virtualenv, 'virtualenv'))).toBe(true);
    expect((await run(context.paths.venvPython, ['-m', 'pip', '--version'])).ok).toBe(true);
  });

  onPosix('a remedy is given where there is no pip either, and nothing is fetched', async () => {
    const PYTHON = await pythonWithout('venv', 'pip');
    context.env = { ...context.env, PYTHON };
    const error = await failure(pythonEnvironment.run(context));
    expect(error.message).toBe(`${PYTHON} has neither the module venv nor pip`);
    expect(error.remedy).toMatch(/sudo apt install python3-venv/);
    expect(error.details).toMatch(/No module named venv[\s\S]*No module named pip/);
    expect([fs.existsSync(context.paths.virtualenv), await needed()]).toEqual([false, '.venv is not there']);
  });

  onPosix('a remedy is given offline', async () => {
    context.env = { ...context.env, PYTHON: await pythonWithout('venv'), ...unreachable };
    const error = await failure(pythonEnvironment.run(context));
    expect(error.message).toMatch(/can make no environment: neither by venv nor by virtualenv/);
    expect(error.remedy).toMatch(/sudo apt install python3-venv/);
    expect(error.details).toMatch(/No module named venv/);
    expect(error.details).toMatch(/Connection refused|could not find a version/i);
    expect(await pythonEnvironment.whyNeeded(context)).toBe('.venv is not there');
  });
});
