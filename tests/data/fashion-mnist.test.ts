import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { data } from '../../src';
import { GradlabError, ValueError } from '../../src/errors';
import { pictures as debian } from '../support/fashion-mnist';

const { fashionMnist } = data;
const isThere = existsSync(join(debian, 't10k-images-idx3-ubyte.gz'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fashion-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the sample has twenty pictures of each class, and needs no file', async () => {
  const { x, y, classes } = await fashionMnist({ split: 'sample' });
  expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[200, 28, 28], 'float32', [200], 'int32']);
  const labels = y.tolist() as number[];
  expect(classes.map((_, k) => labels.filter((label) => label === k).length)).toEqual(Array(10).fill(20));
  expect(labels.slice(0, 10)).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
  expect(classes[9]).toBe('Ankle boot');
  // The sum of all its bytes, counted by another program.
  expect(Math.round(x.to('float64').sum().item() * 255)).toBe(11507138);
  expect([x.min().item(), x.max().item()]).toEqual([0, 1]);
});

test('limit takes the first', async () => {
  const { x, y } = await fashionMnist({ split: 'sample', limit: 3 });
  expect([x.shape, y.tolist()]).toEqual([
    [3, 28, 28],
    [9, 2, 1],
  ]);
  await expect(fashionMnist({ split: 'sample', limit: 201 })).rejects.toThrow('sample has 200 pictures');
  await expect(fashionMnist({ split: 'sample', limit: 0 })).rejects.toThrow(ValueError);
});

test('options are checked', async () => {
  await expect(fashionMnist({ split: 'tset' as 'test' })).rejects.toThrow("'train', 'test' or 'sample'");
  await expect(fashionMnist({ folder: '.' } as object)).rejects.toThrow('there is no option folder');
});

test('without the files, the error says how to get them', async () => {
  await expect(fashionMnist({ split: 'test', root: folder })).rejects.toThrow(GradlabError);
  await expect(fashionMnist({ split: 'test', root: folder })).rejects.toThrow(
    /t10k-images.* is in none of the folders .*download: true.*apt install dataset-fashion-mnist.*sample/,
  );
});

describe('invalid files', () => {
  const place = () => join(folder, 't10k-images-idx3-ubyte.gz');
  test.each([
    ['truncated', gzipSync(Buffer.alloc(5000, 'abc')).subarray(0, 30), /\(30 bytes\) is damaged: .*download it again/],
    ['another file', gzipSync('pictures of cats'), /not the data set's file: .*5b4141f0afba…, and has [0-9a-f]{12}…/],
  ])('%s', async (_, bytes, message) => {
    writeFileSync(place(), bytes);
    await expect(fashionMnist({ split: 'test', root: folder })).rejects.toThrow(message);
    rmSync(place());
  });
});

describe('a download', () => {
  let server: Server;
  let address: string;
  const bodies: Record<string, Buffer | undefined> = {};
  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      const body = bodies[url!.slice(1)];
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((ready) => {
      server.listen(0, '127.0.0.1', ready);
    });
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  const load = () => fashionMnist({ split: 'test', root: join(folder, 'new'), download: address });

  test('that the server rejects, or with wrong content, leaves nothing behind', async () => {
    await expect(load()).rejects.toThrow(/t10k-.*could not be downloaded: the server answers 404/);
    for (const name of ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']) bodies[name] = gzipSync('no');
    await expect(load()).rejects.toThrow("is not the data set's file");
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  test('that breaks off reports the number of bytes', async () => {
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'Content-Length': 4_000_000 });
      response.write(Buffer.alloc(30_000), () => response.destroy());
    });
    await new Promise<void>((ready) => {
      broken.listen(0, '127.0.0.1', ready);
    });
    const from = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const loading = fashionMnist({ split: 'test', root: folder, download: from });
    await expect(loading).rejects.toThrow(/could not be downloaded, the connection ended after \d+ of 4000000 bytes: /);
    broken.close();
  });

  test('from an unreachable server is reported', async () => {
    const nobody = fashionMnist({ split: 'test', root: folder, download: 'http://127.0.0.1:1' });
    await expect(nobody).rejects.toThrow('http://127.0.0.1:1/t10k-');
  });

  test.skipIf(!isThere)('is cached, and read from the cache the next time', async () => {
    for (const name of readdirSync(debian)) bodies[name] = readFileSync(join(debian, name));
    const { y } = await load();
    expect(readdirSync(join(folder, 'new')).sort()).toEqual(['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']);
    writeFileSync(join(folder, 'new', 't10k-labels-idx1-ubyte.gz'), 'damaged meanwhile');
    expect((await load()).y.equal(y)).toBe(true);
    for (const name of Object.keys(bodies)) delete bodies[name];
    expect((await load()).y.equal(y)).toBe(true);
  });
});

describe.skipIf(!isThere)('the whole data set', () => {
  test.each([
    ['train', 60_000, [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]],
    ['test', 10_000, [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]],
  ] as const)('%s', async (split, n, first) => {
    const { x, y } = await fashionMnist({ split });
    expect(x.shape).toEqual([n, 28, 28]);
    expect((y.tolist() as number[]).slice(0, 10)).toEqual(first);
    expect(y.bincount().tolist()).toEqual(Array(10).fill(n / 10));
  });
});
