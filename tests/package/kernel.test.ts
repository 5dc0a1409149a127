// gradlab-kernel for its users: both packages from their tarballs in an empty folder, a notebook beside them, no clone.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { setUp } from '../../kernel-setup/setup/index.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { NOTICES } from '../../tools/licences/notices.mjs';
import { packAll } from '../../tools/release/make-packages.mjs';
import { executeNotebook, shellOf, writeNotebook } from '../support/headless';
import { scratchFolder } from '../support/project-copy';
import { linkWithTheirs, run } from './consumer';

const folder = scratchFolder();
const at = (...parts: string[]) => path.join(folder, ...parts);
const modules = at('project', 'node_modules');
const here = at('project', 'jupyter');
const manifestOf = (name: string) => JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json'), 'utf8'));
const ofProject = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8'));
let packed: Awaited<ReturnType<typeof packAll>>;

const write = (file: string, text: string) => {
  fs.mkdirSync(path.dirname(at('project', file)), { recursive: true });
  fs.writeFileSync(at('project', file), text);
};

beforeAll(async () => {
  await setUp({ log: () => {} });
  fs.mkdirSync(at('home'));
  packed = await packAll(at('packed'));
  write('package.json', '{}');
  if (process.env.CI || process.env.GRADLAB_ALL) {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const files = packed.map(({ file }) => file);
    execFileSync(npm, ['install', '--prefer-offline', '--no-audit', '--no-fund', ...files], {
      cwd: at('project'),
      stdio: 'pipe',
    });
    return;
  }
  // As npm does it, except that dependencies are not downloaded.
  for (const { name, file } of packed) {
    fs.mkdirSync(path.join(modules, name), { recursive: true });
    execFileSync('tar', ['-xzf', file, '--strip-components=1', '-C', path.join(modules, name)]);
  }
  const needed = packed.flatMap(({ name }) => Object.keys(manifestOf(name).dependencies));
  linkWithTheirs(
    needed.filter((name) => name !== 'gradlab'),
    modules,
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** The package's program, as `npx gradlab-kernel` finds it; also returns its exit code. */
function kernel(...args: string[]): string {
  const { bin } = manifestOf('gradlab-kernel');
  const program = path.join(modules, 'gradlab-kernel', bin['gradlab-kernel']);
  const env = shellOf(at('home'), { JUPYTER_PATH: path.join(here, 'share', 'jupyter'), PATH: process.env.PATH ?? '' });
  return execFileSync(process.execPath, [program, ...args], {
    cwd: at('project'),
    encoding: 'utf8',
    env,
    stdio: 'pipe',
  });
}

test("contains the kernel without sources, well under 300 kB, with the project's version and dependencies", () => {
  const [, { name, size, files }] = packed;
  expect(name).toBe('gradlab-kernel');
  expect(size).toBeLessThan(300e3);
  const folders = new Set(files.map((file) => (file.includes('/') ? file.split('/')[0] : '')));
  expect([...folders].sort()).toEqual(['', 'bin', 'kernel', 'labextension-plotly', 'python', 'types']);
  expect(files.filter((file) => !file.includes('/')).sort()).toEqual(['LICENSE', 'README.md', NOTICES, 'package.json']);

  const { version, dependencies } = manifestOf('gradlab-kernel');
  expect(version).toBe(ofProject.version);
  const { gradlab, ...others } = dependencies;
  expect(gradlab).toBe(ofProject.version);
  for (const [each, wanted] of Object.entries(others)) expect(ofProject.devDependencies[each]).toBe(wanted);
});

test('editors know the global of cells from its types', () => {
  const check = (name: string, text: string, options: object = {}) => {
    write(name, text);
    const file = at('project', name);
    const host = ts.createCompilerHost({});
    host.getCurrentDirectory = () => at('project');
    const given = { target: ts.ScriptTarget.ES2022, noEmit: true, strict: true, types: [], ...options };
    const program = ts.createProgram([file], given, host);
    fs.rmSync(file);
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  };
  const cell = 'const slider = Jupyter.widgets.IntSlider({ value: 3 }); void Jupyter.display(slider);';
  expect(check('without.ts', cell)).toContain("Cannot find name 'Jupyter'.");
  expect(check('named.ts', `/// <reference types="gradlab-kernel" />\n${cell}`)).toEqual([]);
  const configured = {
    types: ['gradlab-kernel'],
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
  };
  expect(check('configured.ts', cell, configured)).toEqual([]);
  expect(check('mistaken.ts', 'Jupyter.widgets.IntSlider({ value: "3" });', configured)).toEqual([
    "Type 'string' is not assignable to type 'number'.",
  ]);
});

test('has notices of the code that is copied or bundled into it', () => {
  const text = fs.readFileSync(path.join(modules, 'gradlab-kernel', NOTICES), 'utf8');
  const titles = [...text.matchAll(/^={80}\n(\S+)/gm)].map(([, package_]) => package_);
  expect(titles).toEqual(['@jupyter-widgets/schema', 'rolldown']);
});

test('no packed file contains the folder it was made in', () => {
  const own = path.join(modules, 'gradlab-kernel');
  const told = filesBelow(own).filter((file: string) => fs.readFileSync(file, 'latin1').includes(paths.root));
  expect(told).toEqual([]);
});

test('a notebook beside it uses gradlab, packages of either kind and local files; doctor runs the kernel; the removal is complete', () => {
  write('node_modules/for-import/package.json', '{ "type": "module", "exports": "./index.js" }');
  write('node_modules/for-import/index.js', 'export const kind = "module";');
  write('node_modules/for-require/index.js', 'module.exports = { kind: "script" };');
  write('twice.ts', 'export const twice = (n: number): number => 2 * n;');
  write('rows.json', '{ "rows": 7 }');
  const answers = [
    { text: 'One.', remark: 'No.' },
    { text: 'Two.', remark: 'Yes.', right: true },
    { text: 'Three.', remark: 'No.' },
  ];
  write('a.predictions.json', JSON.stringify({ guess: { question: 'How many?', answers } }));
  write(
    'a.exercises.js',
    "module.exports = { two: { isRight: (n) => n === 2, mistakes: [], otherwise: 'Count.', tried: { right: [2], wrong: [1] } } };",
  );
  write(
    'claims.json',
    JSON.stringify([
      { id: 'B01', verdict: 'holds', settled: 'measured', sentence: 'Two is two.', notebook: 'notebook.ipynb' },
    ]),
  );
  const before = filesBelow(at('project'));
  expect(kernel('install', '--prefix', here)).toMatch(/✓ installed/);
  try {
    writeNotebook(at('project', 'notebook.ipynb'), [
      "import * as gradlab from 'gradlab';\nimport { tensor } from 'gradlab';\nimport { plot, show } from 'gradlab/lab';\nconst sum: number = tensor([1, 2]).sum().item();\nconsole.log(gradlab.version, sum);",
      "// @ts-nocheck\nimport { kind } from 'for-import';\nconst other = require('for-require');\nimport { twice } from './twice';\nimport data from './rows.json';\nconsole.log(kind, other.kind, twice(21), data.rows);",
      "show(plot.curves([{ name: 'loss', x: [0, 1], y: [2, 1] }]));",
      "import { claim, exercise, predict } from 'gradlab/lab';\npredict('guess');\nexercise('two', 2);\nclaim('B01', () => ({ name: 'two', value: 2, expected: 2, tolerance: 0 }));",
    ]);
    const env = shellOf(at('home'), { JUPYTER_PATH: path.join(here, 'share', 'jupyter') });
    const executed = executeNotebook(paths.venvPython, at('project', 'notebook.ipynb'), env);
    expect(executed).toContain(`${ofProject.version} 3\\n`);
    expect(executed).toContain('module script 42 7\\n');
    expect(executed).toContain('application/vnd.plotly.v1+json');
    for (const said of ['Predict. How many?', '✓ Right.', 'B01 holds · Two is two']) expect(executed).toContain(said);
    expect(run('tar', ['-tf', packed[1].file], folder)).not.toMatch(/\.map$/m);

    const doctor = kernel('doctor');
    expect(doctor).toMatch(/✓ Node: .*\n✓ ZeroMQ: loads\n✓ Other Jupyters: gradlab .* in .*jupyter: (runs|in order)/);
  } finally {
    expect(kernel('uninstall', '--prefix', here)).toMatch(/✓ taken away/);
  }
  for (const name of ['notebook', 'executed']) fs.rmSync(at('project', `${name}.ipynb`), { force: true });
  expect(filesBelow(at('project'))).toEqual(before);
});

test('explains invalid commands', () => {
  expect(kernel()).toMatch(/gradlab-kernel install \[WHERE\]/);
  expect(() => kernel('instal')).toThrow(/✗ gradlab-kernel does not know instal\n {2}Try:/);
});
