// A web server of files with the properties of real ones: compressed, below the root, slow or broken on demand.
import fs from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const types = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const packable = /\.(html|css|m?js|json|ipynb|svg|wasm|txt|md|webmanifest)$/;

/** A site may be in a subfolder of a server. */
export const below = '/some/folder/';

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * @typedef {object} Sent
 * @property {string} name the file's, below the site's folder
 * @property {number} bytes as they were sent
 * @property {string} by the page or worker that requested it, or empty
 */

/**
 * Serves a folder as a subfolder of a server.
 * @param {string} folder
 * @param {object} options
 * @param {boolean} [options.isolated] whether its pages may share memory
 * @param {boolean} [options.packed] whether texts are sent gzipped
 * @param {number} [options.latency] milliseconds before each response
 * @param {(sent: Sent) => void} [options.onSent] called for each file
 * @param {(name: string, response: import('node:http').ServerResponse) => boolean} [options.broken] may respond instead
 * of the file; returns whether it did
 */
export async function serveFiles(folder, { isolated = false, packed = false, latency = 0, onSent, broken } = {}) {
  const kept = new Map();
  const packedBytes = (file) => {
    const { mtimeMs } = fs.statSync(file);
    if (kept.get(file)?.mtimeMs !== mtimeMs) kept.set(file, { mtimeMs, bytes: gzipSync(fs.readFileSync(file)) });
    return kept.get(file).bytes;
  };
  const server = createServer(async ({ url, headers }, response) => {
    const asked = decodeURIComponent(new URL(url, 'http://x').pathname);
    if (latency > 0) await sleep(latency);
    const name = asked.startsWith(below) ? asked.slice(below.length) : undefined;
    if (name !== undefined && broken?.(name, response)) return;
    const file = path.join(folder, name === undefined || name === '' ? 'index.html' : name);
    const found = name !== undefined && fs.statSync(file, { throwIfNoEntry: false })?.isFile();
    // The root of the site exists for pages of tests, too.
    const status = found || name === '' ? 200 : 404;
    const head = { 'Content-Type': 'text/html', ...(isolated ? isolation : {}) };
    if (found) head['Content-Type'] = types[path.extname(file)] ?? 'application/octet-stream';
    const isPacked = found && packed && packable.test(file);
    if (isPacked) head['Content-Encoding'] = 'gzip';
    // As GitHub Pages does.
    if (packed) head['Cache-Control'] = 'max-age=600';
    const body = found ? (isPacked ? packedBytes(file) : fs.readFileSync(file)) : Buffer.from('<!doctype html>');
    response.writeHead(status, { ...head, 'Content-Length': body.length });
    response.end(body);
    onSent?.({ name: name ?? asked, bytes: body.length, by: headers.referer ?? '' });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${server.address().port}${below}` };
}
