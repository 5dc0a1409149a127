// JupyterHub with two simultaneous users, each with a server, a kernel and files.
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paths, setUp } from '../../kernel-setup/setup/index.mjs';
import { closeLab, copyNotebooks, freePort, makeScratch, openToAll, startServer } from '../support/lab.mjs';
import { openBrowser } from '../support/lab-page.mjs';
import type { Browser } from '../support/reader';
import { describeServer, environment, hubProxy } from '../support/servers';
import { expectNotebookToWork, notebook, withSlider } from './reading';

const minutes = (count: number) => count * 60_000;
const people = ['ada', 'emmy'];

/** Anybody may log in, and servers run as the user of the hub: for a test on one machine. */
const config = (folder: string, proxy: string, ports: Record<'hub' | 'api', number>) => `
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = ${JSON.stringify(path.join(folder, 'people', '{username}', 'root'))}
c.Spawner.args = ${JSON.stringify(['--allow-root', ...openToAll.filter((arg: string) => /xsrf|expose/.test(arg))])}
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
c.ConfigurableHTTPProxy.command = ${JSON.stringify([process.execPath, proxy])}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${ports.api}"
c.JupyterHub.hub_port = ${ports.hub}
c.JupyterHub.db_url = "sqlite://"
c.JupyterHub.cookie_secret_file = ${JSON.stringify(path.join(folder, 'cookie-secret'))}
`;

await describeServer(
  'hub',
  async () => ({ env: await environment('hub'), proxy: hubProxy() }),
  ({ env, proxy }) => {
    let folder: string;
    let hub: Awaited<ReturnType<typeof startServer>>;
    let browsers: Browser[] = [];

    beforeAll(async () => {
      await setUp({ log: () => {} });
      folder = makeScratch();
      const configFile = path.join(folder, 'jupyterhub_config.py');
      fs.writeFileSync(configFile, config(folder, proxy, { hub: await freePort(), api: await freePort() }));
      for (const name of people) {
        const home = path.join(folder, 'people', name);
        copyNotebooks([path.join(paths.notebooks, notebook)], { folder: home });
        withSlider(path.join(home, 'root', notebook));
      }
      hub = await startServer('JupyterHub', {
        folder,
        command: (port: number) => [
          env.program('jupyterhub'),
          `--config=${configFile}`,
          '--ip=127.0.0.1',
          `--port=${port}`,
        ],
        cwd: folder,
        env: { ...process.env, PATH: `${path.join(env.prefix, 'bin')}${path.delimiter}${process.env.PATH}` },
        status: '/hub/health',
      });
      browsers = await Promise.all(
        people.map((name) => openBrowser({ folder: path.join(folder, 'people', name, 'browser') })),
      );
    }, minutes(3));

    afterAll(async () => {
      for (const browser of browsers) await browser.close();
      await closeLab({ lab: hub, folder });
    }, minutes(1));

    it(
      'two simultaneous users have their own kernels: the same notebook runs for both, figures are drawn, sliders move',
      async () => {
        const processes = await Promise.all(
          people.map(async (name, i) => {
            const { page } = browsers[i]!;
            await page.goto(`${hub.url}/hub/login`);
            await page.fill('#username_input', name);
            await page.fill('#password_input', 'of no account');
            await page.click('#login_submit');
            await page.waitForURL(`**/user/${name}/**`, { timeout: minutes(2) });
            return expectNotebookToWork(browsers[i]!, `${hub.url}/user/${name}`);
          }),
        );
        expect(new Set(processes).size).toBe(people.length);
      },
      minutes(8),
    );

    it('denies each user the server of the other', async () => {
      const answer = await browsers[0]!.page.goto(`${hub.url}/user/${people[1]}/api/kernels`);
      expect(answer!.status()).toBe(403);
    });
  },
);
