// The packed package in a page built by Vite, and in one that Vite serves during development.
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, browsers, describeIn } from '../support/browsers';
import { imported, own, type Packed, pack, program, required, run } from './consumer';

/** A consumer's page; it reports its result in `window.told`. */
const page = (script: string) => ({
  'index.html': '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
  'main.js': script,
});
const everything = `${imported}
import { GradlabError, graph } from 'gradlab';
async function main() {
  ${program}
  const pictures = await data.fashionMnist({ split: 'sample' });
  const digits = await data.digits();
  const missing = await data.fashionMnist({ limit: 5 }).catch((error) => [error instanceof GradlabError, error.message]);
  const drawn = String((await graph(slope.mul(2)))).length;
  window.told = { result, sample: [pictures.x.sum().item(), pictures.y.at(0).item(), digits.x.sum().item(), digits.y.sum().item()], missing, drawn, net: String(net) };
}
main().catch((error) => { window.told = { error: String(error.stack) }; });`;
const tensorsOnly = `import { tensor } from 'gradlab';
  const x = tensor([1, 2], { requiresGrad: true });
  x.mul(x).sum().backward();
  window.told = x.grad.tolist();`;

const files = `import { FormatError, GradlabError, io, tensor, zeros } from 'gradlab';
async function main() {
  const said = (error) => [error instanceof FormatError, error instanceof GradlabError, error.message];
  const x = tensor([[1, 2], [3, 4]]);
  await io.saveNpy('x.npy', x.t());
  await io.saveSafetensors('x.safetensors', { x });
  const packed = await io.encodeNpz({ x, zeros: zeros([400, 400]) }, { compressed: true });
  const cut = await io.decodeNpz(packed.subarray(0, -1)).catch(said);
  const damaged = packed.slice();
  damaged.fill(255, 60, 90);
  window.told = {
    x: (await io.loadNpy('x.npy')).tolist(),
    row: (await io.openSafetensors('x.safetensors')).rows('x').at(1).tolist(),
    zeros: (await io.decodeNpz(packed)).zeros.shape,
    bytes: packed.length < 2000,
    cut,
    damaged: await io.decodeNpz(damaged).catch(said),
    missing: await io.loadNpy('none.npy').catch(said),
  };
}
main().catch((error) => { window.told = { error: String(error.stack) }; });`;

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.gz': 'application/gzip' };

describeIn(browsers, 'the package in a page', (browser) => {
  let packed: Packed;
  let context: Awaited<ReturnType<Browser['launch']>>;
  const servers: Server[] = [];
  beforeAll(async () => {
    packed = await pack();
    context = await browser.launch({ folder: packed.folder });
  });
  afterAll(async () => {
    await context?.close();
    for (const server of servers) server.close();
    packed?.remove();
  });

  /** Builds a consumer's page with Vite's defaults, including minification. */
  async function build(script: string): Promise<{ address: string; bytes: number }> {
    const { build } = await import('vite');
    const root = packed.consumer(page(script));
    await build({ root, configFile: false, logLevel: 'error' });
    const dist = path.join(root, 'dist');
    const server = createServer(({ url }, response) => {
      const file = path.join(dist, url === '/' ? 'index.html' : new URL(url!, 'http://x').pathname);
      if (!fs.existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'text/plain' });
      return response.end(fs.readFileSync(file));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const entry = fs.readdirSync(path.join(dist, 'assets')).filter((name) => /^index.*\.js$/.test(name));
    return {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      bytes: fs.statSync(path.join(dist, 'assets', entry[0]!)).size,
    };
  }

  /** The result that the page at an address reports; it must have no errors. */
  async function told(address: string): Promise<unknown> {
    const opened = await context.newPage();
    const errors: string[] = [];
    opened.on('pageerror', (error) => errors.push(String(error)));
    await opened.goto(address);
    await opened.waitForFunction('window.told !== undefined');
    const result = await opened.evaluate('window.told');
    await opened.close();
    expect(errors).toEqual([]);
    return result;
  }

  /** The result of the same program in Node. */
  const inNode = () =>
    JSON.parse(
      run(
        process.execPath,
        [
          '-e',
          `(async () => { ${required}${program}
          const pictures = await data.fashionMnist({ split: 'sample' });
          const digits = await data.digits();
          const sample = [pictures.x.sum().item(), pictures.y.at(0).item(), digits.x.sum().item(), digits.y.sum().item()];
          console.log(JSON.stringify({ result, sample })); })()`,
        ],
        own(),
      ),
    );

  test('built by Vite: the numbers of Node, a graph, the pictures, and a clear error for what is missing', async () => {
    const { address } = await build(everything);
    const { missing, drawn, ...numbers } = (await told(address)) as { missing: [boolean, string]; drawn: number };
    expect(numbers).toMatchObject(inNode());
    expect(missing[0]).toBe(true);
    expect(missing[1]).toMatch(/train-images-idx3-ubyte\.gz is in none of the folders/);
    expect(drawn).toBeGreaterThan(10);
  });

  test('a page that only uses tensors contains no nets, figures and optimizers', async () => {
    const [few, all] = [await build(tensorsOnly), await build(everything)];
    expect(await told(few.address)).toEqual([2, 4]);
    expect(few.bytes).toBeLessThan(all.bytes * 0.65);
  });

  test("writes files to the browser's storage for it, and reads them", async () => {
    const { address } = await build(files);
    expect(await told(address)).toEqual({
      x: [
        [1, 3],
        [2, 4],
      ],
      row: [3, 4],
      zeros: [400, 400],
      bytes: true,
      cut: [true, true, expect.stringMatching(/^decodeNpz: this is not an npz file, or it has been cut short/)],
      damaged: [true, true, expect.stringMatching(/^decodeNpz: x: /)],
      missing: [false, true, expect.stringMatching(/^loadNpy: there is no file none.npy/)],
    });
  });

  test('served by Vite during development', async () => {
    const { createServer: serve } = await import('vite');
    const root = packed.consumer(page(everything));
    const server = await serve({ root, configFile: false, logLevel: 'error', server: { port: 0, host: '127.0.0.1' } });
    try {
      await server.listen();
      expect(await told(server.resolvedUrls!.local[0]!)).toMatchObject(inNode());
    } finally {
      await server.close();
    }
  });
});
