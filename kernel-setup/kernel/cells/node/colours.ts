// Front ends show colours in what is printed. What a cell prints itself stays plain, as do its results; packages and child
// processes that colour what they print for a terminal shall do so, but not in what a cell reads.
import * as childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { Callback } from '../parent/parent';

const key = 'FORCE_COLOR';
/** Unlike what a person would set, so that it can be told from that. */
const value = 'true';
const pair = `${key}=${value}`;

/** The environment of a child, as pairs. */
export const withoutColours = (pairs: readonly string[]): string[] => pairs.filter((one) => one !== pair);

/** Whether what a child prints is for the front end. */
const isShown = (stdio: unknown): boolean =>
  Array.isArray(stdio) ? isShown(stdio[1]) : stdio === 'inherit' || stdio === 1;

interface Options {
  stdio?: unknown;
  env?: NodeJS.ProcessEnv;
}

export function showColours(): void {
  const { env } = process;
  if (env[key] === undefined && env.NO_COLOR === undefined) env[key] = value;
  // Node's own console would follow.
  const mode = Object.getOwnPropertySymbols(console).find(({ description }) => description === 'kColorMode');
  if (mode !== undefined) Object.assign(console, { [mode]: false });
  const owner = childProcess as unknown as { default: Record<string, Callback> };
  for (const name of ['execSync', 'execFileSync', 'spawnSync']) {
    const real = owner.default[name];
    owner.default[name] = function (...args: unknown[]) {
      const last = args.at(-1);
      const given = typeof last === 'object' && last !== null && !Array.isArray(last) ? (args.pop() as Options) : {};
      const { [key]: colours, ...plain } = given.env ?? env;
      const strip = colours === value && !isShown(given.stdio);
      return Reflect.apply(real, this, [...args, strip ? { ...given, env: plain } : given]);
    };
  }
  syncBuiltinESMExports();
}
