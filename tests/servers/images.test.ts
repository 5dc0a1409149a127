// Dockerfile, binder/ and .devcontainer/: each step runs in a clean clone by a user other than root, without an engine.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import { build, copyFiles, filesOfClone, giveAway, readDockerfile, somebody, variables } from '../support/dockerfile';
import { freePort } from '../support/lab.mjs';
import { describeServer, environment } from '../support/servers';

const minutes = (count: number) => count * 60_000;
const read = (name: string) => fs.readFileSync(path.join(paths.root, name), 'utf8');

await describeServer(
  'images',
  () => environment('hub'),
  ({ prefix }) => {
    let root: string;
    let image: ReturnType<typeof build>;
    const project = () => path.join(root, 'home', 'node', 'gradlab');
    const as = (home: string, more: NodeJS.ProcessEnv = {}) => ({
      ...somebody,
      cwd: project(),
      env: { ...variables(path.join(root, home)), ...more },
      encoding: 'utf8' as const,
    });

    beforeAll(() => {
      root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-image-')));
      fs.chmodSync(root, 0o755);
      image = build(readDockerfile(read('Dockerfile')), root, console.log);
    }, minutes(8));
    afterAll(() => fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

    it('the image contains no root-owned or unneeded files', () => {
      const { stdout } = spawnSync('find', [project(), '-uid', '0'], { encoding: 'utf8' });
      expect(somebody.uid === undefined ? '' : stdout).toBe('');
      for (const name of ['.git', 'tests', 'bench', 'Dockerfile'])
        expect(fs.existsSync(path.join(project(), name))).toBe(false);
      expect(image.user).toBe('node');
    });

    it(
      'its command starts a server with a token; the health check fails before and passes after',
      async () => {
        const port = await freePort();
        const here = (word: string) => word.replaceAll('8888', String(port));
        const check = () => {
          const [program, ...args] = image.healthCheck.map(here);
          return spawnSync(program!, args, { ...somebody, cwd: image.cwd, env: image.env }).status;
        };
        expect(check()).toBe(1);
        const [program, ...args] = image.command.map(here);
        const env = { ...image.env, JUPYTER_TOKEN: 'of-this-test' };
        const server = spawn(program!, args, { ...somebody, cwd: image.cwd, env, stdio: 'ignore' });
        const ended = new Promise((resolve) => server.once('exit', resolve));
        try {
          await expect.poll(check, { timeout: minutes(2), interval: 1000 }).toBe(0);
          const specs = (token: string) => fetch(`http://127.0.0.1:${port}/api/kernelspecs?token=${token}`);
          expect((await specs('another')).status).toBe(403);
          expect(await (await specs('of-this-test')).json()).toMatchObject({ default: 'gradlab' });
        } finally {
          server.kill('SIGTERM'); // as `docker stop` does
          expect(await ended).toBe(143);
        }
      },
      minutes(4),
    );

    it(
      'the container of VS Code: its command installs a kernel for every Jupyter of the user',
      () => {
        const { postCreateCommand } = JSON.parse(read('.devcontainer/devcontainer.json'));
        fs.mkdirSync(path.join(root, 'vscode'));
        giveAway(path.join(root, 'vscode'));
        const done = spawnSync('/bin/sh', ['-c', postCreateCommand], as('vscode'));
        expect(done.status, done.stdout + done.stderr).toBe(0);
        const spec = path.join(root, 'vscode', '.local', 'share', 'jupyter', 'kernels', 'gradlab', 'kernel.json');
        expect(JSON.parse(fs.readFileSync(spec, 'utf8')).argv).toContain(
          path.join(project(), 'kernel-setup', 'launch-kernel.mjs'),
        );
      },
      minutes(4),
    );

    it(
      'repo2docker: its post-build step installs the kernel in its environment, where it runs a cell',
      () => {
        copyFiles(
          filesOfClone().filter((name) => name.startsWith('binder/')),
          project(),
        );
        const home = path.join(root, 'jovyan');
        const conda = path.join(home, 'conda');
        fs.mkdirSync(home);
        giveAway(project());
        giveAway(home);
        // Instead of the environment that environment.yml describes: one with the same packages.
        const python = path.join(prefix, 'bin', 'python');
        const places = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
          encoding: 'utf8',
        });
        const made = spawnSync('python3', ['-m', 'venv', '--without-pip', conda], as('jovyan'));
        expect(made.status, made.stderr).toBe(0);
        const own = fs.readdirSync(path.join(conda, 'lib'))[0]!;
        const packages = path.join(conda, 'lib', own, 'site-packages');
        fs.cpSync(places.stdout.trim(), packages, { recursive: true });
        const done = spawnSync(
          path.join(project(), 'binder', 'postBuild'),
          [],
          as('jovyan', { NB_PYTHON_PREFIX: conda }),
        );
        expect(done.status, done.stdout + done.stderr).toBe(0);
        const cell = `
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="gradlab")
client.execute_interactive("import { tensor } from 'gradlab';\\ntensor([1, 2]).sum().item()", timeout=120,
    output_hook=lambda m: print(m["content"].get("data", {}).get("text/plain", "")))
client.stop_channels()
manager.shutdown_kernel(now=True)
`;
        const ran = spawnSync(path.join(conda, 'bin', 'python'), ['-c', cell], as('jovyan'));
        expect(ran.stdout.trim(), ran.stderr).toBe('3');
      },
      minutes(4),
    );
  },
);
