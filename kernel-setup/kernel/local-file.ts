/** The files that an import path may resolve to, by TypeScript's rules: `./a` and `./a.js` may be `a.ts`. */
export function candidates(stem: string): string[] {
  const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '/index.ts', '/index.tsx', '/index.js'];
  const written = [stem.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'), stem.replace(/\.js$/, '.tsx')];
  return [...endings.map((ending) => stem + ending), ...written];
}

/** Whether a file is TypeScript. */
export const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);
