import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, toJson } from '../../kernel-setup/setup/files.mjs';
import { closedToOthers } from '../../kernel-setup/setup/folders.mjs';
import { install, placeFor, uninstall } from '../../kernel-setup/setup/index.mjs';
import { installations } from '../../kernel-setup/setup/install.mjs';
import { projectPaths, paths as realPaths } from '../../kernel-setup/setup/paths.mjs';
import { userPlace } from '../../kernel-setup/setup/places.mjs';
import { standInNode } from '../support/nodes';
import { bareProject, scratchFolder } from '../support/project-copy';

let paths: ReturnType<typeof bareProject>;
let prefix: string;
let log: string[];
const context = () => ({ paths, env: { HOME: prefix, PATH: '' }, log: (line: string) => log.push(line) });
const place = () => placeFor(['--prefix', prefix], {});
const put = async () => install(await place(), context());
const takeAway = async () => uninstall(await place(), context());
const data = (...parts: string[]) => path.join(prefix, 'share/jupyter', ...parts);
const settings = () => path.join(prefix, 'etc/jupyter/labconfig/default_setting_overrides.d/gradlab.json');
const json = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8'));
const write = (file: string, text: string) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
};

/** Every file and folder, with the files' texts. */
const tree = () =>
  fs
    .readdirSync(prefix, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((entry) => !entry.includes('__pycache__'))
    .sort()
    .map((entry) => [entry, fs.statSync(entry).isFile() ? fs.readFileSync(entry, 'utf8') : 'folder']);

beforeEach(() => {
  paths = bareProject();
  prefix = scratchFolder();
  log = [];
});

afterEach(() => {
  for (const folder of [paths.root, prefix]) fs.rmSync(folder, { recursive: true, force: true });
});

describe('the kernel in another Jupyter', () => {
  test('installs kernelspec, renderer and settings; a second time changes nothing', async () => {
    await put();
    expect(log.join('\n')).toMatch(/✓ installed[\s\S]*kernels.gradlab[\s\S]*gradlab-plotly[\s\S]*gradlab\.json/);
    expect(json(data('kernels/gradlab/kernel.json')).argv).toContain(paths.launcher);
    expect(fs.readFileSync(data('kernels/gradlab/logo-svg.svg'), 'utf8')).toMatch(/^<svg xmlns=/);
    expect(fs.existsSync(data('labextensions/gradlab-plotly/static/plotly.min.js'))).toBe(true);
    expect(json(settings())).toEqual({
      '@jupyterlab/notebook-extension:tracker': { windowingMode: 'defer' },
      '@jupyter-widgets/jupyterlab-manager:plugin': { saveState: true },
      '@jupyterlab/completer-extension:manager': { providerTimeout: 10_000 },
    });
    expect(fs.readdirSync(data('gradlab'))).toEqual(['installation.json']);

    const before = filesBelow(prefix).map((file) => [file, fs.statSync(file).mtimeMs]);
    await put();
    expect(log.at(-1)).toBe(`✓ the kernel gradlab is installed in ${data()}, up to date`);
    expect(filesBelow(prefix).map((file) => [file, fs.statSync(file).mtimeMs])).toEqual(before);
  });

  test("keeps existing files, folders and another package's settings", async () => {
    write(data('kernels/python3/kernel.json'), '{}');
    write(data('lab/settings/overrides.json'), '{ "a:b": { "c": 1 } }');
    write(path.join(path.dirname(settings()), 'hub.json'), '{ "d:e": { "f": 2 } }');
    fs.mkdirSync(data('labextensions')); // empty, but not created by us
    const before = tree();
    await put();
    expect(tree()).toEqual(expect.arrayContaining(before));
    await takeAway();
    expect(tree()).toEqual(before);
    expect(log.join('\n')).toMatch(/✓ taken away:\n.*share.jupyter.gradlab\n.*kernels.gradlab\n/);
    await takeAway();
    expect(log.at(-1)).toBe(`✓ gradlab is not installed in ${data()}`);
  });

  test('warns if others cannot start it: the project is private, and the installation is public', async () => {
    if (process.platform === 'win32') return;
    const told = () => log.some((line) => line.includes(`${paths.root} is closed to others`));
    fs.chmodSync(paths.root, 0o700);
    fs.chmodSync(prefix, 0o700);
    await put();
    await takeAway();
    expect(told()).toBe(false);
    fs.chmodSync(prefix, 0o755);
    await put();
    expect(told()).toBe(closedToOthers(path.dirname(prefix)) === undefined);
    await takeAway();
    log = [];
    fs.chmodSync(paths.root, 0o755);
    await put();
    expect(told()).toBe(false);
  });

  test('removes folders that it created, unless something else is in them by then', async () => {
    await put();
    write(data('kernels/other/kernel.json'), '{}');
    await put(); // which must not forget what it created
    await takeAway();
    expect(tree().map(([file]) => file)).toEqual(
      [data('..'), data(), data('kernels'), data('kernels/other'), data('kernels/other/kernel.json')].map(
        path.normalize,
      ),
    );
    fs.rmSync(path.join(prefix, 'share'), { recursive: true });
    await put();
    await takeAway();
    expect(tree()).toEqual([]);
  });

  test('replaces an earlier version, or one of another project, completely', async () => {
    await put();
    write(data('labextensions/gradlab-plotly/static/of-yesterday.js'), '');
    write(data('labextensions/gradlab-plotly/.stamp'), 'yesterday');
    fs.writeFileSync(settings(), '{}');
    await put();
    expect(log.at(-6)).toMatch(/✓ brought up to date/);
    expect(fs.existsSync(data('labextensions/gradlab-plotly/static/of-yesterday.js'))).toBe(false);
    expect(Object.keys(json(settings()))).toHaveLength(3);

    const first = paths;
    paths = bareProject();
    try {
      await put();
      expect(log.join('\n')).toContain(`in the place of that of ${first.root}`);
      expect(json(data('kernels/gradlab/kernel.json')).argv).toContain(paths.launcher);
      await takeAway();
      expect(tree()).toEqual([]);
    } finally {
      fs.rmSync(first.root, { recursive: true });
    }
  });

  test('takes over and removes an interrupted installation, or one without a record', async () => {
    await put();
    fs.rmSync(data('kernels'), { recursive: true });
    fs.renameSync(data('labextensions/gradlab-plotly'), data('labextensions/.gradlab-plotly-old'));
    await put();
    expect(fs.readdirSync(data('labextensions'))).toEqual(['gradlab-plotly']);
    fs.rmSync(data('gradlab'), { recursive: true });
    await put();
    fs.rmSync(data('gradlab'), { recursive: true });
    fs.mkdirSync(data('labextensions/.gradlab-plotly-new'));
    await takeAway();
    expect(filesBelow(prefix)).toEqual([]);
    expect(fs.readdirSync(data('labextensions'))).toEqual([]);
  });

  test('a failure in the middle leaves nothing behind', async () => {
    fs.rmSync(path.join(paths.nodeModules, 'pako')); // the disk could fail here as well
    await expect(put()).rejects.toThrow(/pako\.min\.js/);
    expect(tree()).toEqual([]);
  });

  test("keeps another package's kernel of that name", async () => {
    write(data('kernels/gradlab/kernel.json'), '{ "argv": ["other", "{connection_file}"] }');
    const before = tree();
    await expect(put()).rejects.toMatchObject({
      message: `another kernel has the name gradlab: ${data('kernels/gradlab')}`,
      remedy: expect.stringMatching(/delete or rename/),
    });
    await expect(takeAway()).rejects.toThrow('another kernel has the name gradlab');
    expect(tree()).toEqual(before);
  });

  // Root may write anywhere, so the unwritable folder is a file.
  test.each(['share', 'etc/jupyter', 'share/jupyter/labextensions'])('refuses if %s is not writable', async (name) => {
    write(path.join(prefix, name), '');
    const before = tree();
    await expect(put()).rejects.toMatchObject({
      message: `${path.join(prefix, name)} is not writable, so nothing was changed in ${data()}`,
      remedy: "delete or rename the file that has the folder's name",
    });
    expect(tree()).toEqual(before);
  });

  test('refuses the environment of the project itself', async () => {
    const own = await placeFor(['--prefix', paths.venv], {});
    await expect(install(own, context())).rejects.toThrow('is the environment of this project itself');
  });
});

describe('the plugins for papermill and nbconvert', () => {
  let packages: string;
  const own = () => fs.readdirSync(packages).filter((name) => name.startsWith('gradlab_jupyter'));
  const config = (name: string) => path.join(prefix, 'etc/jupyter', `jupyter_${name}_config.py`);
  beforeEach(() => {
    execFileSync(realPaths.venvPython, ['-m', 'venv', '--without-pip', prefix]);
    packages = path.join(
      prefix,
      ...(process.platform === 'win32' ? ['Lib'] : ['lib', pythonIn('lib')]),
      'site-packages',
    );
  });
  const pythonIn = (folder: string) => fs.readdirSync(path.join(prefix, folder)).find((name) => /^python3/.test(name))!;

  test('are installed in an environment that has one of them, updated, and removed', async () => {
    await put();
    expect([own(), fs.existsSync(config('nbconvert'))]).toEqual([[], false]);
    await takeAway();
    write(path.join(packages, 'nbconvert/__init__.py'), '');
    const before = tree();
    await put();
    expect(own()).toEqual(['gradlab_jupyter', 'gradlab_jupyter-0.1.0.dist-info']);
    expect(log.at(-1)).toBe(`    Python           ${packages}, for papermill and nbconvert`);
    const names = 'import gradlab_jupyter; from importlib.metadata import entry_points as e, files as f; ';
    const python = path.join(prefix, path.relative(realPaths.venv, realPaths.venvPython));
    const say =
      "print(e(group='papermill.engine')['gradlab'].value, all(x.locate().exists() for x in f('gradlab_jupyter')))";
    expect(execFileSync(python, ['-c', names + say], { encoding: 'utf8' }).trim()).toBe(
      'gradlab_jupyter.translator:Engine True',
    );
    for (const name of ['nbconvert', 'server'])
      expect(fs.readFileSync(config(name), 'utf8')).toContain('append("gradlab_jupyter.figures.Figures")');
    await put();
    expect(log.at(-1)).toMatch(/up to date$/);

    const found = () => installations({ paths, env: {} as NodeJS.ProcessEnv }).find(({ data: at }) => at === data())!;
    expect(found().problem).toBeUndefined();
    fs.appendFileSync(path.join(paths.pythonPackage, 'gradlab_jupyter/figures.py'), '# newer\n');
    expect(found().problem).toMatch(/gradlab_jupyter.figures\.py is out of date$/);
    await put();
    expect(found().problem).toBeUndefined();
    await takeAway();
    expect(tree()).toEqual(before);

    await put();
    fs.rmSync(data('gradlab'), { recursive: true }); // the record
    await takeAway();
    expect(own()).toEqual([]);
  });

  test('of another version are removed completely', async () => {
    write(path.join(packages, 'papermill.py'), '');
    await put();
    const metadata = path.join(paths.pythonPackage, 'METADATA');
    const manifest = path.join(paths.root, 'package.json');
    for (const file of [metadata, manifest])
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('0.1.0', '0.2.0'));
    await put();
    expect(own()).toEqual(['gradlab_jupyter', 'gradlab_jupyter-0.2.0.dist-info']);
  });

  test("files of pip and another package's settings stay, and are reported", async () => {
    write(path.join(packages, 'nbconvert/__init__.py'), '');
    write(config('nbconvert'), 'c.Exporter.exclude_input = True\n');
    let before = tree();
    await put();
    expect(log.join('\n')).toContain(
      `${config('nbconvert')} is not ours; for figures from nbconvert it needs the line\n    c.Exporter.preprocessors.append(`,
    );
    await takeAway();
    expect(tree()).toEqual(before);
    write(path.join(packages, 'gradlab_jupyter-0.1.0.dist-info/INSTALLER'), 'pip\n');
    before = tree();
    await put();
    expect(own()).toEqual(['gradlab_jupyter-0.1.0.dist-info']);
    await takeAway();
    expect(tree()).toEqual(before);
  });
});

describe('the state of an installation', () => {
  const found = () => installations({ paths, env: {} as NodeJS.ProcessEnv }).filter(({ data: at }) => at === data());

  test('known after an installation, forgotten after the removal', async () => {
    expect(found()).toEqual([]);
    await put();
    const options = ['--prefix', prefix];
    expect(found()).toEqual([{ data: data(), version: '0.1.0', root: paths.root, options, own: true }]);
    await takeAway();
    expect(found()).toEqual([]);
    expect(fs.existsSync(paths.installations)).toBe(false);
  });

  test('stale, and current after the suggested command', async () => {
    await put();
    fs.appendFileSync(path.join(paths.labExtension, 'static/race.js'), '// edited\n');
    const remedy = `\`npm run setup -- --install --prefix ${prefix}\``;
    expect(found()).toMatchObject([{ problem: 'its figure renderer is out of date', remedy }]);
    await put();
    expect(found()[0].problem).toBeUndefined();
    fs.writeFileSync(settings(), '{}');
    expect(found()).toMatchObject([{ problem: expect.stringMatching(/gradlab\.json is out of date/), remedy }]);
    fs.rmSync(data('kernels'), { recursive: true });
    expect(found()).toMatchObject([{ problem: 'its kernel.json is not there', remedy }]);
  });

  test('broken, after the project has moved, or its Node is gone', async () => {
    await put();
    const from = paths.root;
    fs.renameSync(from, `${from}-moved`);
    paths = projectPaths(`${from}-moved`);
    expect(found()).toMatchObject([
      { own: false, root: from, problem: `the folder ${from}, which it uses, is gone or has moved` },
    ]);
    await put();
    expect(found()[0].problem).toBeUndefined();
    const kernelspec = json(data('kernels/gradlab/kernel.json'));
    kernelspec.argv[0] = '/no/such/node';
    write(data('kernels/gradlab/kernel.json'), JSON.stringify(kernelspec));
    expect(found()).toMatchObject([{ problem: 'the Node that it uses, /no/such/node, is gone' }]);
  });

  test.skipIf(process.platform === 'win32')(
    'a Node that rejects the flags of an earlier one; another that works',
    async () => {
      await put();
      const file = data('kernels/gradlab/kernel.json');
      const kernelspec = json(file);
      const [, ...rest] = kernelspec.argv;
      const other = standInNode(prefix);
      write(file, toJson({ ...kernelspec, argv: [other, '--interrupt-budget=400000', ...rest] }));
      expect(found()).toMatchObject([
        {
          problem: expect.stringMatching(
            /^it gives .*, which is Node .* now, a flag of an earlier one: .*bad option: --int/,
          ),
        },
      ]);
      write(file, toJson({ ...kernelspec, argv: [other, ...rest] }));
      expect(found()).toMatchObject([{ node: `Node ${process.versions.node} (${other})` }]);
      expect(found()[0].problem).toBeUndefined();
      write(file, toJson({ ...kernelspec, argv: [other, '--no-warnings', ...rest] }));
      expect(found()).toMatchObject([{ problem: expect.stringMatching(/kernel\.json is out of date$/) }]);
    },
  );
});

describe('further advice', () => {
  const user = () => placeFor(['--user'], { HOME: prefix });
  const told = () => log.join('\n');

  test('how papermill passes parameters to an environment without a plugin', async () => {
    await install(await user(), context());
    expect(told()).toContain(`    pip install ${JSON.stringify(paths.pythonPackage)}`);
    log = [];
    const environment = path.join(prefix, 'environment');
    execFileSync(realPaths.venvPython, ['-m', 'venv', '--without-pip', environment]);
    const env = { ...context().env, VIRTUAL_ENV: environment };
    fs.rmSync(path.join(userPlace({ HOME: prefix }).data, 'kernels'), { recursive: true });
    await install(await user(), { ...context(), env });
    expect(told()).toMatch(/ {4}pip install /);
    log = [];
    const [lib] = fs.readdirSync(path.join(environment, 'lib'));
    fs.cpSync(
      path.join(paths.pythonPackage, 'gradlab_jupyter'),
      path.join(environment, 'lib', lib, 'site-packages/gradlab_jupyter'),
      { recursive: true },
    );
    fs.rmSync(path.join(userPlace({ HOME: prefix }).data, 'kernels'), { recursive: true });
    await install(await user(), { ...context(), env });
    expect(told()).toMatch(/✓ brought up to date/);
    expect(told()).not.toMatch(/pip install/);
  });

  test('what remains after the removal: executed notebooks, cached files, and the kernel elsewhere', async () => {
    await put();
    await install(await user(), context());
    await takeAway();
    expect(told()).toContain(
      `  what stays:\n    the kernel in ${userPlace({ HOME: prefix }).data}: \`npm run setup -- --uninstall --user\``,
    );
    log = [];
    for (const folder of [paths.kernelHistory, paths.kernelCache]) fs.mkdirSync(folder, { recursive: true });
    await uninstall(await user(), context());
    expect(told()).toContain(`    ${paths.kernelHistory}, what cells were run: delete it if you like`);
    expect(told()).toContain(paths.kernelCache);
    expect(told()).not.toContain('the kernel in');
  });
});

describe('the target Jupyter', () => {
  test('the user, by the variables and defaults of Jupyter', async () => {
    const home = prefix;
    const linux = process.platform === 'linux';
    if (linux) {
      expect(userPlace({ HOME: home })).toEqual({ data: `${home}/.local/share/jupyter`, config: `${home}/.jupyter` });
      expect(userPlace({ HOME: home, XDG_DATA_HOME: '/x' })).toMatchObject({ data: '/x/jupyter' });
      expect(userPlace({ HOME: home, JUPYTER_PLATFORM_DIRS: '1' }).config).toBe(`${home}/.config/jupyter`);
      expect(userPlace({ HOME: home, JUPYTER_PLATFORM_DIRS: 'No' }).config).toBe(`${home}/.jupyter`);
    }
    const env = { HOME: home, JUPYTER_DATA_DIR: '/d', JUPYTER_CONFIG_DIR: '/c' };
    expect(await placeFor([], env)).toEqual({ data: '/d', config: '/c', options: ['--user'] });
    expect(await placeFor(['--user'], env)).toEqual(await placeFor([], env));
  });

  test('the active environment, else that of `jupyter` on the search path', async () => {
    const at = (folder: string) => ({
      data: path.join(folder, 'share/jupyter'),
      config: path.join(folder, 'etc/jupyter'),
    });
    expect(await placeFor(['--sys-prefix'], { VIRTUAL_ENV: '/v', CONDA_PREFIX: '/c' })).toMatchObject(at('/v'));
    expect(await placeFor(['--sys-prefix'], { CONDA_PREFIX: '/c' })).toMatchObject(at('/c'));
    await expect(placeFor(['--sys-prefix'], { PATH: prefix })).rejects.toThrow(
      'no Python environment is active, and there is no `jupyter` on the search path',
    );
    // As pip writes it; and found by a link, as pipx and similar tools create it.
    const python = path.join(prefix, 'env/bin/python3.11');
    write(path.join(prefix, 'env/bin/jupyter'), `#!${python}\nimport sys\n`);
    write(python, `#!/bin/sh\necho ${prefix}/env\n`);
    fs.chmodSync(python, 0o755);
    fs.mkdirSync(path.join(prefix, 'bin'));
    fs.symlinkSync(path.join(prefix, 'env/bin/jupyter'), path.join(prefix, 'bin/jupyter'));
    const env = { PATH: `${path.join(prefix, 'bin')}${path.delimiter}${process.env.PATH}` };
    expect(await placeFor(['--sys-prefix'], env)).toMatchObject(at(`${prefix}/env`));
  });

  test.each([['--prefix'], ['--user', 'more'], ['--else'], ['--prefix=']])('refuses %s %s', async (...args) => {
    await expect(placeFor(args, {})).rejects.toMatchObject({
      message: expect.stringContaining('it is not clear which Jupyter'),
      remedy: expect.stringContaining('--prefix PATH: share/jupyter'),
    });
  });
});
