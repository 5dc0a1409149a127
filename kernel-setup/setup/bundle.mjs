// Compiles the sources to JavaScript and declarations without type checking. The library is bundled: reading hundreds of
// small files takes longer than running them.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleDeclarations } from './bundle-declarations.mjs';
import { filesBelow } from './files.mjs';
import { guards } from './generate/guard.mjs';

/** Folders of the library that are loaded when one of their names is first used. Each depends only on earlier ones. */
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

/** Programs that the package runs, besides those in bin/. */
const programs = ['tuner/runners/program.ts'];

/** Entry points of the package, with their files in src/. */
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

/**
 * Local names are mangled, which saves a twelfth of the package. Class and function names are kept for printing and
 * stacks.
 */
export const keepNames = { function: true, class: true };

/**
 * Writes the library into the folder `to`: its declarations; a file for each entry point; core.js and lab/core.js, which
 * library and laboratory load at once; node.js, the only file that depends on Node; and a file for each part that is
 * loaded on first use.
 */
export async function bundleLibrary(paths, to) {
  const inSources = (name) => path.join(paths.sources, ...name.split('/'));
  const index = inSources('index.ts');
  const lab = inSources('lab/index.ts');
  const parts = onFirstUse
    .map((part) => [part, inSources(`${part}/index.ts`)])
    .filter(([, file]) => fs.existsSync(file));
  // Beside its declarations; otherwise TypeScript would take the types of "./nn" from nn.js.
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
  /** For the two entry points with lazy parts, the names that load a part, with their expressions. */
  const late = new Map([index, lab].map((door) => [outputOf(door), new Map()]));
  /** Files that index.ts, and lab/index.ts, need at once. */
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
      // Its index contains the lists of all folders; a lazy folder loads its own.
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
    // Line breaks are kept, for stack traces.
    minify: { compress: false, mangle: { keepNames }, codegen: false },
    chunkFileNames: ({ name }) => (['core', 'node', 'lab/core'].includes(name) ? '[name].js' : 'shared/[name].js'),
    sourcemap: true,
    sourcemapExcludeSources: true, // the sources are beside dist/
    // First, because it sets up the code cache for the others.
    intro: ({ name }) => (name === 'index' ? "require('./node.js');" : ''),
    outro: ({ name }) => (late.has(name) ? getters(late.get(name)) : ''),
    codeSplitting: {
      groups: [
        { name: 'node', test: /[\\/]src[\\/]platform[\\/]/, priority: 3 },
        { name: 'core', test: (id) => core.has(id) && path.resolve(id) !== index, priority: 2 },
        // A group includes its dependencies, unless a group of higher priority has them. So library code never ends up in the
        // laboratory.
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
  await bundleSources(paths, entries, output, [plugin, shortGetters, inAscii, withoutIndentation]);
  await bundleForPages(paths, path.join(to, 'browser'), core);
}

const isOfLab = (paths, id) => id.startsWith(path.join(paths.sources, 'lab') + path.sep);

/**
 * Writes the declarations of the entry points and their dependencies only. Each follows from its file alone, because
 * tsconfig.json sets `isolatedDeclarations`.
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
      problems.push(told(paths, source, before.length, (before.at(-1)?.length ?? 0) + 1, message));
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

/** Writes the kernel into the folder `to`, one file per source: some are programs, others are loaded on first use. */
export async function bundleKernel(paths, to) {
  const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts');
  const sources = filesBelow(paths.kernelSources).filter(isSource);
  const output = {
    dir: to,
    esModule: true,
    preserveModules: true,
    preserveModulesRoot: paths.kernelSources,
    sourcemap: true, // packaging reads the list of sources from it
    sourcemapExcludeSources: true,
  };
  const requiredLater = {
    name: 'required-later',
    resolveId: (id, _, { kind }) => (kind === 'require-call' ? { id, external: true } : undefined),
  };
  await bundleSources(paths, sources, output, [requiredLater], path.join(paths.kernelSources, 'tsconfig.json'));
}

/**
 * Writes the library as ES modules for browsers: a file for each entry point, core.mjs, and a file for each part, so that
 * bundlers can drop unused parts.
 */
async function bundleForPages(paths, dir, core) {
  const doors = Object.values(doorsOf(paths));
  const index = path.join(paths.sources, 'index.ts');
  // A group includes its dependencies, unless a group of higher priority has them.
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

/** Replaces Node's modules by those for pages. */
export function inPages(paths) {
  const platform = path.join(paths.sources, 'platform', 'browser.ts');
  return { name: 'in-pages', resolveId: (id) => (/[\\/]platform$/.test(id) ? platform : undefined) };
}

const fromPackage = (paths, name, file) => import(pathToFileURL(path.join(paths.nodeModules, name, 'dist', file)).href);
const fromRolldown = (paths, file) => fromPackage(paths, 'rolldown', file);

/** Bundles sources, by default into CommonJS: one file per entry, and shared chunks. */
export async function bundleSources(paths, entries, output, plugins = [], tsconfig = paths.tsconfig, define = {}) {
  const { rolldown } = await fromRolldown(paths, 'index.mjs');
  const bundle = await rolldown({
    input: entries,
    cwd: paths.root,
    platform: 'node',
    tsconfig,
    external: /^[^./\\]/,
    checks: { bundlerTimings: false }, // they would worry a user who builds a site
    // A classic script has no `import.meta.url`.
    transform: { define: { ...(output.format === 'iife' && { 'import.meta.url': 'location.href' }), ...define } },
    plugins: [seenAsModules, guards(paths), ...plugins],
  });
  try {
    await bundle.write({ format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name].js', ...output });
  } finally {
    await bundle.close();
  }
}

/**
 * rolldown treats a file without exports as CommonJS, and wraps it and its dependencies into functions. And `sideEffects`
 * in package.json applies to built files. (Packages are unchanged.)
 */
export const seenAsModules = {
  name: 'seen-as-modules',
  transform: (code, id) =>
    id.includes('node_modules') ? undefined : { code: `${code}\nexport {};\n`, map: null, moduleSideEffects: true },
};

/**
 * Shortens the exports of internal files: rolldown writes a six-line getter for each of hundreds of names. (Entry points
 * keep them, because Node finds the names for `import` in getters.)
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

/** V8 reads Latin-1 text faster. Other characters occur only in strings, templates and regular expressions. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk')
        file.code = file.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

const vlqDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The first column that a line of a source map names, and the characters that encode it. */
function firstColumn(line) {
  let [value, length] = [0, 0];
  for (let digit = 32; digit >= 32; length++) {
    digit = vlqDigits.indexOf(line[length]);
    value |= (digit & 31) << (5 * length);
  }
  return { column: value >> 1, length };
}

function encodedColumn(column) {
  let text = '';
  let rest = column << 1;
  for (; rest > 31; rest >>= 5) text += vlqDigits[(rest & 31) | 32];
  return text + vlqDigits[rest];
}

/** Removes the indentation, a twentieth of the text. Templates keep theirs: sources are indented by spaces. */
const withoutIndentation = {
  name: 'without-indentation',
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      if (file.type !== 'chunk') continue;
      const tabs = file.code.split('\n').map((line) => line.match(/^\t*/)[0].length);
      file.code = file.code.replace(/^\t+/gm, '');
      const asset = files[`${file.fileName}.map`];
      if (asset === undefined) continue;
      const map = JSON.parse(String(asset.source));
      // Further columns of a line are relative to the first one.
      const mappings = map.mappings.split(';').map((line, i) => {
        if (line === '') return line;
        const { column, length } = firstColumn(line);
        return encodedColumn(Math.max(column - tabs[i], 0)) + line.slice(length);
      });
      asset.source = JSON.stringify({ ...map, mappings: mappings.join(';') });
    }
  },
};

/**
 * The text of an entry point without its exports from `parts` (names and built files); adds those to `taken`: names
 * with expressions.
 */
function withoutParts(code, program, parts, taken) {
  let kept = code;
  for (const { type, start, end, source, exportKind, exported, specifiers = [] } of program.body) {
    const [part, file] = parts.find(([name]) => source?.value === `./${name}`) ?? [];
    if (part === undefined || exportKind === 'type') continue;
    if (type === 'ExportAllDeclaration' && !exported)
      throw new Error(`List the exports of ${source.value}, so that it can load on first use`);
    const load = `require(${JSON.stringify(`./${file}.js`)})`;
    if (exported) taken.set(exported.name, load);
    else
      for (const { local, exported: name, exportKind: kind } of specifiers)
        if (kind !== 'type') taken.set(name.name, `${load}.${local.name}`);
    kept = kept.slice(0, start) + kept.slice(start, end).replace(/[^\n]/g, ' ') + kept.slice(end);
  }
  return kept;
}

/** Getters that load a part. Node recognises the names of a CommonJS file, for `import`, in this form. */
function getters(late) {
  const loaders = [...late].map(([name, expression]) => `\tget ${name}() { return ${expression}; },\n`);
  const exported = [...late].map(
    ([name]) =>
      `Object.defineProperty(exports, '${name}', { enumerable: true, get: function () { return late.${name}; } });\n`,
  );
  return `const late = {\n${loaders.join('')}};\n${exported.join('')}`;
}

/** Errors in sources, one per line. */
class SourceError extends Error {
  constructor(problems) {
    super(problems.join('\n'));
  }
}

const told = (paths, file, line, column, message) => {
  const name = path.relative(paths.root, file).replaceAll(path.sep, '/');
  return `${name}:${line}:${column}: error: ${message.split('\n')[0]}`;
};

/** The source errors, if bundling failed because of them. */
export function sourceErrorOf(paths, error) {
  if (!Array.isArray(error.errors)) return error instanceof SourceError ? error : undefined;
  const problems = error.errors.map(({ id, loc, message }) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: rolldown colours what it says
    const plain = message.replace(/\x1b\[[\d;]*m/g, '').replace(/^\[\w+\] /, '');
    return loc === undefined ? plain : told(paths, loc.file ?? id, loc.line, loc.column + 1, plain);
  });
  return new SourceError(problems);
}
