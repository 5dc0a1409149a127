// `npm run setup -- --install` as a user types it, for Jupyters that do not know this project. A notebook runs there,
// headless and in JupyterLab, and `--uninstall` restores everything.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setUp } from '../../kernel-setup/setup/index.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { describeInChromium } from '../support/browsers';
import { executeNotebook, shellOf, writeNotebook } from '../support/headless';
import { closeLab, startLab } from '../support/lab.mjs';
import { measureFigures, openBrowser, openNotebook, runAllCells, waitForFigures } from '../support/lab-page.mjs';
import { environmentLikeOurs, scratchFolder } from '../support/project-copy';

const folder = scratchFolder();
const at = (...parts: string[]) => path.join(folder, ...parts);
const python = (environment: string) => path.join(environment, path.relative(paths.venv, paths.venvPython));

const cells = [
  "import { tensor } from 'gradlab'; import { plot, show } from 'gradlab/lab';\nconst x: number = tensor([1, 2]).sum().item();\nconsole.log('sum', x);",
  "show(plot.curves([{ name: 'loss', x: [0, 1], y: [2, 1] }]));",
  "import { interact } from 'gradlab/lab';\ninteract(({ n }) => plot.curves([{ name: 'n', x: [0, 1], y: [0, n] }]), { n: [1, 5] });",
];

const npmSetup = (args: string[], env = {}) =>
  execFileSync(process.execPath, [path.join(paths.root, 'scripts', 'setup.mjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: shellOf(at('home'), env),
    stdio: 'pipe',
  });

/** Files, links and folders below some folders, except those that Python and Jupyter write themselves. */
const tree = (...folders: string[]) =>
  folders.flatMap((top) =>
    fs
      .readdirSync(top, { recursive: true, withFileTypes: true })
      .map(
        (entry) =>
          `${path.join(entry.parentPath, entry.name)} ${entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'link'}`,
      )
      .filter(
        (line) =>
          !/__pycache__|\.ipython|[\\/]\.jupyter[\\/]migrated|[\\/]runtime|[\\/]nbsignatures|notebook_secret/.test(
            line,
          ),
      )
      .sort(),
  );

const execute = (environment: string, env: Record<string, string>) =>
  executeNotebook(python(environment), at('work', 'notebook.ipynb'), shellOf(at('home'), env));

/** nbconvert finds its plugin there, and its figures are interactive without options. */
function convertThere() {
  const inEnvironment = (...args: string[]) =>
    execFileSync(python(at('environment')), args, { cwd: at('work'), encoding: 'utf8', env: shellOf(at('home')) });
  const found = inEnvironment('-c', 'import gradlab_jupyter.figures as own; print(own.__file__)');
  expect(found.startsWith(at('environment'))).toBe(true);
  const engines = "sorted(one.value for one in metadata.distribution('gradlab_jupyter').entry_points)";
  expect(inEnvironment('-c', `from importlib import metadata; print(${engines})`)).toBe(
    "['gradlab_jupyter.script:TypeScriptExporter', 'gradlab_jupyter.translator:Engine']\n",
  );
  inEnvironment('-m', 'nbconvert', '--to', 'html', 'executed.ipynb', '--output', 'page.html', '--log-level', 'ERROR');
  expect(fs.readFileSync(at('work', 'page.html'), 'utf8').match(/class="gradlab-figure"/g)).toHaveLength(2);
}

beforeAll(async () => {
  await setUp({ log: () => {} });
  environmentLikeOurs(at('environment'));
  for (const name of ['home', 'work', 'empty']) fs.mkdirSync(at(name));
  fs.mkdirSync(at('home', '.jupyter'));
  writeNotebook(at('work', 'notebook.ipynb'), cells);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const ways: { name: string; where: string[]; shell?: Record<string, string>; jupyter?: Record<string, string> }[] = [
  { name: 'an environment that is active', where: ['--sys-prefix'], shell: { VIRTUAL_ENV: at('environment') } },
  { name: "the user's own folders", where: ['--user'] },
  {
    name: 'an empty folder',
    where: ['--prefix', at('empty')],
    jupyter: { JUPYTER_PATH: at('empty', 'share', 'jupyter') },
  },
];

describe.each(ways)('$name', ({ where, shell: own = {}, jupyter = {} }) => {
  test('a notebook runs there, and the removal leaves nothing behind', () => {
    const before = tree(at('environment'), at('home'), at('empty'));
    expect(() => execute(at('environment'), jupyter)).toThrow(/No such kernel named gradlab/);
    expect(npmSetup(['--install', ...where], own)).toMatch(/✓ Kernel\n✓ Library\n✓ Page\n✓ installed/);
    try {
      const outputs = execute(at('environment'), jupyter);
      expect(outputs).toMatch(/sum 3/);
      expect(outputs).toMatch(/application\/vnd\.plotly\.v1\+json/);
      expect(outputs).toMatch(/application\/vnd\.jupyter\.widget-view\+json/);
      if (where[0] === '--sys-prefix') convertThere();
    } finally {
      expect(npmSetup(['--uninstall', ...where], own)).toMatch(/✓ taken away/);
    }
    expect(tree(at('environment'), at('home'), at('empty'))).toEqual(before);
  });
});

describeInChromium('JupyterLab of another environment', () => {
  test('draws figures, and has the settings', async () => {
    const scratch = scratchFolder();
    const env = { VIRTUAL_ENV: at('environment') };
    npmSetup(['--install', '--sys-prefix'], env);
    let lab: Awaited<ReturnType<typeof startLab>> | undefined;
    let browser: Awaited<ReturnType<typeof openBrowser>> | undefined;
    try {
      lab = await startLab({ folder: scratch, root: at('work'), python: python(at('environment')) });
      const settings = await fetch(`${lab.url}/lab/api/settings/@jupyterlab/notebook-extension:tracker`);
      const { schema } = (await settings.json()) as { schema: { properties: { windowingMode: { default: string } } } };
      expect(schema.properties.windowingMode.default).toBe('defer');
      browser = await openBrowser({ folder: scratch });
      expect(await openNotebook(browser.page, lab, 'notebook.ipynb')).toBe('gradlab');
      await runAllCells(browser.page);
      await waitForFigures(browser.page, 2);
      const [curve] = await measureFigures(browser.page);
      expect(curve.colour).toBeGreaterThan(0);
      expect(browser.problems()).toEqual({ pageErrors: [], foreignRequests: [] });
    } finally {
      await closeLab({ browser, lab, folder: scratch });
      npmSetup(['--uninstall', '--sys-prefix'], env);
    }
  });
});
