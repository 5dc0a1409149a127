// The tests that a change can reach, which `npm test` runs at home. A test that imports a changed file, directly or
// through others, is reached. For tests that start kernels, servers or browsers, which read built files, a table maps
// folders to them.
import fs from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { changesIn } from './changes.mjs';
import { allNotebooks, isAtHome, isLong } from './turns.mjs';

/**
 * Folders and files of tests that need `npm test`'s set-up: they start kernels, JupyterLab or browsers, or read built
 * files.
 */
export const system = [
  ...['docs/', 'setup/', 'kernel/', 'kernel-in-page/', 'notebooks/', 'browser/', 'package/', 'page/', 'site/'],
  ...['jupyter-tools/', 'servers/', 'tuner/system/'],
  // It counts everything that its process runs: with concurrent tests that takes five times as long.
  'stretches.test.ts',
].map((name) => `tests/${name}`);

/**
 * A change in a folder, or of a file, reaches these tests, although they do not import it: folders, or files.
 * @type {readonly (readonly [changed: string, tests: readonly string[]])[]}
 */
export const readsBuilt = [
  ['src/', ['architecture/', 'docs/', 'errors', 'kernel/cells', 'training/resume', 'types/']],
  ['src/data/', ['data/']],
  ['src/lab/', ['figures/', 'notebooks/structure', 'page/renderer']],
  ['kernel-setup/kernel/', ['kernel/', 'notebooks/interrupt', 'docs/', 'types/tests']],
  ['kernel-setup/kernel-in-page/', ['kernel-in-page/', 'types/tests']],
  ['kernel-setup/setup/', ['setup/', 'package/']],
  ['kernel-setup/package/', ['package/']],
  ['kernel-setup/python/', ['setup/', 'kernel/host/']],
  ['kernel-setup/figures/', ['figures/', 'browser/stills']],
  ['kernel-setup/', ['setup/jupyter-files', 'setup/settings', 'architecture/rooms']],
  ['kernel-setup/labextension-plotly/', ['browser/']],
  [
    'page/',
    [
      ...['architecture/', 'browser/', 'figures/', 'lab/plot/drawn', 'notebooks/structure', 'page/'],
      ...['setup/jupyter-files', 'site/'],
    ],
  ],
  ['site/', ['site/', 'architecture/rooms']],
  ['tools/notebooks/', ['notebooks/']],
  ['tools/breaks/', ['notebooks/breaks']],
  ['tools/recordings/', ['notebooks/recordings']],
  ['tools/reference/', ['derived/reference', 'training/trace', 'site/api']],
  ['tools/licences/', ['package/notices']],
  ['tools/release/', ['package/release']],
  ['tools/', ['architecture/rooms']],
  [
    'notebooks/',
    [
      ...['cards', 'claims', 'executed', 'files', 'lint', 'marks', 'pytorch-blocks', 'recordings', 'statistics'],
      ...['structure', 'text'],
    ].map((name) => `notebooks/${name}`),
  ],
  ['docs/', ['docs/', 'architecture/documents', 'site/files']],
  ['bench/', ['architecture/rooms', 'architecture/documents']],
  ['scripts/', ['setup/npm-test', 'architecture/']],
  ['bin/', ['tuner/system/', 'package/consumers']],
  ['binder/', ['setup/images']],
  ['Dockerfile', ['setup/images']],
  ['.dockerignore', ['setup/images']],
  ['.devcontainer/', ['setup/images']],
  ['README.md', ['docs/', 'architecture/documents', 'notebooks/lint']],
  ['CONTRIBUTING.md', ['architecture/documents']],
  ['CHANGELOG.md', ['architecture/documents', 'package/release']],
  ['tests/README.md', ['setup/turns', 'architecture/documents']],
  ['tests/tsconfig.json', ['types/tests']],
  ['tests/support/broken.config.mts', ['notebooks/breaks']],
  ['.github/', ['setup/node-version']],
  ['tests/oracle/', ['derived/', 'nn/', 'optim/', 'random/']],
];

/** These affect every test. */
const everywhere =
  /^(package(-lock)?\.json|tsconfig\.json|vitest\.config\.mts|tests\/support\/(seed|default-generator|op-table)\.ts)$/;

const names = (root, folder) =>
  filesBelow(path.join(root, folder)).map((file) => path.relative(root, file).replaceAll(path.sep, '/'));

/** All test files, from the project's folder. */
export const testFiles = (root = paths.root) =>
  names(root, 'tests').filter((file) => file.endsWith('.test.ts') && !file.includes('/node_modules/'));

const isSystem = (file) => system.some((name) => file === name || (name.endsWith('/') && file.startsWith(name)));

/**
 * The names of our own packages, mapped to the sources they are built from.
 * @type {[RegExp, string][]}
 */
const packages = [
  [/^gradlab$/, 'src/index'],
  [/^gradlab\/lab$/, 'src/lab/index'],
  [/^gradlab\/lab\/lessons\/(.*)$/, 'src/lab/lessons/$1/index'],
];

/** They re-export whole folders by name; an import of some names does not import the other folders. */
const doors = ['src/index.ts', 'src/lab/index.ts'];
const namespace = /^export \* as (\w+) from '([^']+)';$/gm;

/** The file that an import resolves to, from the project's folder; undefined if it is not one of ours. */
function resolve(root, file, specifier) {
  const ours = packages.find(([pattern]) => pattern.test(specifier));
  if (!ours && !specifier.startsWith('.')) return undefined;
  const at = ours ? specifier.replace(...ours) : path.posix.join(path.posix.dirname(file), specifier);
  const candidates = ['', '.ts', '/index.ts', '.mjs'].map((ending) => `${at}${ending}`);
  // A file that is gone was probably a source.
  return (
    candidates.find((name) => fs.statSync(path.join(root, name), { throwIfNoEntry: false })?.isFile()) ?? `${at}.ts`
  );
}

/**
 * The files whose values a file imports. `src/index.ts#` is that index without the folders that it re-exports by name,
 * `src/index.ts#nn` one of these.
 */
function importsOf(root, node) {
  const [file = '', name] = node.split('#');
  if (!/\.(m?ts|m?js|cjs)$/.test(file) || !fs.existsSync(path.join(root, file))) return [];
  const text = fs.readFileSync(path.join(root, file), 'utf8').replace(/^(im|ex)port type [^;]*? from '[^']*'/gm, '');
  const to = (specifier) => resolve(root, file, specifier);
  if (name) return [...text.matchAll(namespace)].flatMap(([, one, from]) => (one === name ? (to(from) ?? []) : []));
  const own = name === '' ? text.replace(namespace, '') : text;
  const found = [
    ...own.matchAll(/(?:\bimport \{([^}]*)\} from |\bfrom |\bimport |\bimport\(|\bnew URL\()'([^'\n]+)'/g),
  ];
  return found.flatMap(([, names, specifier]) => {
    const target = to(specifier);
    if (target === undefined) return [];
    if (names === undefined || !doors.includes(target)) return target;
    return ['', ...(names.match(/\w+/g) ?? [])].map((one) => `${target}#${one}`);
  });
}

/**
 * For each test file, the files that it imports, directly or through others. For a system test only those in tests/,
 * since it runs the built files of the others.
 */
export function importsOfTests(root = paths.root) {
  const direct = new Map();
  const importsOnce = (node) => {
    if (!direct.has(node)) direct.set(node, importsOf(root, node));
    return direct.get(node);
  };
  return new Map(
    testFiles(root).map((file) => {
      const seen = new Set([file]);
      const isCounted = isSystem(file) ? (next) => next.startsWith('tests/') : () => true;
      for (const node of seen) for (const next of importsOnce(node)) if (isCounted(next)) seen.add(next);
      return [file, new Set([...seen].map((node) => node.replace(/#.*/, '')))];
    }),
  );
}

const isBelow = (name) => (file) => file === name || (name.endsWith('/') && file.startsWith(name));

/** The tests that read the built form of these files: folders and files. */
function readersOf(changed, imports) {
  const built = readsBuilt.filter(([name]) => changed.some(isBelow(name))).flatMap(([, tests]) => tests);
  // Files beside tests that are not imported are read or started by them.
  const isImported = (file) => [...imports.values()].some((imported) => imported.has(file));
  const data = changed.filter((file) => /^tests\/[^/]+\//.test(file) && !isImported(file));
  return [
    ...built.map((name) => `tests/${name}${name.endsWith('/') ? '' : '.test.ts'}`),
    ...data.map((file) => file.replace(/^(tests\/[^/]+\/).*/, '$1')),
  ];
}

/**
 * The test files that a change of these files reaches, from the project's folder.
 * @param {readonly string[]} changed
 */
export function testsReached(changed, root = paths.root, imports = importsOfTests(root)) {
  const concernsAll = changed.some((file) => everywhere.test(file));
  const readers = readersOf(changed, imports);
  return [...imports].flatMap(([test, imported]) =>
    (concernsAll && !isLong(test)) ||
    readers.some((name) => isBelow(name)(test)) ||
    changed.some((one) => imported.has(one))
      ? test
      : [],
  );
}

/**
 * The notebooks that a change of these files affects: their own files, files of their folder that they name, and the
 * figures that they import.
 * @param {readonly string[]} changed from the project's folder
 */
export function notebooksReached(changed, root = paths.root, notebooks = allNotebooks) {
  const lessons = changed.flatMap((file) => /^src\/(lab\/lessons\/[^/]+)\//.exec(file)?.[1] ?? []);
  return notebooks.filter((name) => {
    const file = `notebooks/${name}`;
    if (changed.some((one) => one.startsWith(file.replace(/ipynb$/, '')))) return true;
    const isBeside = (one) => path.posix.dirname(one) === path.posix.dirname(file) && !one.endsWith('.ipynb');
    const beside = changed.filter(isBeside);
    const named = [
      ...beside.map((one) => path.posix.basename(one).replace(/^(.*)\.recorded\.json$/, '\\"$1\\"')),
      ...lessons.map((lesson) => `gradlab/${lesson}\\"`),
    ];
    if (named.length === 0) return false;
    const text = fs.readFileSync(path.join(root, file), 'utf8');
    return named.some((one) => text.includes(one));
  });
}

/** The notebooks to execute with our kernel: at home those that a change affects. */
export const notebooksDue = (env = process.env, changes = changesIn()) =>
  isAtHome(env) ? notebooksReached(changes?.files ?? []) : allNotebooks;
