// Child processes end with the process of the cells, however that ends; detached ones are named.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive } from '../../support/processes';
import { textOf } from '../conformance/client/execution';
import { Kernel } from '../conformance/client/kernel';

let kernel: Kernel;
const left: number[] = [];

afterEach(async () => {
  await kernel?.stop();
  for (const pid of left.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

const start = `import { spawn } from "node:child_process";
  const started: number[] = [];
  const run = (code: string, options = {}) => started.push(spawn("sh", ["-c", code], { stdio: "ignore", ...options }).pid!);`;

/** Starts a kernel with children; returns their process ids. */
async function withChildren(code: string): Promise<number[]> {
  kernel = await Kernel.start();
  await kernel.client.run(start);
  const result = textOf(
    (await kernel.client.run(`${code}; await new Promise((go) => setTimeout(go, 200)); JSON.stringify(started)`))
      .results[0],
  );
  const pids = JSON.parse(result.replaceAll("'", '')) as number[];
  left.push(...pids);
  expect(pids.map(isAlive)).not.toContain(false);
  return pids;
}

const willing = 'run("exec sleep 4444"); run("sleep 4445; true")';
/** Ignores SIGTERM, as does the child that it waits for. */
const stubborn = 'run("trap \'\' TERM; sleep 4446; sleep 4447")';

const endings: Readonly<Record<string, () => unknown>> = {
  'process.exit': () => kernel.client.execute('process.exit(0)'),
  'a signal that kills it': () =>
    kernel.client.execute('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})'),
  restart: () => kernel.client.request('control', 'shutdown_request', { restart: true }),
  shutdown: () => kernel.client.request('control', 'shutdown_request', { restart: false }),
  SIGTERM: () => kernel.signal('SIGTERM', false),
};

describe.each(Object.entries(endings))('by %s', (_, end) => {
  test('children and their children end', async () => {
    const pids = await withChildren(willing);
    await end();
    await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);
  });

  test('kills after a second what ignores SIGTERM', async () => {
    const pids = await withChildren(stubborn);
    const begun = Date.now();
    await end();
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect(Date.now() - begun).toBeGreaterThan(950);
  });
});

test('when the host is killed, the process ends its children, even in a loop', async () => {
  const pids = await withChildren(willing);
  kernel.client.submit('for (;;);');
  await sleep(300);
  kernel.signal('SIGKILL', false);
  await expect.poll(() => pids.filter(isAlive), { timeout: 5000 }).toEqual([]);
});

test('the port of a server in a child is free again', async () => {
  const server = 'require("node:net").createServer().listen(0, function () { console.log(this.address().port) })';
  kernel = await Kernel.start();
  const { results } = await kernel.client.run(`import { spawn } from "node:child_process";
    const server = spawn(process.execPath, ["-e", ${JSON.stringify(server)}]);
    const port = await new Promise((go) => server.stdout.on("data", (text) => go(Number(text))));
    port`);
  const port = Number(textOf(results[0]));
  const isOpen = () =>
    import('node:net').then(
      ({ connect }) =>
        new Promise<boolean>((go) => {
          const socket = connect(port, '127.0.0.1');
          socket.on('connect', () => go(true)).on('error', () => go(false));
          socket.on('connect', () => socket.destroy());
        }),
    );
  expect(await isOpen()).toBe(true);
  await kernel.client.request('control', 'shutdown_request', { restart: true });
  await expect.poll(isOpen, { timeout: 1000 }).toBe(false);
});

test('a detached child continues, and the message names it; one that has ended is not named', async () => {
  const pids = await withChildren(
    'run("exec sleep 4448", { detached: true }); run("exec sleep 4449"); spawn("true", { detached: true })',
  );
  const { errorText } = await kernel.client.execute('process.exit(0)');
  await expect.poll(() => isAlive(pids[1])).toBe(false);
  expect(isAlive(pids[0])).toBe(true);
  expect(errorText).toContain(`still run: sh -c exec sleep 4448 (process ${pids[0]}).`);
});
