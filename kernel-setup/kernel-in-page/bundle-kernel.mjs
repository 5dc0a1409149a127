// Bundles the kernel for pages: page.mjs, which starts it, and three workers.
import fs from 'node:fs';
import path from 'node:path';
import { doorsOf, inPages, keepNames, seenAsModules } from '../setup/bundle.mjs';
import { filesBelow, readJson } from '../setup/files.mjs';

const here = import.meta.dirname;
const kernel = path.join(here, '..', 'kernel');
const standIn = (name) => path.join(here, 'stand-ins', `${name}.ts`);

/** Modules of the kernel that a page replaces. */
const replaced = new Map(
  ['evaluate', 'channel', 'errors/frames', 'modules/install'].map((name) => [
    path.join(kernel, 'cells', name),
    standIn(path.basename(name)),
  ]),
);

/** Node modules with a substitute for pages. */
const alias = {
  'node:util/types': standIn('util-types'),
  'node:util': standIn('util'),
  'node:crypto': standIn('crypto'),
  'node:module': standIn('module'),
  'node:path': 'path-browserify',
  path: 'path-browserify',
};

/** Modules in the library's chunk besides the library. */
const ofLibrary = [standIn('graphviz'), path.join(here, 'import-address.ts')];

const forPages = (paths) => ({
  name: 'for-pages',
  resolveId(id, importer) {
    const door = doorsOf(paths)[id];
    if (door !== undefined) return path.join(paths.sources, ...door.split('/'));
    if (id === 'doors') return '\0doors';
    if (id === '@viz-js/viz' && importer?.startsWith(paths.sources)) return standIn('graphviz');
    if (/^\.\.?\//.test(id) && importer) return replaced.get(path.join(path.dirname(importer), id));
    // TypeScript requires these only in Node.
    if (/^(node:)?(fs|os|crypto|inspector|perf_hooks|source-map-support)$/.test(id) && !(id in alias)) return '\0none';
    return undefined;
  },
  load: (id) => (id === '\0none' ? 'export default {};' : id === '\0doors' ? allDoors(paths) : undefined),
});

/** A module with all entry points of gradlab. */
function allDoors(paths) {
  const names = Object.keys(doorsOf(paths));
  const imports = names.map((name, i) => `import * as door${i} from '${name}';\n`);
  return `${imports.join('')}export const doors = { ${names.map((name, i) => `'${name}': () => door${i}`).join(', ')} };\n`;
}

/** The declarations for cells, by the paths that the compiler uses, and their source files. */
function declarations(paths) {
  const files = {};
  const from = [];
  const put = (to, file) => {
    files[to] = fs.readFileSync(file, 'utf8');
    from.push(file);
  };
  const library = path.join(paths.nodeModules, 'typescript', 'lib');
  for (const name of fs.readdirSync(library))
    if (/^lib\.(es(next|\d+)|decorators)[\w.]*\.d\.ts$/.test(name) && !name.includes('full'))
      put(`/node_modules/typescript/lib/${name}`, path.join(library, name));
  for (const file of filesBelow(paths.dist))
    if (file.endsWith('.d.ts'))
      put(`/node_modules/gradlab/dist/${path.relative(paths.dist, file).replaceAll(path.sep, '/')}`, file);
  files['/node_modules/gradlab/package.json'] = JSON.stringify({
    name: 'gradlab',
    types: 'dist/index.d.ts',
    typesVersions: readJson(path.join(paths.root, 'package.json')).typesVersions,
  });
  for (const name of ['package.json', 'index.d.ts'])
    put(`/node_modules/@types/ndarray/${name}`, path.join(paths.nodeModules, '@types', 'ndarray', name));
  for (const name of ['package.json', path.join('dist', 'public.d.ts')])
    put(`/node_modules/tslab/${name.replaceAll(path.sep, '/')}`, path.join(paths.nodeModules, 'tslab', name));
  for (const name of ['globals.d.ts', 'jupyter.d.ts', 'widgets.d.ts'])
    put(`/kernel/types/${name}`, path.join(path.dirname(paths.cellTypes), name));
  put('/kernel/types/browser.d.ts', path.join(here, 'types', 'browser.d.ts'));
  return { files, from };
}

/** The workers, and their files besides modules. */
const besides = { 'host-worker': [], 'compiler-worker': ['declarations.json'], 'cells-worker': [] };
/** Placeholder in part-worker.ts for the files of each worker, which are known after bundling. */
const parts = '@PARTS@';

function fillIn(folder, output) {
  const importsOf = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk.imports]),
  );
  const withImports = (file) => [file, ...importsOf.get(file).flatMap(withImports)];
  const files = Object.fromEntries(
    Object.entries(besides).map(([name, others]) => [name, [...new Set(withImports(`${name}.mjs`)), ...others]]),
  );
  for (const { fileName, code } of output)
    if (code?.includes(parts)) {
      const filled = code.replace(new RegExp(`(["'\`])${parts}\\1`), () => JSON.stringify(files));
      fs.writeFileSync(path.join(folder, fileName), filled);
    }
}

/**
 * Writes the kernel into a folder.
 * @param patience milliseconds without a byte after which a download is retried
 * @returns {Promise<string[]>} the modules and files that it is made of
 */
export async function bundleKernel(paths, to, { patience = 20_000 } = {}) {
  fs.mkdirSync(to, { recursive: true });
  const { files, from } = declarations(paths);
  fs.writeFileSync(path.join(to, 'declarations.json'), JSON.stringify(files));
  const { rolldown } = await import('rolldown');
  const versionOf = (...folder) => readJson(path.join(...folder, 'package.json')).version;
  const versions = {
    gradlab: versionOf(paths.root),
    typescript: versionOf(paths.nodeModules, 'typescript'),
    tslab: versionOf(paths.nodeModules, 'tslab'),
  };
  const bundle = await rolldown({
    input: {
      ...Object.fromEntries(['page', ...Object.keys(besides)].map((name) => [name, path.join(here, `${name}.ts`)])),
      viz: '@viz-js/viz',
    },
    platform: 'browser',
    tsconfig: path.join(here, 'tsconfig.json'),
    resolve: { alias },
    transform: { define: { VERSIONS: JSON.stringify(versions), PARTS: `'${parts}'`, PATIENCE: `${patience}` } },
    plugins: [seenAsModules, forPages(paths), inPages(paths)],
  });
  try {
    const { output } = await bundle.write({
      dir: to,
      format: 'es',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
      comments: false,
      // The stand-ins for globals come first.
      strictExecutionOrder: true,
      minify: { compress: { keepNames }, mangle: { keepNames }, codegen: true },
      codeSplitting: {
        groups: [
          // Others need it too, and must not wait for the library.
          { name: 'download', test: /[\\/]download[\\/]download\.mjs$/, priority: 1 },
          { name: 'gradlab', test: (id) => id.startsWith(paths.sources) || ofLibrary.includes(id) },
        ],
      },
    });
    fillIn(to, output);
    return [...from, ...output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))];
  } finally {
    await bundle.close();
  }
}
