import fs from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';

/** What plays the part of Python's packages here. */
const inGradlab = /^@?(torch|pytorch|tensorflow|tensorflowjs|jax|numpy|keras|sklearn|matplotlib)\b/;

/** What to do about a module that is not there. @param folder where it is imported */
export function adviceOnMissing(id: string, folder: string): string {
  if (/^(\.{1,2}(\/|$)|\/)/.test(id)) return `There is no ${path.resolve(folder, id)}, with any ending.`;
  if (/^https?:/.test(id))
    return 'Modules are not loaded from the web: `npm install` the package, and import it by its name.';
  const [, registry, rest] = /^(npm|jsr|bun|deno|node):(.*)$/.exec(id) ?? [];
  if (registry === 'node') return `Node ${process.versions.node} has no such module.`;
  const name = packageIn(registry === undefined ? id : rest);
  if (inGradlab.test(name))
    return 'Tensors and networks are in `gradlab`: `import { tensor, nn } from "gradlab"`; figures in `gradlab/lab`.';
  if (builtinModules.includes(id.toLowerCase())) return `Did you mean \`node:${id.toLowerCase()}\`?`;
  if (isInstalled(name, folder)) return `\`${name}\` is installed, but has no such module for Node.`;
  const byName = registry === undefined ? '' : `, and import it as \`${name}\``;
  return `\`${name}\` is not installed: run \`npm install ${name}\` in a terminal, in the folder of the notebook${byName}. Then run the cell again.`;
}

/** The package that a module belongs to: `lodash/fp` to `lodash`, `@a/b/c` to `@a/b`; without a version. */
const packageIn = (id: string): string => /^(@[^/]+\/)?[^/@]+/.exec(id)?.[0] ?? id;

function isInstalled(name: string, folder: string): boolean {
  if (fs.existsSync(path.join(folder, 'node_modules', name))) return true;
  const above = path.dirname(folder);
  return above !== folder && isInstalled(name, above);
}
