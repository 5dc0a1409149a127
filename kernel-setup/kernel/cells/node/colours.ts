// Front ends render ANSI colours. Cells' own output and results stay plain. Packages and child processes that colour their
// output for terminals do so here too, unless the cell reads that output.
import * as childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import type { Callback } from '../parent/parent';

const key = 'FORCE_COLOR';
/** Differs from values that users set, so that it can be recognised. */
const value = 'true';
const pair = `${key}=${value}`;

/** The environment of a child without our variable. */
export const withoutColours = (pairs: readonly string[]): string[] => pairs.filter((one) => one !== pair);

/** Whether a child's output goes to the front end. */
const isShown = (stdio: unknown): boolean =>
  Array.isArray(stdio) ? isShown(stdio[1]) : stdio === 'inherit' || stdio === 1;

interface Options {
  stdio?: unknown;
  env?: NodeJS.ProcessEnv;
}

export function showColours(): void {
  const { env } = process;
  if (env[key] === undefined && env.NO_COLOR === undefined) env[key] = value;
  // Otherwise Node's own console would use colours too.
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
