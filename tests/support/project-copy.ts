import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toJson } from '../../kernel-setup/setup/files.mjs';
import { makeContext, paths as real, runSteps, steps } from '../../kernel-setup/setup/index.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { requirementsOf } from '../../kernel-setup/setup/venv.mjs';

/** A separate project that a test may break: see {@link copyProject}. */
export interface ProjectCopy {
  root: string;
  paths: ReturnType<typeof projectPaths>;
  /** The arguments of the set-up's steps and doctor's checks. */
  context: { paths: ReturnType<typeof projectPaths>; env: NodeJS.ProcessEnv; log: (line: string) => void };
  /** The lines that steps and checks logged. */
  log: string[];
  write(file: string, text: string): void;
  /** Runs the set-up's steps: cheap, since packages and Python environment exist. */
  setUp(): Promise<void>;
  remove(): void;
}

/**
 * A library of one number, so that these tests depend on no part of the real one except `show`, in the laboratory's
 * index.
 */
export const smallLibrary = `/** The library's version. */
export const version: string = '${JSON.parse(fs.readFileSync(path.join(real.root, 'package.json'), 'utf8')).version}';
/** The sum of two numbers. */
export function plus(a: number, b: number): number {
  return a + b;
}
`;

/** These source files, and all that they import. */
function importedBy(files: string[], seen = new Set<string>()): Set<string> {
  for (const file of files.filter((name) => !seen.has(name))) {
    seen.add(file);
    const text = fs.readFileSync(path.join(real.sources, file), 'utf8');
    const stems = [...text.matchAll(/(?:from |import )'(\.[^']*)'/g)].map(([, id]) =>
      path.join(path.dirname(file), id!),
    );
    const names = stems.map((stem) => [`${stem}.ts`, path.join(stem, 'index.ts')]);
    importedBy(
      names.map((pair) => pair.find((name) => fs.existsSync(path.join(real.sources, name)))!),
      seen,
    );
  }
  return seen;
}

/** An empty folder outside the project (inside it, Node would find the project's packages). */
export function scratchFolder(): string {
  return fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-')));
}

/**
 * A project in a separate folder, with real packages and a real Python environment, created in a second. node_modules
 * links to this project's packages one by one, and .venv is an environment that finds this project's Python packages.
 */
export function copyProject(): ProjectCopy {
  const root = scratchFolder();
  const paths = projectPaths(root);
  const log: string[] = [];
  const env = { ...process.env, npm_lifecycle_event: undefined };
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'kernel-setup', 'scripts', 'tools']) {
    fs.cpSync(path.join(real.root, name), path.join(root, name), { recursive: true });
  }
  // Lists of options, which the set-up writes, import option-kinds; the checks that it inserts import surplus.
  const needed = ['display/index.ts', 'platform/index.ts', 'platform/browser.ts', 'option-kinds.ts', 'surplus.ts'];
  for (const file of importedBy(needed))
    fs.cpSync(path.join(real.sources, file), path.join(paths.sources, file), { recursive: true });
  fs.writeFileSync(path.join(paths.sources, 'index.ts'), smallLibrary);
  fs.mkdirSync(path.join(paths.sources, 'lab', 'lessons'), { recursive: true });
  fs.writeFileSync(path.join(paths.sources, 'lab', 'index.ts'), "export { show } from '../display';\n");
  fs.mkdirSync(path.join(paths.notebooks, 'topic'), { recursive: true });
  // Only if its stamp is current the kernel need not be rebuilt.
  const kernel = path.join(real.builds, 'kernel');
  if (fs.existsSync(kernel)) fs.cpSync(kernel, path.join(paths.builds, 'kernel'), { recursive: true });
  linkPackages(paths.nodeModules);
  makeEnvironment(paths);
  const context = makeContext({ paths, env, log: (line: string) => log.push(line) });
  return {
    root,
    paths,
    context,
    log,
    write(file, text) {
      fs.writeFileSync(path.join(root, file), text);
    },
    setUp: () => runSteps(steps, context),
    remove: () => fs.rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}

/** A folder with only the sources of the Jupyter files. */
export function bareProject(): ReturnType<typeof projectPaths> {
  const paths = projectPaths(scratchFolder());
  fs.mkdirSync(paths.nodeModules);
  fs.mkdirSync(path.dirname(paths.launcher), { recursive: true });
  for (const file of ['package.json', path.relative(real.root, real.launcher)])
    fs.copyFileSync(path.join(real.root, file), path.join(paths.root, file));
  for (const name of ['labExtension', 'pythonPackage'] as const)
    fs.cpSync(real[name], paths[name], { recursive: true });
  for (const name of ['tslab', 'plotly.js-dist-min', 'upng-js', 'pako'])
    fs.symlinkSync(path.join(real.nodeModules, name), path.join(paths.nodeModules, name), 'junction');
  return paths;
}

function linkPackages(nodeModules: string): void {
  fs.mkdirSync(nodeModules);
  for (const name of fs.readdirSync(real.nodeModules)) {
    if (name === 'gradlab' || name === '.vite' || name === '.vite-temp') continue;
    const source = path.join(real.nodeModules, name);
    if (fs.statSync(source).isFile()) fs.copyFileSync(source, path.join(nodeModules, name));
    else fs.symlinkSync(source, path.join(nodeModules, name), 'junction');
  }
  fs.symlinkSync('..', path.join(nodeModules, 'gradlab'), 'dir');
}

function makeEnvironment(paths: ReturnType<typeof projectPaths>): void {
  const python = environmentLikeOurs(paths.venv);
  fs.writeFileSync(paths.venvStamp, toJson({ root: paths.root, python, requirements: requirementsOf(paths) }));
}

/**
 * A Python environment that finds our packages, including JupyterLab.
 * @returns its version of Python
 */
export function environmentLikeOurs(folder: string): string {
  const inFolder = (file: string) => path.join(folder, path.relative(real.venv, file));
  execFileSync(real.venvPython, ['-m', 'venv', '--without-pip', folder]);
  const ask = (python: string, code: string) => execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim();
  const purelib = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const linkFile = path.join(ask(inFolder(real.venvPython), purelib), 'packages-of-gradlab.pth');
  fs.writeFileSync(linkFile, `${ask(real.venvPython, purelib)}\n`);
  // The parts of JupyterLab, its widgets and nbconvert outside site-packages.
  const { data, config } = real.jupyterPlace;
  const ofLab = ['lab/static', 'lab/schemas', 'lab/themes', 'labextensions/@jupyter-widgets', 'nbconvert'];
  for (const part of [...ofLab.map((name) => path.join(data, name)), path.join(config, 'jupyter_server_config.d')]) {
    fs.mkdirSync(path.dirname(inFolder(part)), { recursive: true });
    fs.symlinkSync(part, inFolder(part), 'junction');
  }
  return ask(inFolder(real.venvPython), 'import platform; print(platform.python_version())');
}
