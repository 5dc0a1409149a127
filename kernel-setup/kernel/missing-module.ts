import fs from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { aliasesOf } from './path-aliases';
import { ShownPaths } from './shown-paths';

/** Python packages whose counterpart is gradlab. */
const inGradlab = /^@?(torch|pytorch|tensorflow|tensorflowjs|jax|numpy|keras|sklearn|matplotlib)\b/;

/** Advice on a missing module. @param folder where it is imported */
export function adviceOnMissing(id: string, folder: string): string {
  if (id.startsWith('file:')) return `There is no ${fromAbove(fileURLToPath(id))}, with any ending.`;
  if (/^(\.{1,2}(\/|$)|\/)/.test(id)) {
    const file = path.resolve(folder, id);
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
      return `There is no ${path.isAbsolute(id) ? id : fromAbove(file)}, with any ending.`;
    return `It is there, and no module: \`fs.readFileSync("${id}", "utf8")\` reads it, with \`import fs from "node:fs"\`.`;
  }
  if (/^https?:/.test(id))
    return 'Modules are not loaded from the web: `await Jupyter.install("…")` the package, and import it by its name.';
  const [, registry, rest] = /^(npm|jsr|bun|deno|node):(.*)$/.exec(id) ?? [];
  if (registry === 'node') return `Node ${process.versions.node} has no such module.`;
  // The npm package of that name is unrelated, or is the program itself.
  if (registry === 'bun' || registry === 'deno' || id === 'bun')
    return `\`${id}\` is ${registry === 'deno' ? 'Deno' : 'Bun'}’s own: cells run in Node, whose modules begin with \`node:\`.`;
  const name = packageIn(registry === undefined ? id : rest);
  if (registry !== undefined && isInstalled(name, folder)) return `It is installed: import it as \`${name}\`.`;
  if (registry === 'jsr')
    return `\`npx jsr add ${name}\`, in a terminal, brings it into the folder of the notebook: import it as \`${name}\`.`;
  if (inGradlab.test(name))
    return 'Tensors and networks are in `gradlab`: `import { tensor, nn } from "gradlab"`; figures in `gradlab/lab`.';
  if (builtinModules.includes(id.toLowerCase())) return `Did you mean \`node:${id.toLowerCase()}\`?`;
  if (isInstalled(name, folder)) return `\`${name}\` is installed, but has no such module for Node.`;
  const byName = registry === undefined ? '' : `, and import it as \`${name}\``;
  const install = `\`await Jupyter.install("${name}")\` brings it into the folder of the notebook${byName}`;
  if (registry !== undefined || isWanted(name, folder))
    return `\`${name}\` is not installed: ${install}. Then run the cell again.`;
  const { file, paths } = aliasesOf(folder);
  const found = paths.find((alias) => alias.fits(id));
  if (found !== undefined && file === 'tsconfig.json')
    return `\`${id}\` is "${found.leadsTo(id)}" by the paths of tsconfig.json: there is no such file.`;
  if (found !== undefined)
    return `\`${id}\` is a path of ${file}, which cells do not follow: import it from "${found.leadsTo(id)}".`;
  // Anybody could register such a name, and its code would run here.
  const noPath =
    file === undefined ? 'there is no tsconfig.json, which could have it as a path' : `${file} has no such path`;
  if (!isPackageName(name) || looksLikeAlias(name) || paths.some((alias) => alias.isLike(id)))
    return `\`${id}\` is not a package, and ${noPath}: import the file by its own, such as "./…".`;
  if (name.startsWith('@'))
    return `\`${name}\` is not installed, and ${noPath}. If the package of that name is meant: ${install}. Then run the cell again.`;
  return `\`${name}\` is not installed: ${install}. Then run the cell again.`;
}

/** A path that starts with the notebook folder's name, to show where the file was expected. */
function fromAbove(file: string): string {
  const folder = process.cwd();
  const shown = new ShownPaths(folder).in(file);
  const isInside = /^[^./…]/.test(shown) && folder !== os.homedir();
  return isInside ? path.join(path.basename(folder), shown) : shown;
}

/** Whether npm accepts the name; other prefixes before a slash are path aliases. */
export const isPackageName = (name: string): boolean => /^(@[a-z\d-][\w.~-]*\/)?[a-z\d][\w.~-]*$/.test(name);

/** Scopes that projects use as path aliases, and that anybody could register. */
const looksLikeAlias = (name: string): boolean =>
  /^@(app|apps|src|lib|libs|common|components?|config|core|data|features?|helpers?|hooks|models?|modules?|pages|root|server|services?|shared|store|test|tests|types|ui|util|utils|views)\//.test(
    name,
  );

/** Whether a package.json of the notebook's folder or above lists the package. */
function isWanted(name: string, folder: string): boolean {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, object>;
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
    if (kinds.some((kind) => Object.hasOwn(manifest[kind] ?? {}, name))) return true;
  } catch {
    // It does not exist or cannot be read.
  }
  const above = path.dirname(folder);
  return above !== folder && isWanted(name, above);
}

/** The package of a module, without a version: `lodash` of `lodash/fp`, `@a/b` of `@a/b/c`. */
const packageIn = (id: string): string => /^(@[^/]+\/)?[^/@]+/.exec(id)?.[0] ?? id;

function isInstalled(name: string, folder: string): boolean {
  if (fs.existsSync(path.join(folder, 'node_modules', name))) return true;
  const above = path.dirname(folder);
  return above !== folder && isInstalled(name, above);
}
