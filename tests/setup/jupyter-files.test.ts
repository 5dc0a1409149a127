import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeContext } from '../../kernel-setup/setup/index.mjs';
import { jupyterFiles } from '../../kernel-setup/setup/jupyter-files.mjs';
import { stablePathOf } from '../../kernel-setup/setup/node-of-kernel.mjs';
import { projectPaths, paths as realPaths } from '../../kernel-setup/setup/paths.mjs';
import { bareProject } from '../support/project-copy';

describe("Jupyter's files in .venv", () => {
  let context: ReturnType<typeof makeContext>;
  const inVenv = (...parts: string[]) => path.join(context.paths.venv, ...parts);
  const json = (...parts: string[]) => JSON.parse(fs.readFileSync(inVenv(...parts), 'utf8'));

  beforeEach(async () => {
    context = makeContext({ paths: bareProject() });
    expect(jupyterFiles.whyNeeded(context)).toBeDefined();
    await jupyterFiles.run(context);
    expect(jupyterFiles.whyNeeded(context)).toBeUndefined();
  });

  afterEach(() => fs.rmSync(context.paths.root, { recursive: true, force: true }));

  test('stock tslab with its own program, named by its version', () => {
    const { nodeModules } = context.paths;
    expect(json('share/jupyter/kernels/tslab/kernel.json')).toEqual({
      argv: [
        stablePathOf(process.execPath),
        path.join(nodeModules, 'tslab/bin/tslab'),
        'kernel',
        '--config-path',
        '{connection_file}',
      ],
      display_name: 'TypeScript (tslab 1.0.22)',
      language: 'typescript',
    });
  });

  test('the figure renderer with plotly.js from npm', () => {
    const folder = inVenv('share/jupyter/labextensions/gradlab-plotly');
    const project = JSON.parse(fs.readFileSync(path.join(realPaths.root, 'package.json'), 'utf8'));
    expect(json('share/jupyter/labextensions/gradlab-plotly/package.json')).toMatchObject({ version: project.version });
    const plotly = fs.readFileSync(path.join(folder, 'static/plotly.min.js'));
    expect(plotly.equals(fs.readFileSync(path.join(realPaths.nodeModules, 'plotly.js-dist-min/plotly.min.js')))).toBe(
      true,
    );
    const { load } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).jupyterlab._build;
    expect(fs.existsSync(path.join(folder, load))).toBe(true);
  });

  test('notebooks/ as the root, the start page first, and gradlab as the kernel of new notebooks', () => {
    const config = json('etc/jupyter/jupyter_server_config.json');
    expect(config.ServerApp.root_dir).toBe(context.paths.notebooks);
    expect(config.MultiKernelManager.default_kernel_name).toBe('gradlab');
    expect(config.LabApp.default_url).toBe('/lab/tree/00-start-here.ipynb');
    const settings = json('etc/jupyter/labconfig/default_setting_overrides.d/gradlab.json');
    expect(settings['@jupyterlab/notebook-extension:tracker']).toEqual({ windowingMode: 'defer' });
  });

  test('a moved project, a lost file and an edited renderer are detected and repaired', async () => {
    const moved = `${context.paths.root}-moved`;
    fs.renameSync(context.paths.root, moved);
    context.paths = projectPaths(moved);
    expect(jupyterFiles.whyNeeded(context)).toMatch(/kernel\.json is out of date/);
    await jupyterFiles.run(context);
    expect(jupyterFiles.whyNeeded(context)).toBeUndefined();
    expect(json('share/jupyter/kernels/gradlab/kernel.json').argv.at(-2)).toBe(
      path.join(moved, 'kernel-setup/launch-kernel.mjs'),
    );

    fs.rmSync(inVenv('share/jupyter/kernels/gradlab/kernel.json'));
    expect(jupyterFiles.whyNeeded(context)).toMatch(/gradlab.kernel\.json is not there/);
    await jupyterFiles.run(context);

    fs.appendFileSync(path.join(context.paths.labExtension, 'static/remoteEntry.js'), '// edited\n');
    expect(jupyterFiles.whyNeeded(context)).toMatch(/figure renderer/);
    await jupyterFiles.run(context);
    expect(fs.readFileSync(inVenv('share/jupyter/labextensions/gradlab-plotly/static/remoteEntry.js'), 'utf8')).toMatch(
      /edited/,
    );
    expect(jupyterFiles.whyNeeded(context)).toBeUndefined();
  });
});

test("paths have Windows' format on Windows", () => {
  const { venvPython } = projectPaths(path.join('projects', 'gradlab'), 'win32');
  expect(venvPython).toBe(path.join('projects', 'gradlab', '.venv', 'Scripts', 'python.exe'));
});

/** JupyterLab's view of a module-federation container and its plugin. */
interface Container {
  init(shared: object): void;
  get(module: string): Promise<() => { default: [{ rendererFactory: { createRenderer(): { version: string } } }] }>;
}

// The browser test draws with it; this one makes JupyterLab's calls to the container.
test('the renderer registers a plugin for plotly figures, safe for untrusted notebooks', async () => {
  const window: { _JUPYTERLAB?: Record<string, Container> } = {};
  const document = {
    currentScript: { src: 'http://127.0.0.1/lab/extensions/gradlab-plotly/static/remoteEntry.js?x=1' },
  };
  vm.runInNewContext(fs.readFileSync(path.join(realPaths.labExtension, 'static/remoteEntry.js'), 'utf8'), {
    window,
    document,
  });
  const container = window._JUPYTERLAB!['gradlab-plotly'];
  class Widget {
    version = 'newest';
    node = { dataset: {} };
    addClass() {}
  }
  const factory = (value: unknown) => ({ get: async () => () => value });
  container.init({ '@lumino/widgets': { '2.9.0': factory({}), '2.10.0': factory({ Widget }) } });
  const [plugin] = (await container.get('./mimeExtension'))().default;
  expect(plugin.rendererFactory).toMatchObject({ safe: true, mimeTypes: ['application/vnd.plotly.v1+json'] });
  expect(plugin.rendererFactory.createRenderer().version).toBe('newest');
  await expect(container.get('./other')).rejects.toThrow('gradlab-plotly has no module ./other');
});
