// npm run pack [OUT]: packs gradlab and gradlab-kernel, the kernel as a package of its own, into a folder.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { buildIfStale } from '../kernel-setup/setup/build.mjs';
import { filesBelow, readJson, remove, toJson } from '../kernel-setup/setup/files.mjs';
import { paths } from '../kernel-setup/setup/paths.mjs';

/** Packs both. @returns {Promise<{ name: string, file: string, size: number, unpackedSize: number, files: string[] }[]>} */
export async function packAll(out) {
  fs.mkdirSync(out, { recursive: true });
  for (const which of ['library', 'kernel']) await buildIfStale(paths, process.env, which);
  const kernel = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-kernel-'));
  try {
    await makeKernelPackage(kernel);
    return [paths.root, kernel].map((folder) => pack(folder, out));
  } finally {
    remove(kernel);
  }
}

function pack(folder, out) {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', out];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const said = execFileSync(npm, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [{ name, filename, size, unpackedSize, files }] = JSON.parse(said);
  return { name, file: path.join(out, filename), size, unpackedSize, files: files.map((file) => file.path) };
}

/** Puts the package's files into a folder. */
async function makeKernelPackage(to) {
  const inSetup = (...parts) => path.join(paths.root, 'kernel-setup', ...parts);
  const copy = (from, ...target) => fs.cpSync(from, path.join(to, ...target), { recursive: true });
  fs.mkdirSync(path.join(to, 'bin'), { recursive: true });
  for (const name of ['gradlab-kernel', 'launch-kernel'])
    await bundle(inSetup('package', `${name}.mjs`), path.join(to, 'bin'));
  // What the programs start stands beside them.
  for (const name of ['jupyter_driver.py', 'end_with_parent.py', 'end-with-parent.cjs'])
    copy(inSetup('setup', name), 'bin', name);
  for (const file of filesBelow(paths.kernelBuild))
    if (file.endsWith('.js')) copy(file, 'kernel', path.relative(paths.kernelBuild, file));
  for (const file of filesBelow(path.dirname(paths.cellTypes))) copy(file, 'types', path.basename(file));
  copy(paths.labExtension, 'labextension-plotly');
  for (const file of filesBelow(paths.pythonPackage))
    if (!file.includes('__pycache__')) copy(file, 'python', path.relative(paths.pythonPackage, file));
  copy(inSetup('package', 'README.md'), 'README.md');
  copy(path.join(paths.root, 'LICENSE'), 'LICENSE');
  copyConverter(path.join(to, 'node_modules', 'tslab'));
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
    files: ['bin', 'kernel', 'labextension-plotly', 'python', 'types'],
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

/** A program with all that it needs of ours in one file. */
async function bundle(input, dir) {
  const made = await rolldown({ input, platform: 'node', external: ['rolldown'] });
  try {
    await made.write({ dir, format: 'es', entryFileNames: '[name].mjs', codeSplitting: false });
  } finally {
    await made.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const out = path.resolve(process.argv[2] ?? '.');
  for (const { file, size, unpackedSize, files } of await packAll(out))
    console.log(
      `${file}: ${Math.round(size / 1e3)} kB, unpacked ${Math.round(unpackedSize / 1e3)} kB in ${files.length} files`,
    );
}
