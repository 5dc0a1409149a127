// Kernels behind a gateway, usually on another machine: a Jupyter server shows the notebook, the gateway has the
// kernelspec.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { jupyterEnv, paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { closeLab, copyNotebooks, makeScratch, startLab, startServer } from '../support/lab.mjs';
import { openBrowser } from '../support/lab-page.mjs';
import type { Browser } from '../support/reader';
import { describeServer, environment } from '../support/servers';
import { expectNotebookToWork, notebook, withSlider } from './reading';

const minutes = (count: number) => count * 60_000;

/** Starts a gateway in a separate folder, without the notebook. */
function startGateway(title: string, folder: string, command: (port: number) => string[]) {
  fs.mkdirSync(folder);
  const env = jupyterEnv({ paths: { ...paths, jupyter: folder }, env: process.env });
  return startServer(title, { folder, command, cwd: folder, env, status: '/api/kernelspecs' });
}

await describeServer(
  'kernel-gateway',
  () => environment('hub'),
  (env) => {
    let folder: string;
    let gateway: Awaited<ReturnType<typeof startServer>>;
    let lab: Awaited<ReturnType<typeof startLab>>;
    let browser: Browser;

    beforeAll(async () => {
      await setUp({ log: () => {} });
      folder = makeScratch();
      gateway = await startGateway('Kernel Gateway', path.join(folder, 'gateway'), (port) => [
        env.program('jupyter-kernelgateway'),
        '--KernelGatewayApp.ip=127.0.0.1',
        `--KernelGatewayApp.port=${port}`,
        '--JupyterWebsocketPersonality.list_kernels=True', // JupyterLab's server requests the list
      ]);
      copyNotebooks([path.join(paths.notebooks, notebook)], { folder });
      withSlider(path.join(folder, 'root', notebook));
      lab = await startLab({ folder, root: path.join(folder, 'root'), args: [`--gateway-url=${gateway.url}`] });
      browser = await openBrowser({ folder });
    }, minutes(3));

    afterAll(async () => {
      await closeLab({ browser, lab });
      await gateway?.stop();
      await closeLab({ folder });
    }, minutes(1));

    it(
      'runs a notebook of JupyterLab: files beside it are found, figures are drawn, and a slider moves',
      async () => {
        await expectNotebookToWork(browser, lab.url);
        const kernels = await fetch(`${gateway.url}/api/kernels`).then((answer) => answer.json());
        expect(kernels).toMatchObject([{ name: 'gradlab' }]);
      },
      minutes(8),
    );
  },
);

// Without a page: JupyterLab 4.6 with Enterprise Gateway 3.3 waits forever for any kernel, also for ipykernel. Its page
// connects a second time within 0.2 s. The old server inside the gateway takes that for a stale connection and drops
// both.
await describeServer(
  'enterprise-gateway',
  async () => ({ gateway: await environment('enterprise-gateway'), client: await environment('hub') }),
  (env) => {
    let folder: string;
    let gateway: Awaited<ReturnType<typeof startServer>>;

    beforeAll(async () => {
      await setUp({ log: () => {} });
      folder = makeScratch();
      gateway = await startGateway('Enterprise Gateway', path.join(folder, 'gateway'), (port) => [
        env.gateway.program('jupyter-enterprisegateway'),
        '--EnterpriseGatewayApp.ip=127.0.0.1',
        `--EnterpriseGatewayApp.port=${port}`,
        '--EnterpriseGatewayApp.port_retries=0',
      ]);
      copyNotebooks([path.join(paths.notebooks, notebook)], { folder });
    }, minutes(3));

    afterAll(async () => {
      await gateway?.stop();
      await closeLab({ folder });
    }, minutes(1));

    it(
      'runs a notebook: files beside it are found, and figures arrive',
      async () => {
        const script = path.join(import.meta.dirname, 'through_gateway.py');
        const { stdout } = await promisify(execFile)(
          env.client.program('python'),
          [script, gateway.url, path.join(folder, 'root', notebook)],
          { env: { ...process.env, KERNEL_USERNAME: 'ada' }, maxBuffer: 2 ** 28 }, // it starts no kernel for root
        );
        const cells: { status: string; mimes: string[]; text: string }[] = stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
        expect(cells.filter(({ status }) => status !== 'ok').map(({ text }) => text)).toEqual([]);
        const { cells: written } = JSON.parse(fs.readFileSync(path.join(folder, 'root', notebook), 'utf8'));
        expect(cells).toHaveLength(written.filter((cell: { cell_type: string }) => cell.cell_type === 'code').length);
        expect(cells.flatMap(({ mimes }) => mimes).filter((mime) => mime === PLOTLY_MIME).length).toBeGreaterThan(2);
      },
      minutes(8),
    );
  },
);
