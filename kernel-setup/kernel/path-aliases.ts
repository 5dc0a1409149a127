// Path aliases of a folder's tsconfig.json.
import fs from 'node:fs';
import path from 'node:path';

interface Alias {
  fits(id: string): boolean;
  /** The path of an aliased specifier, relative to the folder. */
  leadsTo(id: string): string;
  /** Whether a specifier has this alias's prefix. */
  isLike(id: string): boolean;
}

/** The nearest tsconfig.json at or above a folder, as a relative path, and its aliases. */
export function aliasesOf(folder: string): { file: string | undefined; paths: Alias[] } {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, 'tsconfig.json');
    if (fs.existsSync(file)) return { file: path.relative(folder, file), paths: aliasesIn(file, folder) };
    if (path.dirname(at) === at) return { file: undefined, paths: [] };
  }
}

function aliasesIn(file: string, folder: string): Alias[] {
  const { paths = {}, baseUrl = '.' } = optionsIn(file);
  const base = path.resolve(path.dirname(file), baseUrl);
  return Object.entries(paths).flatMap(([pattern, [target]]) => {
    const [before, after] = pattern.split('*');
    if (typeof target !== 'string' || before === '') return [];
    return [
      {
        fits: (id) => (after === undefined ? id === before : id.startsWith(before) && id.endsWith(after)),
        leadsTo(id) {
          const rest = after === undefined ? '' : id.slice(before.length, id.length - after.length);
          const found = path.relative(folder, path.resolve(base, target.replace('*', rest))).replaceAll(path.sep, '/');
          return found.startsWith('.') ? found : `./${found}`;
        },
        isLike: (id) => id.split('/')[0] === before.split('/')[0],
      },
    ];
  });
}

function optionsIn(file: string): { paths?: Record<string, string[]>; baseUrl?: string } {
  try {
    // Comments and trailing commas are allowed there. Relevant strings contain neither.
    const json = fs
      .readFileSync(file, 'utf8')
      .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, text?: string) => text ?? '')
      .replace(/,(\s*[}\]])/g, '$1');
    return (JSON.parse(json) as { compilerOptions?: object }).compilerOptions ?? {};
  } catch {
    return {};
  }
}
