// Files on the disk: atomic writes, rows by index, and checkpoints.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import {
  arange,
  data,
  FormatError,
  GradlabError,
  IndexError,
  io,
  NotImplementedError,
  nn,
  optim,
  ShapeError,
  type Tensor,
  tensor,
  training,
  ValueError,
  zeros,
} from '../../src';
import { writeFile } from '../../src/platform';
import { root } from '../support/typescript';

const folder = mkdtempSync(join(tmpdir(), 'gradlab Dateien '));
const at = (name: string) => join(folder, name);
const fixture = (name: string) => join(import.meta.dirname, 'data', name);
afterAll(() => rmSync(folder, { recursive: true }));

describe('writing', () => {
  test('writes each kind of file, and over an existing one, whose permissions stay', async () => {
    const x = tensor([[1, 2]]);
    await io.saveNpy(at('x.npy'), zeros([5]));
    chmodSync(at('x.npy'), 0o640);
    await io.saveNpy(at('x.npy'), x);
    await io.saveNpz(at('x.npz'), { x }, { compressed: true });
    await io.saveSafetensors(at('x.safetensors'), { x });
    expect((await io.loadNpy(at('x.npy'))).tolist()).toEqual([[1, 2]]);
    expect((await io.loadNpz(at('x.npz'))).x.tolist()).toEqual([[1, 2]]);
    expect((await io.loadSafetensors(at('x.safetensors'))).x.tolist()).toEqual([[1, 2]]);
    expect(statSync(at('x.npy')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['x.npy', 'x.npz', 'x.safetensors']);
  });

  test('changes before the actual write are not included', async () => {
    const [x, y] = [arange(3), arange(4)];
    const saved = [
      io.saveNpy(at('then.npy'), x),
      io.saveNpz(at('then.npz'), { x, y }),
      io.saveNpz(at('then-packed.npz'), { x, y }, { compressed: true }),
      io.saveSafetensors(at('then.safetensors'), { x, y }),
    ];
    const encoded = io.encodeNpz({ x, y });
    x.add_(1);
    y.add_(1);
    await Promise.all(saved);
    expect((await io.loadNpy(at('then.npy'))).tolist()).toEqual([0, 1, 2]);
    const loaded = [
      io.loadNpz(at('then.npz')),
      io.loadNpz(at('then-packed.npz')),
      io.loadSafetensors(at('then.safetensors')),
      encoded.then((bytes) => io.decodeNpz(bytes)),
    ];
    for (const read of await Promise.all(loaded))
      expect([read.x.tolist(), read.y.tolist()]).toEqual([
        [0, 1, 2],
        [0, 1, 2, 3],
      ]);
    for (const name of readdirSync(folder).filter((name) => name.startsWith('then'))) rmSync(at(name));
  });

  test('an invalid value, or an error, leaves the old file and nothing else', async () => {
    await io.saveNpy(at('kept.npy'), tensor([7]));
    const before = readdirSync(folder);
    await expect(io.saveNpy(at('kept.npy'), [1] as unknown as Tensor)).rejects.toThrow(ValueError);
    await expect(io.saveNpz(at('kept.npy'), { '../x': tensor([1]) })).rejects.toThrow(ValueError);
    await expect(io.saveSafetensors(at('kept.npy'), { x: 'x' as unknown as Tensor })).rejects.toThrow(ValueError);
    await expect(io.save(at('kept.npy'), { net: new nn.Linear(1, 1) })).rejects.toThrow(/net is a module Linear/);
    const failing = function* () {
      yield new Uint8Array(100);
      throw new RangeError('no more');
    };
    await expect(writeFile(at('kept.npy'), failing())).rejects.toThrow('no more');
    await expect(io.saveNpy(at('none/x.npy'), tensor([1]))).rejects.toThrow(/cannot be written: ENOENT.*is unchanged/);
    await expect(io.saveNpy(folder, tensor([1]))).rejects.toThrow(/what is there is not a file/);
    await expect(io.saveNpy('https://x.org/x.npy', tensor([1]))).rejects.toThrow(/is an address/);
    await expect(io.saveNpy('', tensor([1]))).rejects.toThrow(ValueError);
    expect(readdirSync(folder)).toEqual(before);
    expect((await io.loadNpy(at('kept.npy'))).tolist()).toEqual([7]);
  });

  test('writes to the target of a link, and keeps the link', async () => {
    mkdirSync(at('behind'));
    writeFileSync(at('behind/real.npy'), 'old');
    symlinkSync(at('behind/real.npy'), at('link.npy'));
    await io.saveNpy(at('link.npy'), tensor([3]));
    expect((await io.loadNpy(at('behind/real.npy'))).tolist()).toEqual([3]);
    expect(readdirSync(at('behind'))).toEqual(['real.npy']);
  });

  describe.runIf(process.platform === 'linux')('a full disk', () => {
    beforeAll(() => buildIfStale(paths), 120_000);
    test('leaves the old file', async () => {
      await io.saveNpy(at('full.npy'), tensor([7]));
      const before = readdirSync(folder);
      // No file of this process may be longer than 64 kB.
      const script = `const { io, zeros } = require(${JSON.stringify(root)});
        io.saveNpy(process.argv[1], zeros([100000])).then(() => console.log('written'), (e) => console.log(e.name, e.message));`;
      const command = `trap '' XFSZ; ulimit -f 64; exec "$0" -e "$1" "$2"`;
      const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script, at('full.npy')], {
        encoding: 'utf8',
      });
      expect(stdout).toMatch(
        /^GradlabError saveNpy: .*full.npy cannot be written: EFBIG.*what was there before is unchanged/,
      );
      expect(readdirSync(folder)).toEqual(before);
      expect((await io.loadNpy(at('full.npy'))).tolist()).toEqual([7]);
    });
  });
});

describe('reading', () => {
  test('reports missing and invalid files', async () => {
    await expect(io.loadNpy(at('none.npy'))).rejects.toThrow(
      /there is no file .*none.npy; a path begins at the folder/,
    );
    await expect(io.loadNpz(folder)).rejects.toThrow(/cannot be read: it is not a file/);
    await expect(io.loadSafetensors('')).rejects.toThrow(ValueError);
    execFileSync('mkfifo', [at('pipe')]);
    await expect(io.loadNpy(at('pipe'))).rejects.toThrow(/it is not a file/);
    await expect(io.loadNpy(fixture('object.npy'))).rejects.toThrow(/^loadNpy: .*object.npy: it has dtype '\|O'/);
  });

  test('an address', async () => {
    const server = createServer((_, response) => response.end(readFileSync(fixture('ours.safetensors'))));
    await new Promise<void>((ready) => {
      server.listen(0, '127.0.0.1', ready);
    });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
    expect((await io.loadSafetensors(address, { names: ['a'] })).a.item()).toBe(3);
    expect((await io.openSafetensors(address)).metadata).toEqual({ note: 'ä "1"' });
    server.close();
    server.closeAllConnections();
  });
});

describe('rows of files', () => {
  const shape = [100, 2, 3];
  beforeAll(async () => {
    const x = arange(600).view(shape);
    await io.saveNpy(at('rows.npy'), x.float());
    await io.saveSafetensors(at('rows.safetensors'), { x, y: arange(100), one: tensor(1) });
  });

  test('one by one, from the end, and several at once', async () => {
    const rows = await io.openNpy(at('rows.npy'));
    expect([rows.length, rows.shape, rows.dtype]).toEqual([100, shape, 'float32']);
    expect(rows.at(7).tolist()).toEqual([
      [42, 43, 44],
      [45, 46, 47],
    ]);
    expect(rows.at(-1).tolist()).toEqual([
      [594, 595, 596],
      [597, 598, 599],
    ]);
    expect(rows.rows(98).shape).toEqual([2, 2, 3]);
    expect(rows.rows(5, 5).shape).toEqual([0, 2, 3]);
    expect([...rows].length).toBe(100);
    expect(() => rows.at(100)).toThrow(IndexError);
    expect(() => rows.rows(5, 101)).toThrow(IndexError);
    expect(() => rows.rows(-1)).toThrow(ValueError);
    rows.close();
    rows.close();
    expect(() => rows.at(0)).toThrow(/it has been closed/);
  });

  test('through a loader, inputs beside labels, in a fit', async () => {
    const file = await io.openSafetensors(at('rows.safetensors'));
    expect(String(file)).toBe('SafetensorsFile(\n  one: float32 []\n  x: int32 [100, 2, 3]\n  y: int32 [100]\n)');
    const items = new data.StackDataset(file.rows('x', { dtype: 'float64' }), file.rows('y'));
    const batches = [...new data.DataLoader(items, { batchSize: 40 })];
    expect(batches.map(([x, y]) => [x.shape, x.dtype, y.shape, y.dtype])).toEqual([
      [[40, 2, 3], 'float64', [40], 'int32'],
      [[40, 2, 3], 'float64', [40], 'int32'],
      [[20, 2, 3], 'float64', [20], 'int32'],
    ]);
    expect(batches[2][1].at(0).item()).toBe(80);
    const net = new nn.Sequential(new nn.Flatten(), new nn.Linear(6, 1)).double();
    const optimizer = new optim.SGD(net.parameters(), { lr: 1e-7 });
    const loss = (z: Tensor, y: Tensor) => nn.functional.mseLoss(z.squeeze(1), y.double());
    const { history } = training.fit(net, new data.DataLoader(items, { batchSize: 20, shuffle: true }), {
      loss,
      optimizer,
      epochs: 5,
    });
    expect(history.loss[4]).toBeLessThan(history.loss[0]);
    expect(() => file.rows('one')).toThrow(ShapeError);
    expect(() => file.rows('z')).toThrow(/it has no 'z'/);
    expect([file.shape('x'), file.tensor('y').shape, file.names]).toEqual([shape, [100], ['one', 'x', 'y']]);
  });

  test('of a file much larger than what is read', async () => {
    // A sparse file of 40 GB.
    const header = io.encodeNpy(zeros([0, 1000])).slice();
    const text = new TextDecoder('latin1').decode(header).replace('(0, 1000), }         ', '(10000000, 1000), }  ');
    writeFileSync(at('sparse.npy'), Buffer.from(text, 'latin1'));
    truncateSync(at('sparse.npy'), header.length + 4e10);
    const rows = await io.openNpy(at('sparse.npy'));
    expect([rows.length, rows.at(9_999_999).shape, rows.rows(5_000_000, 5_000_002).sum().item()]).toEqual([
      1e7,
      [1000],
      0,
    ]);
    truncateSync(at('sparse.npy'), 1000);
    expect(() => rows.at(5)).toThrow(/rows 5 to 6: their numbers cannot be read: it has become shorter/);
    rmSync(at('sparse.npy'));
  });

  test('replacing the file does not change what is read', async () => {
    const rows = await io.openNpy(at('rows.npy'));
    await io.saveNpy(at('rows.npy'), zeros([3]));
    expect(rows.at(1).tolist()).toEqual([
      [6, 7, 8],
      [9, 10, 11],
    ]);
    expect((await io.openNpy(at('rows.npy'))).length).toBe(3);
  });

  test('kinds that widen, other orders, and damage', async () => {
    expect((await io.openNpy(fixture('big-int64.npy'))).at(1).item()).toBe(70000);
    expect((await io.openNpy(fixture('float16.npy'))).rows(0, 2).tolist()).toEqual([1, -1.5]);
    expect((await io.openNpy(fixture('int64-wide.npy'), { dtype: 'float64' })).at(0).item()).toBe(2 ** 53 - 1);
    const wide = await io.openNpy(fixture('int64-wide.npy'));
    expect(wide.at(2).item()).toBe(5);
    expect(() => wide.at(0)).toThrow(/rows 0 to 1: element 0 of its int64 is/);
    await expect(io.openNpy(fixture('fortran.npy'))).rejects.toThrow(NotImplementedError);
    await expect(io.openNpy(fixture('scalar.npy'))).rejects.toThrow(ShapeError);
    writeFileSync(at('short.npy'), readFileSync(fixture('float32.npy')).subarray(0, -1));
    await expect(io.openNpy(at('short.npy'))).rejects.toThrow(FormatError);
  });
});

describe('save and load', () => {
  test('restore everything that a training needs to continue', async () => {
    const net = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(net.parameters(), { lr: 0.1 });
    const step = () => {
      optimizer.zeroGrad();
      net(tensor([[1, 2]]))
        .sum()
        .backward();
      optimizer.step();
    };
    step();
    const history = { loss: [0.5, Number.NaN, Number.POSITIVE_INFINITY], note: null };
    await io.save(at('run.safetensors'), { net: net.stateDict(), optimizer: optimizer.stateDict(), history, epoch: 1 });
    step();
    const then = net.weight.tolist();
    type Run = { net: nn.StateDict; optimizer: ReturnType<typeof optimizer.stateDict>; history: typeof history };
    const run = await io.load<Run>(at('run.safetensors'));
    expect(run.history).toEqual(history);
    net.loadStateDict(run.net);
    optimizer.loadStateDict(run.optimizer);
    step();
    expect(net.weight.tolist()).toEqual(then);
  });

  test('lists, names with dots, names of prototypes; values that cannot be saved', async () => {
    const value = { 'a.b': tensor([1]), a: { b: tensor([2]), list: [tensor(3), 'x', true] } };
    await io.save(at('value.safetensors'), value);
    expect(JSON.stringify(await io.load(at('value.safetensors')))).toBe(JSON.stringify(value));
    await io.save(at('value.safetensors'), JSON.parse('{"__proto__":{"polluted":1}}'));
    const loaded = await io.load(at('value.safetensors'));
    expect([Object.keys(loaded), 'polluted' in loaded]).toEqual([['__proto__'], false]);
    const round: { self?: object } = {};
    round.self = round;
    await expect(io.save(at('value.safetensors'), round)).rejects.toThrow(/does it contain itself/);
    await expect(io.save(at('value.safetensors'), { f: () => 1 })).rejects.toThrow(
      /f is a function; save its stateDict/,
    );
    await expect(io.save(at('value.safetensors'), { d: new Date(0) })).rejects.toThrow(/d is an object/);
    await expect(io.save(at('value.safetensors'), { $tensor: 'x' })).rejects.toThrow(/begin with \$/);
    expect(Object.keys(await io.load(at('value.safetensors')))).toEqual(['__proto__']);
  });

  test.each([
    ['an invalid tree', undefined, /it has tensors by name only; read it with io.loadSafetensors/],
    ['invalid JSON', '{', /the tree in its metadata is not JSON/],
    ['a missing tensor', '{"x":{"$tensor":"y"}}', /names 'y', which is no tensor of the file/],
    ['a tensor without a name', '{"x":{"$tensor":{}}}', /names an object, which is no tensor of the file/],
    ['depth', `${'['.repeat(99)}${']'.repeat(99)}`, /more than 64 levels deep/],
  ])('a file with %s', async (_, tree, message) => {
    await io.saveSafetensors(
      at('tree.safetensors'),
      { x: tensor([1]) },
      { metadata: tree === undefined ? {} : { tree } },
    );
    await expect(io.load(at('tree.safetensors'))).rejects.toThrow(message);
    await expect(io.load(at('tree.safetensors'))).rejects.toThrow(GradlabError);
  });
});

test('any invalid argument causes a library error', async () => {
  const x = tensor([[1, 2]]);
  const [npy, npz, safe, saved] = ['a.npy', 'a.npz', 'a.safetensors', 's.safetensors'].map(at);
  const calls: Record<string, [(...args: never[]) => unknown, unknown[]]> = {
    saveNpy: [io.saveNpy, [npy, x]],
    loadNpy: [io.loadNpy, [npy, { dtype: 'float64' }]],
    openNpy: [io.openNpy, [npy, { dtype: 'float64' }]],
    encodeNpy: [io.encodeNpy, [x]],
    decodeNpy: [io.decodeNpy, [io.encodeNpy(x), { dtype: 'float64' }]],
    saveNpz: [io.saveNpz, [npz, { x }, { compressed: true }]],
    loadNpz: [io.loadNpz, [npz, { names: ['x'] }]],
    encodeNpz: [io.encodeNpz, [{ x }, { compressed: true }]],
    decodeNpz: [io.decodeNpz, [await io.encodeNpz({ x }), { names: ['x'] }]],
    saveSafetensors: [io.saveSafetensors, [safe, { x }, { metadata: { a: 'b' } }]],
    loadSafetensors: [io.loadSafetensors, [safe, { names: ['x'] }]],
    openSafetensors: [io.openSafetensors, [safe]],
    encodeSafetensors: [io.encodeSafetensors, [{ x }, { metadata: { a: 'b' } }]],
    decodeSafetensors: [io.decodeSafetensors, [io.encodeSafetensors({ x }), { names: ['x'] }]],
    save: [io.save, [saved, { x }]],
    load: [io.load, [saved]],
    toPytorch: [io.toPytorch, [{ x }]],
    fromPytorch: [io.fromPytorch, [{ x }, { x }]],
  };
  expect(Object.keys(calls).concat('FileRows', 'SafetensorsFile').sort()).toEqual(Object.keys(io).sort());
  const wrong = [null, 1.5, -1, NaN, 1n, true, Symbol('s'), [null], [[]], () => 1, new Map(), tensor(1), undefined];
  for (const [name, [call, right]] of Object.entries(calls)) {
    // Another call may have written a scalar there, which is valid.
    await io.saveNpy(npy, x);
    await call(...(right as never[]));
    let refused = 0;
    for (let place = 0; place < right.length; place++)
      for (const value of wrong)
        try {
          await call(...(right.map((given, i) => (i === place ? value : given)) as never[]));
        } catch (error) {
          expect(error, `${name}, argument ${place}: ${String(value)}`).toBeInstanceOf(GradlabError);
          refused++;
        }
    expect(refused, name).toBeGreaterThan(8 * right.length - 2);
  }
});

describe('save and load', () => {
  test('keep the sign of 0', async () => {
    const value = { number: -0, list: [0, -0], x: tensor([-0, 0]), y: tensor(-0, { dtype: 'float64' }) };
    await io.save(at('zeros.safetensors'), value);
    const { number, list, x, y } = await io.load<typeof value>(at('zeros.safetensors'));
    expect([number, ...list, ...x.toArray(), y.item()].map((v) => Object.is(v, -0))).toEqual(
      [1, 0, 1, 1, 0, 1].map(Boolean),
    );
    await io.saveNpz(at('zeros.npz'), { list: [-0] });
    expect((await io.loadNpz(at('zeros.npz'))).list.tolist()).toEqual([-0]);
  });

  test('keep shared tensors as one tensor', async () => {
    class Tied extends nn.Module {
      first = new nn.Linear(3, 3, { bias: false });
      last = new nn.Linear(3, 3, { bias: false });
      forward(x: Tensor) {
        return this.last(this.first(x));
      }
    }
    const net = new Tied();
    net.last.weight = net.first.weight;
    const x = tensor([1, 2]);
    await io.save(at('tied.safetensors'), { net: net.stateDict(), x, again: [x], turned: x.view([1, 2]) });
    const loaded = await io.load<{ net: nn.StateDict; x: Tensor; again: Tensor[]; turned: Tensor }>(
      at('tied.safetensors'),
    );
    expect(loaded.net['last.weight']).toBe(loaded.net['first.weight']);
    expect(loaded.again[0]).toBe(loaded.x);
    expect(loaded.turned.tolist()).toEqual([[1, 2]]);
    expect(Object.keys(await io.loadSafetensors(at('tied.safetensors')))).toHaveLength(3);
    new Tied().loadStateDict(loaded.net);
  });
});
