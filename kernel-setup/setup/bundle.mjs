// Makes JavaScript and declarations of the sources, without a look at types. Bundles the library: to find, read and compile
// hundreds of small files takes longer than to run what is in them.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
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
  await bundleDeclarations(paths, apart, to);
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

/**
 * Writes the declarations in the folder `from` into the folder `to`: a file for each door, and one for each part. For each cell
 * the compiler asks after every file of the program, so that hundreds of files cost a quarter of its time.
 */
async function bundleDeclarations(paths, from, to) {
  const { rolldown } = await fromRolldown(paths, 'index.mjs');
  const { dts } = await fromPackage(paths, 'rolldown-plugin-dts', 'index.mjs');
  const fileOf = (source) => path.join(from, ...source.replace(/\.ts$/, '.d.ts').split('/'));
  const doors = Object.values(doorsOf(paths));
  const bundle = await rolldown({
    input: Object.fromEntries(doors.map((source) => [source.replace(/\.ts$/, ''), fileOf(source)])),
    external: /^[^./\\]/,
    // Nothing names the interfaces that add methods to Tensor: they are `sideEffects`.
    plugins: [dts({ dtsInput: true, tsconfig: false, sourcemap: false, sideEffects: true }), asOneModule],
    logLevel: 'silent', // it warns of each of these: asOneModule is for them
  });
  const isDoor = (id) => doors.some((source) => path.resolve(id) === fileOf(source));
  // Parts that declare one name twice are apart, or TypeScript would show the second with a number behind it.
  const parts = [...onFirstUse, 'lab/plot', 'ops/linalg', 'generator', 'display', 'kernels'];
  const below = (folder) => (id) => path.resolve(id).startsWith(path.join(from, ...folder.split('/')) + path.sep);
  const methods = fileOf('ops/linalg/methods.ts'); // of Tensor
  const groups = parts.map((part, i) => ({
    name: part,
    test: (id) => below(part)(id) && path.resolve(id) !== methods,
    priority: parts.length - i + 2,
  }));
  const lessons = below('lab/lessons');
  const lab = below('lab');
  groups.push({ name: 'lab/core', test: (id) => lab(id) && !lessons(id) && !isDoor(id), priority: 1 });
  groups.push({ name: 'core', test: (id) => !lab(id) && !isDoor(id), priority: 1 });
  try {
    await bundle.write({
      dir: to,
      minifyInternalExports: false,
      entryFileNames: '[name].ts',
      chunkFileNames: 'declarations/[name].d.ts',
      codeSplitting: { groups, includeDependenciesRecursively: false },
    });
  } finally {
    await bundle.close();
  }
}

/**
 * What the bundler leaves of declarations: `declare module` around the interfaces that add methods to Tensor, which are in one file
 * with it now; names of its own for modules such as `nn.functional`, which TypeScript would show; and the endings of files.
 */
const asOneModule = {
  name: 'as-one-module',
  generateBundle(_, files) {
    const chunks = Object.values(files).filter(({ type }) => type === 'chunk');
    nameNamespaces(chunks);
    for (const chunk of chunks)
      for (const [fileName, source] of modulesApart(chunk)) this.emitFile({ type: 'asset', fileName, source });
    for (const chunk of chunks) {
      // What a bundle needs when it runs.
      if (chunk.name === 'rolldown-runtime') delete files[chunk.fileName];
      chunk.code = chunk.code
        .replace(/^declare module "\.[^"]*" \{\n([\s\S]*?)^\}/gm, '$1')
        .replace(/(from |import\()"(\.[^"]*?)(?:\.d)?\.[jt]s"/g, '$1"$2"');
    }
  },
};

/**
 * Gives a module that others export as a whole a file again. The bundler makes a namespace of it, whose members TypeScript cannot
 * name by an import: it would write out whole classes in the declarations of those who use them.
 * @returns the names and texts of the files
 */
function modulesApart(chunk) {
  const files = [];
  const exported = new Map();
  const exportLine = /^export \{ (.*) \};$/gm;
  for (const [, names] of chunk.code.matchAll(exportLine))
    for (const one of names.split(', ')) {
      const [local, name = local] = one.replace(/^type /, '').split(' as ');
      exported.set(local, name);
    }
  const added = [];
  const imports = [];
  const file = path.posix.basename(chunk.fileName).replace(/(\.d)?\.[jt]s$/, '');
  chunk.code = chunk.code.replace(
    /^declare namespace ([\w$]+) \{\n {2}export \{ (.*) \};\n\}\n?/gm,
    (_, own, names) => {
      const list = names.split(', ').map((one) => {
        const [local, name = local] = one.replace(/^type /, '').split(' as ');
        if (!exported.has(local)) {
          exported.set(local, local);
          added.push(local);
        }
        const from = exported.get(local);
        return from === name ? name : `${from} as ${name}`;
      });
      files.push([
        path.posix.join(path.posix.dirname(chunk.fileName), `${file}.${own}.d.ts`),
        `export { ${list.join(', ')} } from "./${file}";\n`,
      ]);
      imports.push(`import * as ${own} from "./${file}.${own}";\n`);
      return '';
    },
  );
  const more = added.length > 0 ? `export { ${added.join(', ')} };\n` : '';
  chunk.code = `${imports.join('')}${chunk.code}\n${more}`;
  return files;
}

const importLine = /^import \{ (.*?) \} from "(\..*?)";$/gm;
const namespaceName = /(?<![\w$.])([\w$]+_exports(?:\$\d+)?)(?: as ([\w$]+))?/g;

/** Gives a module that others export as a whole, as `export * as functional` does, that name in all files, in place of `functional_d_exports`. */
function nameNamespaces(chunks) {
  const stem = (name) => name.replace(/(\.d)?\.[jt]s$/, '');
  const keyOf = (file, name) => `${stem(file)} ${name}`;
  const specifiers = (names) => names.split(', ').map((one) => one.split(' as '));
  const targetOf = ({ fileName }, from) => path.posix.join(path.posix.dirname(fileName), from);
  /** For each file, what its namespaces are: keys, by their names there. */
  const locals = chunks.map((chunk) => {
    const own = [...chunk.code.matchAll(/^declare namespace ([\w$]+) \{/gm)].map(([, name]) => [
      name,
      chunk.fileName,
      name,
    ]);
    const imported = [...chunk.code.matchAll(importLine)].flatMap(([, names, from]) =>
      specifiers(names).map(([name, local = name]) => [local, targetOf(chunk, from), name]),
    );
    return new Map([...own, ...imported].map(([local, file, name]) => [local, keyOf(file, name)]));
  });
  const known = new Map();
  for (const [i, { code }] of chunks.entries())
    for (const [, local, name = '_exports'] of code.replace(importLine, '').matchAll(namespaceName))
      if (!name.includes('_exports')) known.set(locals[i].get(local), name);
  for (const [i, chunk] of chunks.entries()) {
    const lines = [];
    const rest = chunk.code.replace(importLine, (_, names, from) => {
      const renamed = specifiers(names).map(([name, local]) => {
        const other = known.get(keyOf(targetOf(chunk, from), name));
        return other ?? (local === undefined ? name : `${name} as ${local}`);
      });
      lines.push(`import { ${renamed.join(', ')} } from "${from}";`);
      return '';
    });
    const body = rest.replace(namespaceName, (whole, local, name) => {
      const other = known.get(locals[i].get(local));
      if (other === undefined) return whole;
      return name === undefined || name === other ? other : `${other} as ${name}`;
    });
    chunk.code = [...lines, body.trimStart()].join('\n');
  }
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
