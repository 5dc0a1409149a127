// Makes the packages gradlab and gradlab-kernel, the kernel as a package of its own.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { filesBelow, readJson, remove, toJson } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { checkTypes } from '../../kernel-setup/setup/types.mjs';
import { NOTICES, noticesOfData, writeNotices } from '../licences/notices.mjs';

/** @typedef {{ name: string, file: string, size: number, unpackedSize: number, files: string[] }} Packed */

/** Packs both into a folder. @returns {Promise<Packed[]>} */
export const packAll = async (out) => [await packLibrary(out), await packKernel(out)];

/** Packs the library. @returns {Promise<Packed>} */
export async function packLibrary(out) {
  await checkTypes(paths);
  await buildIfStale(paths, process.env, 'library');
  writeNoticesOfLibrary(paths.root);
  return pack(paths.root, out);
}

async function packKernel(out) {
  await buildIfStale(paths, process.env, 'kernel');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-kernel-'));
  try {
    await makeKernelPackage(folder);
    return pack(folder, out);
  } finally {
    remove(folder);
  }
}

function pack(folder, out) {
  fs.mkdirSync(out, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', out];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const said = execFileSync(npm, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [{ name, filename, size, unpackedSize, files }] = JSON.parse(said);
  return { name, file: path.join(out, filename), size, unpackedSize, files: files.map((file) => file.path) };
}

/** Writes what the library's package hands out of others into a folder. */
export function writeNoticesOfLibrary(to) {
  writeNotices(paths, to, { what: 'gradlab', files: sourcesOf(paths.dist), more: noticesOfData(paths) });
}

/** What the files of a build were made of, as the maps beside them say. */
function sourcesOf(folder) {
  const maps = filesBelow(folder).filter((file) => file.endsWith('.map'));
  if (maps.length === 0) throw new Error(`${folder} has no source maps to tell what it is made of`);
  const ofMap = (file) => readJson(file).sources.map((source) => path.resolve(path.dirname(file), source));
  // What the bundler adds of its own is in no map.
  return [...maps.flatMap(ofMap), '\0rolldown/runtime.js'];
}

/** Puts the package's files into a folder. */
async function makeKernelPackage(to) {
  const inSetup = (...parts) => path.join(paths.root, 'kernel-setup', ...parts);
  const copy = (from, ...target) => fs.cpSync(from, path.join(to, ...target), { recursive: true });
  fs.mkdirSync(path.join(to, 'bin'), { recursive: true });
  const bundled = [];
  for (const name of ['gradlab-kernel', 'launch-kernel'])
    bundled.push(...(await bundle(inSetup('package', `${name}.mjs`), path.join(to, 'bin'))));
  // What the programs start stands beside them.
  for (const name of ['jupyter_driver.py', 'end_with_parent.py', 'end-with-parent.cjs'])
    copy(inSetup('setup', name), 'bin', name);
  const built = fs.realpathSync(paths.kernelBuild); // a link to the last build
  for (const file of filesBelow(built)) if (file.endsWith('.js')) copy(file, 'kernel', path.relative(built, file));
  for (const file of filesBelow(path.dirname(paths.cellTypes))) copy(file, 'types', path.basename(file));
  copy(paths.labExtension, 'labextension-plotly');
  for (const file of filesBelow(paths.pythonPackage))
    if (!file.includes('__pycache__')) copy(file, 'python', path.relative(paths.pythonPackage, file));
  copy(inSetup('package', 'README.md'), 'README.md');
  copy(path.join(paths.root, 'LICENSE'), 'LICENSE');
  copyConverter(path.join(to, 'node_modules', 'tslab'));
  // tslab's converter is copied; the widgets' types are written from their specification.
  const others = ['tslab', '@jupyter-widgets/schema'].map((name) => path.join(paths.nodeModules, name, 'package.json'));
  const files = [...bundled, ...sourcesOf(built), ...others];
  writeNotices(paths, to, { what: 'gradlab-kernel', files });
  fs.writeFileSync(path.join(to, 'package.json'), toJson(manifest()));
}

function manifest() {
  const { version, license, keywords, engines, dependencies, devDependencies } = readJson(
    path.join(paths.root, 'package.json'),
  );
  const names = ['@jupyter-widgets/schema', '@types/node', 'plotly.js-dist-min', 'tslab', 'typescript', 'zeromq'];
  return {
    name: 'gradlab-kernel',
    version,
    description:
      'The TypeScript kernel of gradlab for any Jupyter: types checked before a cell runs, live figures, sliders.',
    license,
    keywords: ['jupyter', 'jupyter-kernel', 'jupyterlab', ...keywords],
    type: 'commonjs',
    bin: { 'gradlab-kernel': 'bin/gradlab-kernel.mjs' },
    exports: { './package.json': './package.json' },
    files: ['bin', 'kernel', 'labextension-plotly', 'python', 'types', NOTICES],
    engines,
    dependencies: {
      gradlab: version,
      ...Object.fromEntries(names.map((name) => [name, { ...dependencies, ...devDependencies }[name]])),
    },
    bundleDependencies: ['tslab'],
  };
}

/**
 * tslab's converter, three files of it, as tslab: its fork of TypeScript alone is larger than all the rest, and the kernel puts
 * something else in its place (compiler/node-platform.ts).
 */
function copyConverter(to) {
  const from = path.join(paths.nodeModules, 'tslab');
  for (const name of ['dist/converter.js', 'dist/tspath.js', 'dist/util.js', 'LICENSE'])
    fs.cpSync(path.join(from, name), path.join(to, name));
  const { name, version, license, repository, author, main } = readJson(path.join(from, 'package.json'));
  const standIns = ['@tslab/typescript-for-tslab', 'semver'];
  const dependencies = Object.fromEntries(standIns.map((absent) => [absent, '0.0.0']));
  const manifest = { name, version, license, repository, author, main, dependencies };
  fs.writeFileSync(path.join(to, 'package.json'), toJson(manifest));
  for (const absent of standIns) {
    const folder = path.join(to, 'node_modules', absent);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), toJson({ name: absent, version: '0.0.0', main: 'index.js' }));
    fs.writeFileSync(path.join(folder, 'index.js'), 'module.exports = {};\n');
  }
}

/** A program with all that it needs of ours in one file. @returns {Promise<string[]>} the modules that it is made of */
async function bundle(input, dir) {
  const made = await rolldown({ input, platform: 'node', external: [/^rolldown/] });
  try {
    const { output } = await made.write({ dir, format: 'es', entryFileNames: '[name].mjs', codeSplitting: false });
    return output.flatMap(({ moduleIds = [] }) => moduleIds);
  } finally {
    await made.close();
  }
}
