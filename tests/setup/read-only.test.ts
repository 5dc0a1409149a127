// A read-only installation: works for all who can read it while nothing is stale, and names what is stale.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { notWritable } from '../../kernel-setup/setup/errors.mjs';
import { copyProject, type ProjectCopy, scratchFolder } from '../support/project-copy';

/** Root may write anywhere, so it must drop that right (util-linux has `setpriv`). */
const asRoot = process.getuid?.() === 0;
const withoutRights = asRoot ? ['setpriv', '--bounding-set=-dac_override', '--inh-caps=-dac_override'] : [];
const canTry = process.platform !== 'win32' && (!asRoot || spawnSync('setpriv', ['--version']).status === 0);
if (!canTry) console.warn('Skipped: an installation in which one cannot write; it needs chmod, and for root setpriv');
let project: ProjectCopy;
let home: string;

beforeAll(async () => {
  project = copyProject();
  home = scratchFolder();
  await project.setUp();
  fs.mkdirSync(project.paths.locks, { recursive: true });
  close();
});

afterAll(() => {
  open();
  project.remove();
  fs.rmSync(home, { recursive: true, force: true });
});

const close = () => execFileSync('chmod', ['-R', 'a-w', project.root]);
const open = () => execFileSync('chmod', ['-R', 'u+w', project.root]);

/** Runs Node as a user who cannot write to the project. */
function runNode(
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ status: number | null; said: string }> {
  const [program, ...rest] = [...withoutRights, process.execPath, ...args];
  const child = spawn(program!, rest, { cwd: project.root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  return once(child, 'close').then(([status]) => ({ status, said }));
}

/** Runs a script of scripts/. */
function runHere(script: string, args: string[] = [], env = {}): ReturnType<typeof runNode> {
  const { CI, XDG_STATE_HOME, ...rest } = project.context.env;
  return runNode([`scripts/${script}.mjs`, ...args], { ...rest, HOME: home, ...env });
}

/** Everything in the project, with times and sizes, except the caches of Python programs. */
function tree(): string[] {
  return fs
    .readdirSync(project.root, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { mtimeMs, size } = fs.lstatSync(path.join(project.root, name));
      return `${name} ${mtimeMs} ${size}`;
    })
    .sort();
}

describe.skipIf(!canTry)('an installation without write access', () => {
  test('its user cannot write to it', async () => {
    const file = path.join(project.root, 'written');
    const script = `require('fs').writeFileSync(${JSON.stringify(file)}, '')`;
    expect((await runNode(['-e', script])).said).toMatch(/EACCES/);
  });

  test('set-up, JupyterLab, kernel, figures and sliders work without a network, and change nothing', async () => {
    const asked: string[] = [];
    const trap = createServer(({ url }, response) => {
      asked.push(url!);
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const names = ['npm_config_registry', 'PIP_INDEX_URL', 'http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
    const offline = Object.fromEntries(names.map((name) => [name, address]));
    const before = tree();
    try {
      expect(await runHere('setup', [], offline)).toEqual({
        status: 0,
        said: '✓ npm packages\n✓ Kernel\n✓ Library\n✓ Page\n',
      });
      const lab = await runHere('start', ['--version'], offline);
      expect(lab).toMatchObject({ status: 0, said: expect.stringMatching(/^4\.6\.\d+$/m) });
      // Installing into the user's own Jupyter is allowed.
      const installed = await runHere('setup', ['--install', '--user'], offline);
      expect(installed.said).toContain(path.join(home, '.local', 'share', 'jupyter', 'kernels', 'gradlab'));

      const { status, said } = await runHere('doctor', [], offline);
      expect(said).toMatch(/✓ Folders: yours are in .*\/\.local\/state\/gradlab\/.*; the project's cannot be written/);
      expect(said).toMatch(/✓ One cell[\s\S]*✓ One figure[\s\S]*✓ One slider/);
      expect(said).toMatch(/✓ Other Jupyters: gradlab .* in .*\.local\/share\/jupyter: runs/);
      expect(status, said).toBe(0);
      expect((await runHere('setup', ['--uninstall', '--user'], offline)).said).toMatch(/✓ taken away/);
    } finally {
      trap.close();
    }
    expect(asked).toEqual([]);
    expect(tree()).toEqual(before);
    expect(fs.readdirSync(path.join(home, '.local', 'state', 'gradlab'))).toHaveLength(1);
  });

  test('refuses a target without write access before changing anything', async () => {
    const { status, said } = await runHere('setup', ['--install', '--prefix', project.root]);
    expect(said).toMatch(/✗ .* is not writable, so nothing was changed in .*\n {2}Try: run the command as the owner/);
    expect(status).toBe(1);
  });

  test('names what is stale', async () => {
    const file = path.join(project.root, 'src/index.ts');
    const source = fs.readFileSync(file, 'utf8');
    const { remedy } = notWritable(project.paths, []);
    open();
    fs.writeFileSync(file, `${source}// edited\n`);
    close();
    try {
      const refusal = `    Library: src/ changed\n✗ ${project.root} is not up to date, and you cannot write there\n  Try: ${remedy}\n`;
      expect(await runHere('setup')).toEqual({ status: 1, said: `✓ npm packages\n✓ Kernel\n✓ Page\n${refusal}` });
      expect(await runHere('start', ['--version'])).toEqual({
        status: 1,
        said: expect.stringMatching(/Library: src\/ changed\n✗ .* is not up to date/),
      });
      const { status, said } = await runHere('doctor');
      expect(status).toBe(1);
      expect(said).toMatch(
        /✗ Library: .* is not up to date, and you cannot write there\n.*The library is not up to date: src\/ changed/,
      );
      expect(said).not.toMatch(/\.mjs:\d/);
    } finally {
      open();
      fs.writeFileSync(file, source);
      close();
    }
  });
});
