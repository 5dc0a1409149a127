import fs from 'node:fs';
import path from 'node:path';
import { diskRemedy, SetUpError } from './errors.mjs';
import { readJson } from './files.mjs';
import { runNode } from './run.mjs';

/** Installs node_modules according to package-lock.json. npm records the installed packages in a hidden lock file. */
export const npmPackages = {
  title: 'npm packages',

  whyNeeded({ paths }) {
    const wanted = readJson(path.join(paths.root, 'package-lock.json'));
    const manifest = readJson(path.join(paths.root, 'package.json'));
    if (!wanted?.packages?.[''] || !manifest) return 'package.json or package-lock.json cannot be read';
    if (!fs.existsSync(paths.nodeModules)) return 'node_modules is not there';
    for (const kind of ['dependencies', 'devDependencies']) {
      if (!sameEntries(manifest[kind], wanted.packages[''][kind])) return 'package.json changed';
    }
    const installed = readJson(path.join(paths.nodeModules, '.package-lock.json'))?.packages;
    if (!installed) return 'the last installation did not finish';
    for (const [place, entry] of Object.entries(wanted.packages)) {
      const found = installed[place];
      // npm omits optional packages for other machines.
      if (place === '' || (entry.optional && !found)) continue;
      if (!found || found.version !== entry.version || found.integrity !== entry.integrity) {
        return `${place.replace(/^.*node_modules\//, '')} changed`;
      }
      if (!fs.existsSync(path.join(paths.root, place, 'package.json'))) return `${place} is missing`;
    }
    // The project may have been copied, or mounted into a container.
    if (!Object.values(installed).every(runsHere)) return 'node_modules is for another kind of machine';
    return undefined;
  },

  async run({ paths, env }) {
    const [command, ...args] = npmCommand(env);
    // NODE_ENV=production or the user's `omit` setting would omit the compiler and the kernel.
    const result = await runNode(command, [...args, 'ci', '--include=dev', '--include=optional', '--include=peer'], {
      cwd: paths.root,
      env: { ...impatient, ...env, npm_config_update_notifier: 'false', npm_config_global: 'false' },
      shell: command === 'npm.cmd',
    });
    if (!result.ok) throw npmError(result);
  },
};

/** With npm's default retry delays, users without a network would wait for a minute and a half. */
const impatient = { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '5000' };

/** The npm that runs `npm start`, else the one on PATH. */
function npmCommand(env) {
  const runner = env.npm_execpath;
  if (runner && path.basename(runner) === 'npm-cli.js' && fs.existsSync(runner)) return [process.execPath, runner];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function npmError({ code, output }) {
  if (code === null) {
    return new SetUpError('npm was not found', {
      remedy: 'install Node from https://nodejs.org, which brings npm, then run the command again',
      details: output,
    });
  }
  const remedy = /EUSAGE/.test(output)
    ? 'run `npm install`, which brings package-lock.json in step with package.json, then the command again'
    : (diskRemedy(output) ??
      'check the network (`npm ping`; behind a proxy: `npm config set proxy …`), then run the command again: what was downloaded is kept');
  return new SetUpError('npm could not install the packages', { remedy, details: output });
}

function sameEntries(a = {}, b = {}) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Whether a package supports this operating system and processor: lists of names, or of exclusions ("!win32"). */
function runsHere({ os, cpu }) {
  const fits = (allowed, actual) =>
    !allowed || (allowed.some((name) => name[0] === '!') ? !allowed.includes(`!${actual}`) : allowed.includes(actual));
  return fits(os, process.platform) && fits(cpu, process.arch);
}
