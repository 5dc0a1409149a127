import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { data } from '../../src';
import { GradlabError, ValueError } from '../../src/errors';

test('texts and bytes of files, by paths relative to the working directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'Dateien und mehr '));
  const file = join(folder, 'größe.csv');
  writeFileSync(file, 'a,b\n1,ü');
  expect(await data.readText(file)).toBe('a,b\n1,ü');
  expect([...(await data.readBytes(file))].slice(-2)).toEqual([0xc3, 0xbc]);
  expect(JSON.parse(await data.readText('package.json')).name).toBe('gradlab');
  await expect(data.readText(`${file}.gz`)).rejects.toThrow(
    /^readText: there is no file .*größe.csv.gz; a path begins/,
  );
  await expect(data.readBytes(folder)).rejects.toThrow(GradlabError);
  await expect(data.readText('')).rejects.toThrow(ValueError);
  rmSync(folder, { recursive: true });
});

test('reads from an address, and reports why it cannot', async () => {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/rows.txt' ? 200 : 404).end('1 2');
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await data.readText(`${address}/rows.txt`)).toBe('1 2');
  await expect(data.readBytes(`${address}/none`)).rejects.toThrow(
    /none could not be downloaded: the server answers 404/,
  );
  server.close();
  await expect(data.readText('http://127.0.0.1:1/rows')).rejects.toThrow('could not be downloaded');
});

test.each([
  ['before the first byte', ''],
  ['in the middle', 'half of it'],
])('a download that stalls %s fails after half a minute, and can be retried', async (_, before) => {
  let isHeld = true;
  const server = createServer((_request, response) => {
    if (!isHeld) {
      response.end('all of it');
      return;
    }
    if (before === '') return;
    response.writeHead(200, { 'Content-Length': '5000' });
    response.write(before);
  });
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows`;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let problem = '';
    const failed = data.readText(address).catch((error: Error) => {
      problem = error.message;
    });
    while (problem === '') {
      await new Promise((next) => setImmediate(next));
      vi.advanceTimersByTime(10);
    }
    await failed;
    expect(problem).toMatch(/rows could not be downloaded: no data arrived for 30 seconds/);
    isHeld = false;
    expect(await data.readText(address)).toBe('all of it');
  } finally {
    vi.useRealTimers();
    server.closeAllConnections();
    server.close();
  }
});
