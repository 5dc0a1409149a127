import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeNotebook } from '../support/notebooks';
import { copyProject, type ProjectCopy } from '../support/project-copy';

// `npm start` as a user types it, in a copy of the project, with an empty home folder.
let project: ProjectCopy;
let home: string;
const started: Start[] = [];

beforeAll(async () => {
  project = copyProject();
  home = path.join(project.root, 'home');
  fs.mkdirSync(home);
  await project.setUp();
});

afterEach(async () => {
  for (const start of started.splice(0))
    if (start.child.exitCode === null && start.child.signalCode === null) await start.stop('SIGTERM');
});

afterAll(() => project.remove());

interface Start {
  child: ChildProcess;
  output: () => string;
  /** Sends a signal to npm alone, or to the whole process group as a terminal's Ctrl-C does; waits for the end. */
  stop(signal: NodeJS.Signals, whole?: 'group'): Promise<number | null>;
  ended: Promise<number | null>;
}

/** Starts a program in its own process group and collects its output. */
function start(command: string, args: string[]): Start {
  const { CI, ...env } = project.context.env;
  const child = spawn(command, args, {
    cwd: project.root,
    env: { ...env, HOME: home, npm_config_update_notifier: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  const gather = (chunk: string) => {
    text += chunk;
  };
  child.stdout?.setEncoding('utf8').on('data', gather);
  child.stderr?.setEncoding('utf8').on('data', gather);
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const result: Start = {
    child,
    output: () => text,
    ended,
    stop(signal, whole) {
      try {
        process.kill(whole ? -child.pid! : child.pid!, signal);
      } catch (error) {
        // It has ended in the meantime.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      return ended;
    },
  };
  started.push(result);
  return result;
}

interface Lab extends Start {
  port: number;
  get(url: string): Promise<unknown>;
  send(method: string, url: string, body: object): Promise<unknown>;
}

/** `npm start` with a port and a token, once it responds. */
async function startLab(...more: string[]): Promise<Lab> {
  const port = await freePort();
  const args = ['start', '--', '--no-browser', '--port', String(port), '--IdentityProvider.token=secret', ...more];
  const lab = start('npm', args);
  const request = async (method: string, url: string, body?: object) => {
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: { Authorization: 'token secret' },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status}\n${lab.output()}`);
    return response.status === 204 ? undefined : response.json();
  };
  const get = (url: string) => request('GET', url);
  await expect
    .poll(() => (lab.child.exitCode === null ? get('/api/status').catch(() => undefined) : lab.output()), {
      timeout: 240_000,
      interval: 100,
    })
    .toMatchObject({ kernels: 0 });
  return { ...lab, port, get, send: request };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The command lines of all running processes that name the copy's folder. */
function processes(): string[] {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
  return list.split('\n').filter((line) => line.includes(project.root));
}

/** The process of JupyterLab, and the one that started it. */
function server(): { pid: number; parent: number } {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const servers = list.filter((line) => line.includes(project.root) && / jupyterlab /.test(line));
  expect(servers).toHaveLength(1);
  const [pid, parent] = servers[0].trim().split(/\s+/).map(Number);
  return { pid, parent };
}

// The time depends on the load of the machine, so the timeout is that of a test.
const allGone = () => expect.poll(processes, { timeout: 240_000, interval: 200 }).toEqual([]);

/** Starts a kernel in the server and runs an endless loop in it. */
async function startBusyKernel(lab: Lab): Promise<void> {
  const note = { name: 'gradlab', path: 'topic/note.ipynb' };
  const { id } = (await lab.send('POST', '/api/kernels', note)) as { id: string };
  const connection = path.join(project.paths.jupyter, 'runtime', `kernel-${id}.json`);
  const busy = path.join(project.root, `busy-${id}`);
  const cell = `import * as fs from "node:fs"; fs.writeFileSync(${JSON.stringify(busy)}, ""); while (true) {}`;
  const script = `import sys
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.kernel_info(reply=True, timeout=120)
client.execute(sys.argv[2])
`;
  execFileSync(project.paths.venvPython, ['-c', script, connection, cell]);
  await expect.poll(() => fs.existsSync(busy)).toBe(true);
  expect(processes().filter((line) => line.includes('launch-kernel.mjs'))).toHaveLength(1);
}

describe('npm start', () => {
  test('serves copies of notebooks/ with both kernels and the renderer; SIGTERM ends it and a busy kernel', async () => {
    const original = path.join(project.paths.notebooks, 'topic', 'one.ipynb');
    fs.writeFileSync(original, JSON.stringify(makeNotebook(['1 + 1'])));
    const lab = await startLab();
    expect(lab.output()).toMatch(
      /✓ Python environment\n✓ npm packages\n✓ Kernel\n✓ Library\n✓ Page\n✓ Kernels.*\nYour notebooks are in my-notebooks\/.*\nStarting JupyterLab/,
    );
    expect(await lab.get('/api/kernelspecs')).toMatchObject({
      default: 'gradlab',
      kernelspecs: {
        gradlab: { spec: { display_name: 'TypeScript (gradlab)' } },
        tslab: { spec: { display_name: 'TypeScript (tslab 1.0.22)' } },
      },
    });
    expect(await lab.get('/api/contents')).toMatchObject({ content: [{ name: 'topic', type: 'directory' }] });
    const own = path.join(project.paths.ownNotebooks, 'topic', 'one.ipynb');
    const asCopied = { hasOriginal: true, isNewer: false };
    expect(await lab.get('/gradlab/afresh/topic/one.ipynb')).toEqual(asCopied);
    fs.writeFileSync(own, 'mine');
    expect(await lab.get('/gradlab/afresh/topic/one.ipynb')).toEqual(asCopied);
    fs.writeFileSync(original, JSON.stringify(makeNotebook(['1 + 2'])));
    expect(await lab.get('/gradlab/afresh/topic/one.ipynb')).toEqual({ hasOriginal: true, isNewer: true });
    await lab.send('POST', '/gradlab/afresh/topic/one.ipynb', {});
    expect(fs.readFileSync(own, 'utf8')).toBe(fs.readFileSync(original, 'utf8'));
    expect(await lab.get('/gradlab/afresh/topic/one.ipynb')).toEqual(asCopied);
    for (const none of ['topic/two.ipynb', 'topic', '..%2Fpackage.json', '..%2Fnotebooks%2Ftopic%2Fone.ipynb'])
      expect(await lab.get(`/gradlab/afresh/${none}`)).toEqual({ hasOriginal: false, isNewer: false });
    await expect(lab.send('POST', '/gradlab/afresh/topic/two.ipynb', {})).rejects.toThrow(': 404');
    expect(await lab.get('/gradlab/progress')).toEqual({ text: '' });
    await lab.send('PUT', '/gradlab/progress', { text: '{"é": 1}' });
    await expect(lab.send('PUT', '/gradlab/progress', { text: 1 })).rejects.toThrow(': 400');
    expect(await lab.get('/gradlab/progress')).toEqual({ text: '{"é": 1}' });
    expect(fs.readFileSync(path.join(project.paths.ownNotebooks, '.progress.json'), 'utf8')).toBe('{"é": 1}');
    const page = await fetch(`http://127.0.0.1:${lab.port}/lab?token=secret`).then((response) => response.text());
    expect(page).toContain('"name": "gradlab-plotly"');
    expect(page).toContain('static/remoteEntry.js');
    await startBusyKernel(lab);
    expect(await lab.stop('SIGTERM')).not.toBe(0);
    await allGone();
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s to the whole group, and another signal, end it and every kernel',
    async (signal) => {
      const lab = await startLab();
      await startBusyKernel(lab);
      await lab.send('POST', '/api/kernels', { name: 'tslab' }); // which would outlive a killed server
      await expect.poll(processes).toContainEqual(expect.stringContaining('tslab kernel'));
      process.kill(-lab.child.pid!, signal);
      await lab.stop('SIGHUP', 'group'); // as a terminal does whose first program has ended
      expect(lab.output()).not.toMatch(/Shut down this Jupyter server \(y/i);
      await allGone();
    },
  );

  test('killing the server ends a busy kernel', async () => {
    const lab = await startLab();
    await startBusyKernel(lab);
    process.kill(server().pid, 'SIGKILL');
    await lab.ended;
    await allGone();
  });

  test('killing npm start ends the server and a busy kernel', async () => {
    const lab = await startLab();
    await startBusyKernel(lab);
    process.kill(server().parent, 'SIGKILL');
    await lab.ended;
    await allGone();
  });

  test("keeps a user's settings, with the project's defaults below them", async () => {
    const plugin = '/lab/api/settings/@jupyterlab/apputils-extension:themes';
    const first = await startLab();
    await first.send('PUT', plugin, { raw: '{ "theme": "JupyterLab Dark" }' });
    await first.stop('SIGTERM');
    const second = await startLab();
    expect(await second.get(plugin)).toMatchObject({ settings: { theme: 'JupyterLab Dark' } });
    const notebook = (await second.get('/lab/api/settings/@jupyterlab/notebook-extension:tracker')) as {
      schema: { properties: { windowingMode: { default: string } } };
    };
    expect(notebook.schema.properties.windowingMode.default).toBe('defer');
  });

  test('writes nothing outside the project except caches', async () => {
    const lab = await startLab();
    await lab.stop('SIGTERM');
    expect(fs.readdirSync(home).filter((name) => name !== '.npm' && name !== '.cache')).toEqual([]);
    expect(fs.readdirSync(project.paths.jupyter).sort()).toEqual(
      ['config', 'data', 'ipython', 'runtime', 'settings', 'workspaces'].sort(),
    );
  });

  test("opens a user's folder of notebooks with all its files; rejects a missing one", async () => {
    const own = path.join(home, 'my course');
    fs.mkdirSync(own);
    for (const name of ['a.ipynb', 'a.exercises.js', 'a.predictions.json', 'claims.json', 'x.pyc'])
      fs.writeFileSync(path.join(own, name), name === 'a.ipynb' ? JSON.stringify(makeNotebook(['1 + 1'])) : '');
    const lab = await startLab('--notebook-dir=home/my course');
    const { content } = (await lab.get('/api/contents')) as { content: { name: string }[] };
    const expected = ['a.exercises.js', 'a.ipynb', 'a.predictions.json', 'claims.json'];
    expect(content.map(({ name }) => name).sort()).toEqual(expected);
    const first = await fetch(`http://127.0.0.1:${lab.port}/?token=secret`, { redirect: 'manual' });
    expect(first.headers.get('location')).toMatch(/^\/lab\?/);
    await lab.stop('SIGTERM');

    const none = start('npm', ['start', '--', '--notebook-dir', 'home/none']);
    expect(await none.ended).toBe(1);
    const missing = path.join(home, 'none');
    expect(none.output()).toContain(`✗ there is no folder ${missing}\n  Try: make it: mkdir -p home/none`);
  });

  test('uses another port if one is in use, or fails if it may not', async () => {
    const server = net.createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port));
    });
    try {
      const args = ['start', '--', '--no-browser', '--ServerApp.ip=127.0.0.1', '--port', String(port)];
      const next = start('npm', args);
      await expect.poll(next.output).toMatch(/is running at/);
      expect(next.output()).toMatch(new RegExp(`port ${port} is already in use, trying another port`, 'i'));
      expect(next.output()).not.toMatch(new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
      await next.stop('SIGTERM');

      const only = start('npm', [...args, '--ServerApp.port_retries=0']);
      expect(await only.ended).toBe(1);
      expect(only.output()).toMatch(new RegExp(`port ${port} is already in use`, 'i'));
      expect(only.output()).toMatch(/✗ JupyterLab ended with an error.*\n {2}Try: `npm start -- --port 9000`/);
    } finally {
      server.close();
    }
  });
});

test('SIGTERM during the set-up ends it, even if a shell between npm and it does not forward the signal', async () => {
  const lock = path.join(project.paths.locks, 'set-up');
  fs.writeFileSync(lock, `${process.pid}@${os.hostname()}/test`);
  try {
    const one = start('npm', ['start', '--', '--no-browser']);
    await expect.poll(one.output).toMatch(/waiting for another set-up/);
    await one.stop('SIGTERM'); // until no process has its output open
    expect(one.output()).not.toMatch(/Starting JupyterLab/);
  } finally {
    fs.rmSync(lock);
  }
});

test('--help prints before anything is set up', async () => {
  fs.rmSync(project.paths.dist, { recursive: true });
  const one = start(process.execPath, ['scripts/start.mjs', '--help']);
  expect(await one.ended).toBe(0);
  expect(one.output()).toMatch(/^npm start {2,}sets up everything.*\n.*--port 9000/);
  expect(fs.existsSync(project.paths.dist)).toBe(false);
});

test('two simultaneous starts do the work once', async () => {
  fs.rmSync(project.paths.dist, { recursive: true, force: true });
  fs.rmSync(project.paths.kernels, { recursive: true });
  const both = [1, 2].map(() => start(process.execPath, ['scripts/start.mjs', '--version']));
  for (const one of both) expect(await one.ended, one.output()).toBe(0);
  const outputs = both.map((one) => one.output());
  for (const output of outputs) expect(output).toMatch(/^4\.6\.\d+$/m);
  expect(outputs.filter((output) => output.includes('… Library: dist/ is not there'))).toHaveLength(1);
});

test('explains a library that does not compile, without a stack', async () => {
  const index = fs.readFileSync(path.join(project.paths.sources, 'index.ts'), 'utf8');
  project.write('src/index.ts', 'export const version = "1" +;\n');
  try {
    const one = start(process.execPath, ['scripts/start.mjs', '--version']);
    expect(await one.ended).toBe(1);
    expect(one.output()).toMatch(/src\/index\.ts:1:29: error: .*\n✗ The library does not compile\n {2}Try: /);
    expect(one.output()).not.toMatch(/\.mjs:\d/);
  } finally {
    project.write('src/index.ts', index);
  }
});
