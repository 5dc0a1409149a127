// Notices of third-party code in site and packages: everything has a licence and its text.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleKernel } from '../../kernel-setup/kernel-in-page/bundle-kernel.mjs';
import { buildIfStale } from '../../kernel-setup/setup/build.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { NOTICES, noticesOfData, noticesOfList, packageFolders, writeNotices } from '../../tools/licences/notices.mjs';
import { writeNoticesOfLibrary } from '../../tools/release/make-packages.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-notices-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/**
 * Creates a package as npm would install it.
 * @returns a module of it
 */
function install(name: string, manifest: object, files: Record<string, string> = {}): string {
  const at = path.join(folder, 'node_modules', name);
  const texts = { 'package.json': JSON.stringify({ name, version: '1.2.3', ...manifest }), ...files };
  for (const [file, text] of Object.entries(texts)) {
    fs.mkdirSync(path.dirname(path.join(at, file)), { recursive: true });
    fs.writeFileSync(path.join(at, file), text);
  }
  return path.join(at, 'lib', 'index.js');
}

const write = (files: string[], more = noticesOfData(paths)) => {
  writeNotices(paths, folder, { what: 'A site', files, more });
  return fs.readFileSync(path.join(folder, NOTICES), 'utf8');
};

test('a package is listed with its licence, all of its texts and its source', () => {
  const file = install('@some/one', { license: 'MIT' }, { LICENSE: 'Of one\r\n', 'NOTICE.txt': 'And noted' });
  const text = write([file, path.join(folder, 'src', 'ours.ts'), file, '\0virtual'], []);
  expect(text).toBe(
    'A site is under the MIT licence, and hands out what follows, each under its own licence.\n\n' +
      `${'='.repeat(80)}\n@some/one 1.2.3, MIT\n  https://www.npmjs.com/package/@some/one/v/1.2.3\n\nOf one\n\n\nAnd noted\n`,
  );
});

describe('the build fails for', () => {
  const list = (packages: object[]) => {
    const file = path.join(folder, 'third-party-licenses.json');
    fs.writeFileSync(file, JSON.stringify({ packages }));
    return noticesOfList(file);
  };

  test('a package without the text of its licence', () => {
    expect(() => write([install('no-text', { license: 'MIT' })])).toThrow(
      'no-text 1.2.3: no text of its licence (MIT)',
    );
  });

  test('one without a licence, or under one that does not allow redistribution', () => {
    const files = [
      install('no-licence', {}, { LICENSE: 'Mine' }),
      install('strict', { license: 'GPL-3.0-only' }, { COPYING: 'Yours' }),
    ];
    expect(() => write(files)).toThrow(
      /no-licence 1\.2\.3: no licence\n {2}strict 1\.2\.3: GPL-3\.0-only\n.*accepted\.mjs/s,
    );
  });

  test('one without a text in the list of JupyterLite, unless it is supplied', () => {
    const of = (name: string) => ({ name, versionInfo: '1.0.0', licenseId: 'BSD-3-Clause', extractedText: '' });
    expect(write([], list([of('@lumino/widgets')]))).toContain('Copyright (c) 2019 Project Jupyter Contributors');
    expect(() => write([], list([of('@lumino-like/widgets'), of('vega-lite-like')]))).toThrow(
      /@lumino-like\/widgets 1\.0\.0: no text.*\n {2}vega-lite-like 1\.0\.0: no text/,
    );
  });

  test('one with an unknown compiled component', () => {
    const made = (uri: string) => ({
      LICENSE: 'Mine',
      'lib/provenance.json': JSON.stringify({ predicate: { buildDefinition: { resolvedDependencies: [{ uri }] } } }),
    });
    const at = 'https://example.org';
    const known = install('known', { license: 'MIT' }, made(`${at}/graphviz-16.1.0.tar.gz`));
    expect(write([known])).toContain(`graphviz (in known) 16.1.0, EPL-2.0\n  ${at}/graphviz-16.1.0.tar.gz\n`);
    const unknown = install('unknown', { license: 'MIT' }, made(`${at}/cairo-1.18.2.tar.xz`));
    expect(() => write([unknown])).toThrow('cairo (in unknown) 1.18.2: no licence');
  });
});

describe('distributed third-party code', () => {
  beforeAll(() => buildIfStale(paths));

  test('with the kernel in a page', async () => {
    const files = await bundleKernel(paths, path.join(folder, 'kernel'));
    const names = packageFolders(paths, files).map((at) => path.relative(paths.nodeModules, at).replaceAll('\\', '/'));
    expect(names.sort()).toEqual([
      '@jridgewell/resolve-uri',
      '@jridgewell/sourcemap-codec',
      '@jridgewell/trace-mapping',
      '@jupyter-widgets/schema',
      '@noble/hashes',
      '@types/ndarray',
      '@viz-js/viz',
      'iota-array',
      'is-buffer',
      'ndarray',
      'node-inspect-extracted',
      'path-browserify',
      'rolldown',
      'tslab',
      'typescript',
    ]);
    const text = write(files);
    for (const part of ['Copyright (c) 2023 Michael Daines', 'Eclipse Public License - v 2.0', 'TypeScript ThirdParty'])
      expect(text).toContain(part);
  });

  test("with the library: data sets, and nothing of another package except the bundler's helpers", () => {
    writeNoticesOfLibrary(folder);
    const titles = [...fs.readFileSync(path.join(folder, NOTICES), 'utf8').matchAll(/^={80}\n(.+),/gm)];
    expect(titles.map(([, name]) => name)).toEqual([
      'Fashion-MNIST',
      'Optical Recognition of Handwritten Digits',
      expect.stringMatching(/^rolldown /),
    ]);
  });
});
