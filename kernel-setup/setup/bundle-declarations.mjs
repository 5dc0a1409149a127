// Bundles the library's declarations into few files. The compiler checks every file for each cell; hundreds of files took a
// quarter of its time.
import path from 'node:path';

/**
 * Bundles the declarations in the folder `from` into the folder `to`.
 * @param packages `rolldown`, and `dts` of rolldown-plugin-dts, as installed in the project
 * @param modules `doors`: source files by entry point (`lab/index.ts`); `parts`: folders that get a file each
 */
export async function bundleDeclarations({ rolldown, dts }, { doors, parts: folders }, from, to) {
  const fileOf = (source) => path.join(from, ...source.replace(/\.ts$/, '.d.ts').split('/'));
  const bundle = await rolldown({
    input: Object.fromEntries(doors.map((source) => [source.replace(/\.ts$/, ''), fileOf(source)])),
    external: /^[^./\\]/,
    // Interfaces that add methods to Tensor are not imported by name; as side effects they are kept.
    plugins: [dts({ dtsInput: true, tsconfig: false, sourcemap: false, sideEffects: true }), asOneModule],
    logLevel: 'silent', // the bundler warns of each of these; asOneModule merges them
  });
  const isDoor = (id) => doors.some((source) => path.resolve(id) === fileOf(source));
  // Two files that declare the same name need separate parts: the bundler would append a number, which TypeScript would show.
  const parts = [...folders, 'lab/plot', 'ops/linalg', 'generator', 'display', 'kernels'];
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
 * Corrects the bundler's output. Interfaces that add methods to Tensor lose their `declare module`, because Tensor is in
 * the same file. Modules such as `nn.functional` get their names and files. Imports lose their extensions.
 */
const asOneModule = {
  name: 'as-one-module',
  generateBundle(_, files) {
    const chunks = Object.values(files).filter(({ type }) => type === 'chunk');
    nameNamespaces(chunks);
    for (const chunk of chunks)
      for (const [fileName, source] of modulesApart(chunk)) this.emitFile({ type: 'asset', fileName, source });
    for (const chunk of chunks) {
      // Run-time helpers are not needed in declarations.
      if (chunk.name === 'rolldown-runtime') delete files[chunk.fileName];
      chunk.code = chunk.code
        .replace(/^\/\/(#(end)?region)?( .*\.d\.ts)?\n/gm, '') // comments with the parts' paths at build time
        .replace(/^declare module "\.[^"]*" \{\n([\s\S]*?)^\}/gm, '$1')
        .replace(/(from |import\()"(\.[^"]*?)(?:\.d)?\.[jt]s"/g, '$1"$2"');
    }
  },
};

/**
 * Moves modules that are exported as namespaces into separate files. The bundler turns them into namespaces, which
 * TypeScript cannot import from; it would repeat whole classes in emitted declarations.
 * @returns names and texts of the files
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

/**
 * Renames the namespace of a module in all files: `functional_d_exports` becomes `functional`, as in `export * as
 * functional`.
 */
function nameNamespaces(chunks) {
  const stem = (name) => name.replace(/(\.d)?\.[jt]s$/, '');
  const keyOf = (file, name) => `${stem(file)} ${name}`;
  const specifiers = (names) => names.split(', ').map((one) => one.split(' as '));
  const targetOf = ({ fileName }, from) => path.posix.join(path.posix.dirname(fileName), from);
  /** For each file, the keys of its namespaces by local name. */
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
