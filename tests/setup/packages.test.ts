import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explain, makeContext, npmPackages, paths as realPaths, SetUpError } from '../../kernel-setup/setup/index.mjs';
import { projectPaths } from '../../kernel-setup/setup/paths.mjs';
import { isAlive } from '../support/processes';
import { scratchFolder } from '../support/project-copy';

// Real npm on a project whose only package is a folder in it, so no network is needed.
let root: string;
let context: ReturnType<typeof makeContext>;

const write = (file: string, value: unknown) => {
  const target = path.join(root, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, typeof value === 'string' ? value : JSON.stringify(value));
};
const manifest = (tool: string) => ({ name: 'small', version: '1.0.0', devDependencies: { tool } });
const lockFile = (packages: object) => ({ name: 'small', version: '1.0.0', lockfileVersion: 3, packages });
const useFolder = () => {
  write('package.json', manifest('file:tool'));
  write(
    'package-lock.json',
    lockFile({
      '': manifest('file:tool'),
      'node_modules/tool': { resolved: 'tool', link: true, dev: true },
      tool: { version: '2.0.0', dev: true },
    }),
  );
};

beforeEach(() => {
  root = scratchFolder();
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_cache: path.join(root, '.npm'),
  };
  context = makeContext({ paths: projectPaths(root), env, log: () => {} });
  write('tool/package.json', { name: 'tool', version: '2.0.0' });
  useFolder();
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const onPosix = test.skipIf(process.platform === 'win32'); // processes are listed by ps

/** The error of a failed installation. */
async function failure(): Promise<SetUpError> {
  const result = await npmPackages.run(context).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(result).toBeInstanceOf(SetUpError);
  return result as SetUpError;
}

test('installs once, with development packages, whatever NODE_ENV and npm settings are', async () => {
  expect(npmPackages.whyNeeded(context)).toBe('node_modules is not there');
  await npmPackages.run(context);
  expect(fs.existsSync(path.join(root, 'node_modules', 'tool', 'package.json'))).toBe(true);
  expect(npmPackages.whyNeeded(context)).toBeUndefined();
});

onPosix('npm and what it runs end with a set-up that is killed', async () => {
  // The script of an installation, which npm starts through a shell.
  write('wait.cjs', "require('node:fs').writeFileSync('pid', String(process.pid)); for (;;);");
  write('package.json', { ...manifest('file:tool'), scripts: { postinstall: 'node wait.cjs' } });
  const modules = path.join(realPaths.root, 'kernel-setup', 'setup');
  const script = `import { makeContext, npmPackages } from ${JSON.stringify(pathToFileURL(path.join(modules, 'index.mjs')).href)};
    import { projectPaths } from ${JSON.stringify(pathToFileURL(path.join(modules, 'paths.mjs')).href)};
    await npmPackages.run(makeContext({ paths: projectPaths(${JSON.stringify(root)}) }));`;
  const setUp = spawn(process.execPath, ['--input-type=module', '-e', script], { env: context.env, stdio: 'ignore' });
  const pidFile = path.join(root, 'pid');
  await expect.poll(() => fs.existsSync(pidFile) && fs.readFileSync(pidFile, 'utf8')).toMatch(/\d/);
  const parentOf = (pid: number) =>
    Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }));
  const family = [Number(fs.readFileSync(pidFile, 'utf8'))];
  while (family.at(-1) !== setUp.pid) family.push(parentOf(family.at(-1)!));
  expect(family.length).toBeGreaterThanOrEqual(3); // the script, npm and the set-up
  setUp.kill('SIGKILL');
  await expect.poll(() => family.filter(isAlive)).toEqual([]);
});

describe('detects', () => {
  beforeEach(() => npmPackages.run(context));

  test('a changed lock file', () => {
    const other = { version: '3.0.0', integrity: 'sha512-x' };
    write('package-lock.json', lockFile({ '': manifest('file:tool'), 'node_modules/other': other }));
    expect(npmPackages.whyNeeded(context)).toBe('other changed');
  });

  test('a changed package.json', () => {
    write('package.json', { ...manifest('file:tool'), dependencies: { left: '1.0.0' } });
    expect(npmPackages.whyNeeded(context)).toBe('package.json changed');
  });

  test('a deleted package', () => {
    fs.rmSync(path.join(root, 'node_modules', 'tool'));
    expect(npmPackages.whyNeeded(context)).toBe('node_modules/tool is missing');
  });

  test('an installation that did not finish', () => {
    fs.rmSync(path.join(root, 'node_modules', '.package-lock.json'));
    expect(npmPackages.whyNeeded(context)).toBe('the last installation did not finish');
    write('node_modules/.package-lock.json', '{ "packages": {');
    expect(npmPackages.whyNeeded(context)).toBe('the last installation did not finish');
  });

  test('packages that npm installed on another kind of machine', () => {
    const hidden = JSON.parse(fs.readFileSync(path.join(root, 'node_modules', '.package-lock.json'), 'utf8'));
    const withNative = (os: string[], cpu: string[]) => {
      const native = { version: '1.0.0', optional: true, os, cpu };
      write('node_modules/.package-lock.json', {
        ...hidden,
        packages: { ...hidden.packages, 'node_modules/native': native },
      });
      return npmPackages.whyNeeded(context);
    };
    const another = 'node_modules is for another kind of machine';
    expect(withNative([process.platform], [process.arch])).toBeUndefined();
    expect(withNative(['!aix'], [process.arch, 'mips'])).toBeUndefined();
    expect(withNative(['aix'], [process.arch])).toBe(another);
    expect(withNative([process.platform], ['mips'])).toBe(another);
    expect(withNative([`!${process.platform}`], [process.arch])).toBe(another);
  });

  test('a changed optional package, but not one that this machine does not need', () => {
    const native = { version: '1.0.0', optional: true, os: [process.platform] };
    write('package-lock.json', lockFile({ '': manifest('file:tool'), 'node_modules/native': native }));
    expect(npmPackages.whyNeeded(context)).toBeUndefined();
    write('node_modules/.package-lock.json', { packages: { 'node_modules/native': { ...native, version: '0.9.0' } } });
    expect(npmPackages.whyNeeded(context)).toBe('native changed');
  });
});

describe('explains', () => {
  test('an unreachable registry, and a rerun continues', async () => {
    context.env = { ...context.env, npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' };
    const integrity = `sha512-${'A'.repeat(86)}==`;
    write('package.json', manifest('1.0.0'));
    write(
      'package-lock.json',
      lockFile({ '': manifest('1.0.0'), 'node_modules/tool': { version: '1.0.0', integrity, dev: true } }),
    );
    const error = await failure();
    expect(error.message).toBe('npm could not install the packages');
    expect(error.details).toMatch(/ECONNREFUSED/);
    expect(error.remedy).toMatch(/check the network.*then run the command again/);
    expect(explain(error)).toMatch(
      /ECONNREFUSED[\s\S]*\n✗ npm could not install the packages\n {2}Try: check the network/,
    );
    expect(npmPackages.whyNeeded(context)).toBeDefined();

    useFolder();
    await npmPackages.run(context);
    expect(npmPackages.whyNeeded(context)).toBeUndefined();
  });

  test('a lock file that does not match package.json', async () => {
    write('package.json', { ...manifest('file:tool'), dependencies: { other: 'file:other' } });
    write('other/package.json', { name: 'other', version: '1.0.0' });
    expect((await failure()).remedy).toMatch(/`npm install`, which brings package-lock\.json in step/);
  });

  test('a missing npm', async () => {
    context.env = { PATH: root };
    const error = await failure();
    expect(error.message).toBe('npm was not found');
    expect(error.remedy).toMatch(/nodejs\.org/);
  });

  test.each([
    ['EACCES', /make the folder named above writable/],
    ['EROFS', /make the folder named above writable/],
    ['ENOSPC', /free some disk space/],
  ])('a failing disk (%s), without a stack', (code, remedy) => {
    const error = Object.assign(new Error(`${code}: refused, mkdir '/project/.gradlab'`), { code });
    const [what, toTry, ...more] = explain(error).split('\n');
    expect(what).toBe(`✗ ${error.message}`);
    expect(toTry).toMatch(remedy);
    expect(more).toEqual([]);
  });

  test('a bug, with its stack', () => {
    expect(explain(new TypeError('no'))).toMatch(/^Unexpected error, please report it:\nTypeError: no\n +at /);
  });

  test('a package.json that cannot be read', () => {
    write('package.json', '{ "name": <<<<<<< HEAD');
    expect(npmPackages.whyNeeded(context)).toBe('package.json or package-lock.json cannot be read');
  });
});

describe("this project's lock file", () => {
  const lock = JSON.parse(fs.readFileSync(path.join(realPaths.root, 'package-lock.json'), 'utf8'));

  test('records no registry addresses', () => {
    const resolved = Object.values(lock.packages as Record<string, { resolved?: string }>).map(
      (entry) => entry.resolved,
    );
    expect(resolved.filter((address) => address?.includes(':'))).toEqual([]);
  });

  test('has an entry for every optional package that a package names, on every platform', () => {
    const missing = Object.values(lock.packages as Record<string, { optionalDependencies?: object }>)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !Object.keys(lock.packages).some((place) => place.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });

  test('keeps the link by which cells find gradlab', () => {
    expect(lock.packages['node_modules/gradlab']).toMatchObject({ link: true });
    expect(fs.realpathSync(path.join(realPaths.nodeModules, 'gradlab'))).toBe(fs.realpathSync(realPaths.root));
  });

  test('pins exact versions in package.json, except for what the library shares with its users', () => {
    const { dependencies, devDependencies } = JSON.parse(
      fs.readFileSync(path.join(realPaths.root, 'package.json'), 'utf8'),
    );
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\^\d+\.\d+\.\d+$/);
    for (const version of Object.values(devDependencies)) {
      expect(version).toMatch(/^(\d+\.\d+\.\d+|file:\.|npm:\w+@\d+\.\d+\.\d+)$/);
    }
  });

  test('matches the installed packages', () => {
    expect(
      execFileSync(process.execPath, ['-p', 'require("gradlab/package.json").name'], {
        cwd: realPaths.root,
        encoding: 'utf8',
      }),
    ).toBe('gradlab\n');
    expect(npmPackages.whyNeeded(makeContext())).toBeUndefined();
  });
});
