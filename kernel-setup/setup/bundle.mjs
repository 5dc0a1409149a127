// Bundles the library: to find, read and compile hundreds of small files takes longer than to run what is in them.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from './files.mjs';

/** What is loaded only when one of its names is asked for; each needs only those before it. */
const onFirstUse = ['numeric', 'checks', 'nn', 'optim', 'data', 'io', 'classic', 'plot', 'training', 'notebook'];

/** Names within functions are shortened, a twelfth of the package; classes print theirs, and stacks are read. */
export const keepNames = { function: true, class: true };

/**
 * Writes the library's JavaScript into the folder `to`, which has its declarations: index.js, with all names; core.js, what is
 * loaded at once; platform.js, the one file that knows of Node; and a file for each part that is loaded on first use.
 */
export async function bundleLibrary(paths, to) {
  const index = path.join(paths.sources, 'index.ts');
  const parts = onFirstUse.flatMap((part) => {
    const file = [`${part}.ts`, `${part}/index.ts`].find((name) => fs.existsSync(path.join(paths.sources, name)));
    return file === undefined ? [] : [[part, path.join(paths.sources, file)]];
  });
  // Beside its declarations, or TypeScript would read the types of "./nn" off nn.js.
  const outputOf = (file) => path.relative(paths.sources, file).replaceAll(path.sep, '/').replace(/\.ts$/, '');
  const entries = Object.fromEntries(parts.map(([, file]) => [outputOf(file), file]));
  /** The names that load a part, each with the expression that does. */
  const late = new Map();
  /** The files that index.ts needs at once. */
  const core = new Set();
  const plugin = {
    name: 'on-first-use',
    transform(code, id) {
      if (path.resolve(id) !== index) return undefined;
      const { kept, taken } = withoutParts(
        code,
        this.parse(code, { lang: 'ts' }),
        parts.map(([part, file]) => [part, outputOf(file)]),
      );
      for (const [name, expression] of taken) late.set(name, expression);
      return { code: kept, map: null };
    },
    buildEnd() {
      const add = (id) => {
        if (core.has(id)) return;
        core.add(id);
        for (const needed of this.getModuleInfo(id)?.importedIds ?? []) add(needed);
      };
      add([...this.getModuleIds()].find((id) => path.resolve(id) === index));
    },
  };
  const output = {
    dir: to,
    esModule: true,
    comments: false,
    // Lines stay, for stacks.
    minify: { compress: false, mangle: { keepNames }, codegen: false },
    chunkFileNames: ({ name }) => (['core', 'platform'].includes(name) ? '[name].js' : 'shared/[name].js'),
    sourcemap: true,
    sourcemapExcludeSources: true, // they stand beside dist/
    // First, so that it can have the others compiled faster.
    intro: ({ name }) => (name === 'index' ? "require('./platform.js');" : ''),
    outro: ({ name }) => (name === 'index' ? getters(late) : ''),
    codeSplitting: {
      groups: [
        { name: 'platform', test: /[\\/]src[\\/]platform\.ts$/, priority: 1 },
        { name: 'core', test: (id) => core.has(id) && path.resolve(id) !== index },
      ],
    },
  };
  await bundleSources(paths, { index, ...entries }, output, [plugin, inAscii]);
  await bundleForPages(paths, index, path.join(to, 'browser'), core);
  const seen = declarationsFrom(path.join(to, 'index.d.ts'));
  for (const file of filesBelow(to)) if (file.endsWith('.d.ts') && !seen.has(file)) fs.rmSync(file);
}

/** A file of declarations, and all that it needs: the others are of no use to anybody. */
function declarationsFrom(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, id] of fs.readFileSync(file, 'utf8').matchAll(/(?:from |import\(|import )['"](\.[^'"]*)['"]/g)) {
    const stem = path.resolve(path.dirname(file), id);
    declarationsFrom(fs.existsSync(`${stem}.d.ts`) ? `${stem}.d.ts` : path.join(stem, 'index.d.ts'), seen);
  }
  return seen;
}

/**
 * Writes the library as modules for browsers: index.mjs, core.mjs and a file for each part, so that a bundler can leave out
 * the parts whose names nobody asks for.
 */
async function bundleForPages(paths, index, dir, core) {
  // A group takes what its modules need along, unless one of a higher priority has it.
  const parts = onFirstUse.map((name, i) => ({
    name,
    test: (id) => id.startsWith(path.join(paths.sources, name) + path.sep),
    priority: onFirstUse.length - i,
  }));
  const output = {
    dir,
    format: 'es',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
    minify: { compress: { keepNames }, mangle: { keepNames }, codegen: true },
    codeSplitting: {
      groups: [
        { name: 'core', test: (id) => core.has(id) && path.resolve(id) !== index, priority: onFirstUse.length + 1 },
        ...parts,
      ],
    },
  };
  await bundleSources(paths, { index }, output, [inPages(paths)]);
}

/** Puts what pages have into the place of what Node has. */
export function inPages(paths) {
  const platform = path.join(paths.sources, 'platform.browser.ts');
  return { name: 'in-pages', resolveId: (id) => (/[\\/]platform$/.test(id) ? platform : undefined) };
}

/** Bundles sources, into CommonJS files unless `output` says otherwise, one for each of `entries` and others for what several of them need. */
export async function bundleSources(paths, entries, output, plugins = []) {
  const { rolldown } = await import(pathToFileURL(path.join(paths.nodeModules, 'rolldown', 'dist', 'index.mjs')).href);
  const bundle = await rolldown({
    input: entries,
    platform: 'node',
    tsconfig: paths.tsconfig,
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

/** V8 reads a text of single bytes faster. Other characters stand in strings, templates and regular expressions only. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk')
        file.code = file.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/** The text of index.ts without what it exports from `parts` (names and built files), and what that was: names with expressions. */
function withoutParts(code, program, parts) {
  let kept = code;
  const taken = [];
  for (const { type, start, end, source, exportKind, exported, specifiers = [] } of program.body) {
    const [part, file] = parts.find(([name]) => source?.value === `./${name}`) ?? [];
    if (part === undefined || exportKind === 'type') continue;
    if (type === 'ExportAllDeclaration' && !exported)
      throw new Error(`src/index.ts: name what is exported from ${source.value}, so that it can load on first use`);
    const load = `require(${JSON.stringify(`./${file}.js`)})`;
    if (exported) taken.push([exported.name, load]);
    else
      for (const { local, exported: name, exportKind: kind } of specifiers)
        if (kind !== 'type') taken.push([name.name, `${load}.${local.name}`]);
    kept = kept.slice(0, start) + kept.slice(start, end).replace(/[^\n]/g, ' ') + kept.slice(end);
  }
  return { kept, taken };
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
