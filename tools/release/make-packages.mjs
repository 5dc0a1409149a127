// Makes the packages gradlab and gradlab-kernel, the kernel as a separate package.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import ts from 'typescript';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { filesBelow, readJson, remove, toJson } from '../../kernel-setup/setup/files.mjs';
import { buildPage, stampOfPage } from '../../kernel-setup/setup/page.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { checkTypes } from '../../kernel-setup/setup/types.mjs';
import { NOTICES, noticesOfData, writeNotices } from '../licences/notices.mjs';
import { addressesOf } from './address.mjs';

/** @typedef {{ name: string, file: string, size: number, unpackedSize: number, files: string[] }} Packed */

/** Packs both into a folder. @returns {Promise<Packed[]>} */
export const packAll = async (out) => [await packLibrary(out), await packKernel(out)];

/** Packs the library, with the addresses that follow from that of the project. @returns {Promise<Packed>} */
export async function packLibrary(out) {
  await checkTypes(paths);
  await buildIfStale(paths, process.env, 'library');
  writeNoticesOfLibrary(paths.root);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-'));
  try {
    const { file } = pack(paths.root, folder);
    execFileSync('tar', ['-xzf', path.basename(file)], { cwd: folder });
    const description = path.join(folder, 'package', 'package.json');
    const { repository, ...others } = readJson(description);
    fs.writeFileSync(description, toJson({ ...others, ...addressesOf({ repository }) }));
    return pack(path.dirname(description), out);
  } finally {
    remove(folder);
  }
}

async function packKernel(out) {
  await buildIfStale(paths, process.env, 'kernel');
  await buildPage(paths);
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

/** Writes the notices of third-party code in the library's package into a folder. */
export function writeNoticesOfLibrary(to) {
  writeNotices(paths, to, { what: 'gradlab', files: sourcesOf(paths.dist), more: noticesOfData(paths) });
}

/** The sources of a build, according to its source maps. */
function sourcesOf(folder) {
  const maps = filesBelow(folder).filter((file) => file.endsWith('.map'));
  if (maps.length === 0) throw new Error(`${folder} has no source maps to tell what it is made of`);
  const ofMap = (file) => readJson(file).sources.map((source) => path.resolve(path.dirname(file), source));
  // The bundler's own helpers are in no map.
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
  // The helpers that the programs start are beside them.
  for (const name of ['jupyter_driver.py', 'end_with_parent.py', 'end-with-parent.cjs'])
    copy(inSetup('setup', name), 'bin', name);
  const built = fs.realpathSync(paths.kernelBuild); // a link to the last build
  for (const file of filesBelow(built))
    if (file.endsWith('.js')) copyCode(file, path.join(to, 'kernel', path.relative(built, file)));
  for (const file of filesBelow(path.dirname(paths.cellTypes))) copy(file, 'types', path.basename(file));
  // An editor gets the globals of Node, or of a page, from elsewhere.
  const forEditors = fs.readFileSync(paths.cellTypes, 'utf8').replace(/^.*"\.\/globals\.d\.ts".*\n/m, '');
  for (const name of ['index.d.ts', 'index.d.mts']) fs.writeFileSync(path.join(to, 'types', name), forEditors);
  for (const file of filesBelow(paths.labExtension)) {
    if (file === stampOfPage(paths)) continue;
    const target = path.join('labextension-plotly', path.relative(paths.labExtension, file));
    if (file.endsWith('.js')) copyCode(file, path.join(to, target));
    else copy(file, target);
  }
  for (const file of filesBelow(paths.pythonPackage))
    if (!file.includes('__pycache__')) copy(file, 'python', path.relative(paths.pythonPackage, file));
  copy(inSetup('package', 'README.md'), 'README.md');
  copy(path.join(paths.root, 'LICENSE'), 'LICENSE');
  // The widgets' types are generated from their specification.
  const schema = path.join(paths.nodeModules, '@jupyter-widgets/schema', 'package.json');
  const files = [...bundled, ...sourcesOf(built), schema];
  writeNotices(paths, to, { what: 'gradlab-kernel', files });
  fs.writeFileSync(path.join(to, 'package.json'), toJson(manifest()));
}

function manifest() {
  const project = readJson(path.join(paths.root, 'package.json'));
  const { version, license, keywords, engines, dependencies, devDependencies } = project;
  const names = ['@jupyter-widgets/schema', '@types/node', 'plotly.js-dist-min', 'typescript', 'upng-js', 'zeromq'];
  return {
    name: 'gradlab-kernel',
    version,
    description:
      'The TypeScript kernel of gradlab for any Jupyter: types checked before a cell runs, live figures, sliders.',
    license,
    ...addressesOf(project, 'kernel-setup'),
    keywords: ['jupyter', 'jupyter-kernel', 'jupyterlab', ...keywords],
    type: 'commonjs',
    bin: { 'gradlab-kernel': 'bin/gradlab-kernel.mjs' },
    // For editors: the declaration of the global `Jupyter` of cells.
    types: './types/index.d.ts',
    exports: {
      '.': { import: { types: './types/index.d.mts' }, require: { types: './types/index.d.ts' } },
      './package.json': './package.json',
    },
    files: ['bin', 'kernel', 'labextension-plotly', 'python', 'types', NOTICES],
    engines,
    dependencies: {
      gradlab: version,
      ...Object.fromEntries(names.map((name) => [name, { ...dependencies, ...devDependencies }[name]])),
    },
  };
}

/** Without comments, which are a fifth of the package. */
function copyCode(from, to) {
  const compilerOptions = { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(fs.readFileSync(from, 'utf8'), { fileName: from, compilerOptions });
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.writeFileSync(to, outputText);
}

/**
 * A program bundled into one file with all our modules that it needs. @returns {Promise<string[]>} the modules that it
 * is made of
 */
async function bundle(input, dir) {
  const made = await rolldown({ input, platform: 'node', external: [/^rolldown/] });
  try {
    const { output } = await made.write({ dir, format: 'es', entryFileNames: '[name].mjs', codeSplitting: false });
    return output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
  } finally {
    await made.close();
  }
}
