// The programs of requirements.txt in a separate environment, on top of the project's .venv.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe } from 'vitest';
import { jupyterEnv, paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { withLock } from '../../kernel-setup/setup/lock.mjs';
import { run } from '../../kernel-setup/setup/run.mjs';

const windows = process.platform === 'win32';
const folder = path.join(paths.state, 'tools');
const bin = (name: string) => path.join(folder, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);
const requirements = path.join(import.meta.dirname, 'requirements.txt');

const environment = () => ({
  ...jupyterEnv({ paths, env: process.env }),
  PATH: [path.dirname(bin('python')), process.env.PATH].join(path.delimiter),
});

async function install(): Promise<void> {
  const stamp = path.join(folder, 'installed.txt');
  const wanted = fs.readFileSync(requirements, 'utf8') + fs.readFileSync(paths.venvStamp, 'utf8');
  await withLock(path.join(paths.locks, 'tools'), () => {
    if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
    fs.rmSync(folder, { recursive: true, force: true });
    const purelib = 'import sysconfig; print(sysconfig.get_path("purelib"))';
    const ask = (python: string) => execFileSync(python, ['-c', purelib], { encoding: 'utf8' }).trim();
    execFileSync(paths.venvPython, ['-m', 'venv', folder]);
    fs.writeFileSync(path.join(ask(bin('python')), 'project.pth'), `${ask(paths.venvPython)}\n`);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    execFileSync(bin('python'), pip, { env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });
    fs.writeFileSync(stamp, wanted);
  });
}

/** Copies what the project's Jupyter has besides packages: kernels, renderer, widgets, templates and settings. */
function takeOver(): void {
  const { data, config } = paths.jupyterPlace;
  for (const place of [...['kernels', 'labextensions', 'nbconvert'].map((name) => path.join(data, name)), config])
    fs.cpSync(place, path.join(folder, path.relative(paths.venv, place)), { recursive: true, dereference: true });
}

const asked = Boolean(process.env.CI || process.env.GRADLAB_ALL);
const reason = 'skipped: they are 60 MB to download; npm test -- --all runs them';

/** Tests with programs that are installed for them. */
export function describeTools(title: string, tests: () => void): void {
  if (!asked) console.warn(`Skipped: ${title}; ${reason}`);
  describe.runIf(asked)(asked ? title : `${title} (${reason})`, () => {
    beforeAll(async () => {
      await setUp({ log: () => {} });
      await install();
      takeOver();
    }, 600_000);
    tests();
  });
}

/** Runs a program of the environment in a folder, to its end. */
export const tool = (name: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = {}) =>
  run(bin(name), args, { cwd, env: { ...environment(), ...env } });

export { bin, environment };
