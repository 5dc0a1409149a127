// Makes JavaScript and declarations of the sources, without a look at types. Bundles the library: to find, read and compile
// hundreds of small files takes longer than to run what is in them.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleDeclarations } from './bundle-declarations.mjs';
import { filesBelow } from './files.mjs';

/** The folders of the library that are loaded only when one of their names is asked for; each needs only those before it. */
export const loadedOnFirstUse = [
  'custom-ops',
  'inspection',
  'transforms',
  'nn',
  'func',
  'optim',
  'data',
  'io',
  'trees',
  'training',
  'tuner',
];
const ofLaboratory = ['numeric', 'datasets', 'classic', 'signal-propagation', 'races', 'notebook'].map(
  (part) => `lab/${part}`,
);
const onFirstUse = [...loadedOnFirstUse, ...ofLaboratory];

/** What programs of the package run; bin/ has them. */
const programs = ['tuner/runners/program.ts'];

/** By which names the package is imported, each with the file of src/ that it stands for. */
export function doorsOf(paths) {
  const folder = path.join(paths.sources, 'lab', 'lessons');
  const lessons = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  const doors = [
    ['gradlab', 'index.ts'],
    ['gradlab/lab', 'lab/index.ts'],
    ...lessons.map((lesson) => [`gradlab/lab/lessons/${lesson}`, `lab/lessons/${lesson}/index.ts`]),
  ];
  return Object.fromEntries(doors.filter(([, file]) => fs.existsSync(path.join(paths.sources, ...file.split('/')))));
}

/** Names within functions are shortened, a twelfth of the package; classes print theirs, and stacks are read. */
export const keepNames = { function: true, class: true };

/**
 * Writes the library into the folder `to`: its declarations, and as JavaScript a file for each door, with all names;
 * core.js and lab/core.js, what the library and the laboratory load at once; platform.js, the one file that knows of Node; and a
 * file for each part that is loaded on first use.
 */
export async function bundleLibrary(paths, to) {
  const inSources = (name) => path.join(paths.sources, ...name.split('/'));
  const index = inSources('index.ts');
  const lab = inSources('lab/index.ts');
  const parts = onFirstUse
    .map((part) => [part, inSources(`${part}/index.ts`)])
    .filter(([, file]) => fs.existsSync(file));
  // Beside its declarations, or TypeScript would read the types of "./nn" off nn.js.
  const outputOf = (file) => path.relative(paths.sources, file).replaceAll(path.sep, '/').replace(/\.ts$/, '');
  const doors = Object.values(doorsOf(paths)).map(inSources);
  const entries = Object.fromEntries(
    [...doors, ...parts.map(([, file]) => file), ...programs.map(inSources).filter((file) => fs.existsSync(file))].map(
      (file) => [outputOf(file), file],
    ),
  );
  const apart = path.join(to, '.declarations');
  await writeDeclarations(paths, doors, apart);
  const { rolldown } = await fromRolldown(paths, 'index.mjs');
  const { dts } = await fromPackage(paths, 'rolldown-plugin-dts', 'index.mjs');
  await bundleDeclarations({ rolldown, dts }, { doors: Object.values(doorsOf(paths)), parts: onFirstUse }, apart, to);
  fs.rmSync(apart, { recursive: true, force: true });
  /** Of the two doors with parts that load on first use, the names that load one, each with the expression that does. */
  const late = new Map([index, lab].map((door) => [outputOf(door), new Map()]));
  /** The files that index.ts needs at once, and those that lab/index.ts does. */
  const core = new Set();
  const labCore = new Set();
  const plugin = {
    name: 'on-first-use',
    transform(code, id) {
      const taken = late.get(outputOf(path.resolve(id)));
      if (taken === undefined) return undefined;
      const folder = path.dirname(id);
      const inFolder = parts
        .filter(([, file]) => file.startsWith(folder))
        .map(([, file]) => [path.basename(path.dirname(file)), `${path.basename(path.dirname(file))}/index`]);
      return { code: withoutParts(code, this.parse(code, { lang: 'ts' }), inFolder, taken), map: null };
    },
    buildEnd() {
      // Its index names the lists of all folders; those of one that loads on first use are its own.
      const ofFolder = loadedOnFirstUse.map((folder) => inSources(`option-names/${folder}.ts`));
      const add = (id, to) => {
        if (core.has(id) || to.has(id) || ofFolder.includes(path.resolve(id))) return;
        to.add(id);
        for (const needed of this.getModuleInfo(id)?.importedIds ?? []) add(needed, to);
      };
      for (const [door, to] of [
        [index, core],
        [lab, labCore],
      ])
        add([...this.getModuleIds()].find((id) => path.resolve(id) === door) ?? door, to);
    },
  };
  const output = {
    dir: to,
    esModule: true,
    comments: false,
    // Lines stay, for stacks.
    minify: { compress: false, mangle: { keepNames }, codegen: false },
    chunkFileNames: ({ name }) => (['core', 'platform', 'lab/core'].includes(name) ? '[name].js' : 'shared/[name].js'),
    sourcemap: true,
    sourcemapExcludeSources: true, // they stand beside dist/
    // First, so that it can have the others compiled faster.
    intro: ({ name }) => (name === 'index' ? "require('./platform.js');" : ''),
    outro: ({ name }) => (late.has(name) ? getters(late.get(name)) : ''),
    codeSplitting: {
      groups: [
        { name: 'platform', test: /[\\/]src[\\/]platform\.ts$/, priority: 3 },
        { name: 'core', test: (id) => core.has(id) && path.resolve(id) !== index, priority: 2 },
        // A group takes along what its modules need, unless one of a higher priority has it: nothing of the library is the laboratory's.
        ...loadedOnFirstUse.map((part) => ({
          name: part,
          test: (id) =>
            id.startsWith(inSources(part) + path.sep) || path.resolve(id) === inSources(`option-names/${part}.ts`),
          priority: 1,
        })),
        { name: 'lab/core', test: (id) => labCore.has(id) && isOfLab(paths, id) && path.resolve(id) !== lab },
      ],
    },
  };
  await bundleSources(paths, entries, output, [plugin, shortGetters, inAscii]);
  await bundleForPages(paths, path.join(to, 'browser'), core);
}

const isOfLab = (paths, id) => id.startsWith(path.join(paths.sources, 'lab') + path.sep);

/**
 * Writes the declarations of sources, and of all that they need: the others are of no use to anybody. Each follows from its
 * file alone, for whose exports tsconfig.json asks all types (`isolatedDeclarations`).
 */
async function writeDeclarations(paths, entries, to) {
  const { isolatedDeclarationSync } = await fromRolldown(paths, 'experimental-index.mjs');
  const problems = [];
  const seen = new Set();
  const write = (source) => {
    if (source === undefined || seen.has(source)) return;
    seen.add(source);
    const text = fs.readFileSync(source, 'utf8');
    const { code, errors } = isolatedDeclarationSync(source, text, { stripInternal: true });
    for (const { message, labels } of errors) {
      const before = text.slice(0, labels[0]?.start ?? 0).split('\n');
      problems.push(told(paths, source, before.length, before.at(-1).length + 1, message));
    }
    const file = path.join(to, path.relative(paths.sources, source).replace(/\.ts$/, '.d.ts'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, code);
    for (const [, id] of code.matchAll(/(?:from |import\(|import )['"](\.[^'"]*)['"]/g)) {
      const stem = path.resolve(path.dirname(source), id);
      write([`${stem}.ts`, path.join(stem, 'index.ts')].find((name) => fs.existsSync(name)));
    }
  };
  entries.forEach(write);
  if (problems.length > 0) throw new SourceError(problems);
}

/** Writes the kernel into the folder `to`, a file for each source: some are programs, others are loaded on first use. */
export async function bundleKernel(paths, to) {
  const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts');
  const sources = filesBelow(paths.kernelSources).filter(isSource);
  const output = {
    dir: to,
    esModule: true,
    preserveModules: true,
    preserveModulesRoot: paths.kernelSources,
    sourcemap: true, // of what it is made, packing reads there
    sourcemapExcludeSources: true,
  };
  const requiredLater = {
    name: 'required-later',
    resolveId: (id, _, { kind }) => (kind === 'require-call' ? { id, external: true } : undefined),
  };
  await bundleSources(paths, sources, output, [requiredLater], path.join(paths.kernelSources, 'tsconfig.json'));
}

/**
 * Writes the library as modules for browsers: a file for each door, core.mjs and a file for each part, so that a bundler can
 * leave out the parts whose names nobody asks for.
 */
async function bundleForPages(paths, dir, core) {
  const doors = Object.values(doorsOf(paths));
  const index = path.join(paths.sources, 'index.ts');
  // A group takes what its modules need along, unless one of a higher priority has it.
  const names = [...loadedOnFirstUse, 'lab/plot', ...ofLaboratory];
  const parts = names.map((name, i) => ({
    name,
    test: (id) => id.startsWith(path.join(paths.sources, ...name.split('/')) + path.sep),
    priority: names.length - i,
  }));
  const output = {
    dir,
    format: 'es',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
    minify: { compress: { keepNames }, mangle: { keepNames }, codegen: true },
    codeSplitting: {
      groups: [
        { name: 'core', test: (id) => core.has(id) && path.resolve(id) !== index, priority: names.length + 1 },
        ...parts,
      ],
    },
  };
  const entries = Object.fromEntries(
    doors.map((file) => [file.replace(/(\/index)?\.ts$/, ''), path.join(paths.sources, ...file.split('/'))]),
  );
  await bundleSources(paths, entries, output, [inPages(paths)]);
}

/** Puts what pages have into the place of what Node has. */
export function inPages(paths) {
  const platform = path.join(paths.sources, 'platform.browser.ts');
  return { name: 'in-pages', resolveId: (id) => (/[\\/]platform$/.test(id) ? platform : undefined) };
}

const fromPackage = (paths, name, file) => import(pathToFileURL(path.join(paths.nodeModules, name, 'dist', file)).href);
const fromRolldown = (paths, file) => fromPackage(paths, 'rolldown', file);

/** Bundles sources, into CommonJS files unless `output` says otherwise, one for each of `entries` and others for what several of them need. */
export async function bundleSources(paths, entries, output, plugins = [], tsconfig = paths.tsconfig) {
  const { rolldown } = await fromRolldown(paths, 'index.mjs');
  const bundle = await rolldown({
    input: entries,
    platform: 'node',
    tsconfig,
    external: /^[^./\\]/,
    // A script has no address of its own.
    transform: { define: output.format === 'iife' ? { 'import.meta.url': 'location.href' } : {} },
    plugins: [seenAsModules, ...plugins],
  });
  try {
    await bundle.write({ format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name].js', ...output });
  } finally {
    await bundle.close();
  }
}

/**
 * Without an export, rolldown takes a file for CommonJS, and wraps it and all that it needs into functions. And what
 * package.json says of side effects is said of the built files. (Packages stay what they are.)
 */
export const seenAsModules = {
  name: 'seen-as-modules',
  transform: (code, id) =>
    id.includes('node_modules') ? undefined : { code: `${code}\nexport {};\n`, map: null, moduleSideEffects: true },
};

/**
 * A file that only others of the package load gives its names by a short function: rolldown writes a getter of six lines for each of
 * hundreds. (A door keeps them: in these Node finds its names for `import`.)
 */
const shortGetters = {
  name: 'short-getters',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk' || file.isEntry) continue;
      const names = [];
      const rest = file.code.replace(
        /^Object\.defineProperty\(exports, "([\w$]+)", \{\n\tenumerable: true,\n\tget: function\(\) \{\n\t\treturn ([\w$.]+);\n\t\}\n\}\);\n/gm,
        (_, name, value) => {
          names.push(`${name}: () => ${value}`);
          return '';
        },
      );
      if (names.length === 0) continue;
      file.code = `${rest.trimEnd()}\nfor (const [name, get] of Object.entries({ ${names.join(', ')} }))\n\tObject.defineProperty(exports, name, { enumerable: true, get });\n`;
    }
  },
};

/** V8 reads a text of single bytes faster. Other characters stand in strings, templates and regular expressions only. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk')
        file.code = file.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/** The text of a door without what it exports from `parts` (names and built files); into `taken`, what that was: names with expressions. */
function withoutParts(code, program, parts, taken) {
  let kept = code;
  for (const { type, start, end, source, exportKind, exported, specifiers = [] } of program.body) {
    const [part, file] = parts.find(([name]) => source?.value === `./${name}`) ?? [];
    if (part === undefined || exportKind === 'type') continue;
    if (type === 'ExportAllDeclaration' && !exported)
      throw new Error(`Name what is exported from ${source.value}, so that it can load on first use`);
    const load = `require(${JSON.stringify(`./${file}.js`)})`;
    if (exported) taken.set(exported.name, load);
    else
      for (const { local, exported: name, exportKind: kind } of specifiers)
        if (kind !== 'type') taken.set(name.name, `${load}.${local.name}`);
    kept = kept.slice(0, start) + kept.slice(start, end).replace(/[^\n]/g, ' ') + kept.slice(end);
  }
  return kept;
}

/** Exports that load what they name. Node finds the names of a CommonJS file, for `import`, in getters of this form. */
function getters(late) {
  const loaders = [...late].map(([name, expression]) => `\tget ${name}() { return ${expression}; },\n`);
  const exported = [...late].map(
    ([name]) =>
      `Object.defineProperty(exports, '${name}', { enumerable: true, get: function () { return late.${name}; } });\n`,
  );
  return `const late = {\n${loaders.join('')}};\n${exported.join('')}`;
}

/** What is wrong in sources, a line for each. */
class SourceError extends Error {
  constructor(problems) {
    super(problems.join('\n'));
  }
}

const told = (paths, file, line, column, message) => {
  const name = path.relative(paths.root, file).replaceAll(path.sep, '/');
  return `${name}:${line}:${column}: error: ${message.split('\n')[0]}`;
};

/** What is wrong in sources, if that is why they could not be bundled. */
export function sourceErrorOf(paths, error) {
  if (!Array.isArray(error.errors)) return error instanceof SourceError ? error : undefined;
  const problems = error.errors.map(({ id, loc, message }) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: rolldown colours what it says
    const plain = message.replace(/\x1b\[[\d;]*m/g, '').replace(/^\[\w+\] /, '');
    return loc === undefined ? plain : told(paths, loc.file ?? id, loc.line, loc.column + 1, plain);
  });
  return new SourceError(problems);
}
