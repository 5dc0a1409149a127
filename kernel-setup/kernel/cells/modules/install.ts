// `Jupyter.install`: installs npm packages into the notebook's folder and shows npm's progress.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isPackageName } from '../../missing-module';
import { versionIn } from './loaded-versions';

/** A package name with or without a version. npm's other arguments (folders, addresses, options) are rejected. */
function nameIn(wanted: string): string {
  const [, name, version] = /^(@?[^@]+)(?:@([^\s]+))?$/.exec(wanted) ?? [];
  if (name === undefined || !isPackageName(name) || version?.startsWith('-'))
    throw new TypeError(
      `Jupyter.install takes names of packages, such as "zod" or "zod@3", not ${JSON.stringify(wanted)}`,
    );
  return name;
}

export async function install(...wanted: string[]): Promise<void> {
  if (wanted.length === 0) throw new TypeError('Jupyter.install takes names of packages, such as "zod" or "zod@3"');
  const names = wanted.map(nameIn);
  const folder = process.cwd();
  const versions = () => names.map((name) => versionIn(path.join(folder, 'node_modules', name)));
  const before = versions();
  const loaded = names.filter((name) => isLoaded(path.join(folder, 'node_modules', name)));
  process.stdout.write(`Installing ${wanted.join(', ')} into node_modules\n`);
  await runNpm(folder, ['install', '--prefix', folder, '--no-audit', '--no-fund', '--', ...wanted]);
  const after = versions();
  for (const [i, name] of names.entries()) {
    if (!fs.existsSync(path.join(folder, 'node_modules', name)))
      throw new Error(`npm has ended well, but ${name} is not in node_modules`);
    const isOld = loaded.includes(name) && before[i] !== after[i];
    const remark = isOld ? `; ${before[i]} is loaded: restart the kernel to use the new one` : '';
    process.stdout.write(`${name} ${after[i] ?? ''} is installed${remark}\n`);
  }
}

const isLoaded = (folder: string): boolean =>
  Object.keys(require.cache).some((file) => file.startsWith(folder + path.sep));

/** The npm that started Jupyter, else the one of this Node, else the one on PATH. */
function npm(): [program: string, ...args: string[]] {
  const bin = path.dirname(fs.realpathSync(process.execPath));
  const beside = ['lib/node_modules', '../lib/node_modules', 'node_modules'];
  const scripts = [process.env.npm_execpath, ...beside.map((place) => path.join(bin, place, 'npm/bin/npm-cli.js'))];
  const script = scripts.find((file) => file && path.basename(file) === 'npm-cli.js' && fs.existsSync(file));
  if (script !== undefined) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function runNpm(folder: string, args: string[]): Promise<void> {
  const [program, ...first] = npm();
  // Node options of this process are not meant for npm.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      cwd: folder,
      env: { ...env, npm_config_update_notifier: 'false', npm_config_global: 'false' },
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: program === 'npm.cmd',
    });
    child.on('error', ({ message }) => reject(new Error(`npm does not start: ${message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm could not install ${args.at(-1)}: see above what it says`)),
    );
  });
}
