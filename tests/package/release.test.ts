// A release: the version and its copies, the changelog, and the licences of dependencies.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { notAccepted } from '../../tools/licences/accepted.mjs';
import { problemsOfLicences, pythonLicence } from '../../tools/licences/needed.mjs';
import { addressesOf } from '../../tools/release/address.mjs';
import { notesOf, released, sectionsOf } from '../../tools/release/changelog.mjs';
import { disagreeing, isLater, versionOf, withVersion } from '../../tools/release/versions.mjs';

const { root } = paths;
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-release-'));
afterAll(() => fs.rmSync(copy, { recursive: true, force: true }));

test('every file that repeats the version has that of package.json', () => {
  expect(disagreeing(root)).toEqual([]);
});

test('a new version is written everywhere, and a file that keeps the old one is named', () => {
  for (const [file] of withVersion(root, '99.0.0')) {
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.copyFileSync(path.join(root, file), path.join(copy, file));
  }
  const texts = withVersion(copy, '99.1.2');
  expect(texts.length).toBe(5);
  for (const [file, text] of texts.slice(1)) fs.writeFileSync(path.join(copy, file), text);
  expect(versionOf(copy)).toBe('99.1.2');
  expect(disagreeing(copy)).toEqual([`${texts[0]![0]}: ${versionOf(root)}`, `${texts[0]![0]}: ${versionOf(root)}`]);
  fs.writeFileSync(path.join(copy, texts[0]![0]), texts[0]![1]);
  expect(disagreeing(copy)).toEqual([]);
  const lock = JSON.parse(fs.readFileSync(path.join(copy, 'package-lock.json'), 'utf8'));
  expect([lock.version, lock.packages[''].version]).toEqual(['99.1.2', '99.1.2']);
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  expect({ ...lock.packages, '': packages[''] }).toEqual(packages);
});

test('rejects a version that is invalid, or not later', () => {
  for (const wrong of ['1.2', 'v1.2.3', '1.2.3-beta', ''])
    expect(() => withVersion(root, wrong)).toThrow(/is no version/);
  expect(() => withVersion(root, versionOf(root))).toThrow(/does not come after/);
  expect(isLater('0.10.0', '0.9.9')).toBe(true);
  expect(isLater('1.0.0', '1.0.0')).toBe(false);
  expect(isLater('1.0.9', '1.1.0')).toBe(false);
});

test('the unreleased changes become the section of the version, and the text of its release', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-02\n\n- First.\n';
  const next = released(changelog, '0.2.0', '2026-11-21');
  expect(notesOf(next, '0.2.0')).toBe('### Added\n\n- A thing.');
  expect(sectionsOf(next).map(({ name, date, text }) => [name, date, text === ''])).toEqual([
    ['Unreleased', undefined, true],
    ['0.2.0', '2026-11-21', false],
    ['0.1.0', '2026-01-02', false],
  ]);
  expect(() => released(next, '0.3.0', '2026-11-22')).toThrow(/nothing under \[Unreleased\]/);
  expect(() => released(changelog, '0.1.0', '2026-11-22')).toThrow(/has a section \[0.1.0\] already/);
  expect(() => notesOf(changelog, '0.2.0')).toThrow(/no section \[0.2.0\]/);
  expect(() => notesOf('## [0.2.0]\n\n- A thing.\n', '0.2.0')).toThrow(/has no date/);
});

test('docs/licences.md has all packages, under licences compatible with MIT', () => {
  expect(problemsOfLicences(root)).toEqual([]);
});

test('one of alternative licences suffices, of combined ones all are needed', () => {
  expect(notAccepted('MIT OR GPL-3.0-only')).toEqual([]);
  expect(notAccepted('(MIT AND GPL-3.0-only)')).toEqual(['GPL-3.0-only']);
  expect(notAccepted(undefined)).toEqual(['no licence']);
  const metadata = {
    license_expression: null,
    license: 'BSD 3-Clause License, long text',
    classifiers: [] as string[],
  };
  expect(notAccepted(pythonLicence(metadata))).not.toEqual([]);
  const classified = { ...metadata, classifiers: ['License :: OSI Approved :: BSD License'] };
  expect(pythonLicence(classified)).toBe('BSD');
});

test('the command lists what is not ready, and prints nothing for a version without a section', () => {
  const run = (...args: string[]) => {
    try {
      return {
        code: 0,
        out: execFileSync(process.execPath, ['scripts/release.mjs', ...args], {
          cwd: root,
          encoding: 'utf8',
          stdio: 'pipe',
        }),
      };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, out: stdout + stderr };
    }
  };
  expect(run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('npm run release -- 1.2.3') });
  expect(run('0.0.1')).toMatchObject({ code: 1, out: expect.stringContaining('does not come after') });
  const before = sectionsOf(fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8')).some(
    ({ name }) => name === versionOf(root),
  );
  if (!before) expect(run('--notes')).toMatchObject({ code: 1, out: expect.stringContaining('has no section') });
});

test('addresses derive from one field, and none is written while it is empty', () => {
  expect(addressesOf({})).toEqual({});
  expect(addressesOf({ repository: '' })).toEqual({});
  const repository = 'https://example.org/somebody/gradlab';
  expect(addressesOf({ repository }, 'kernel-setup')).toEqual({
    repository: { type: 'git', url: `git+${repository}.git`, directory: 'kernel-setup' },
    homepage: `${repository}#readme`,
    bugs: { url: `${repository}/issues` },
  });
  for (const wrong of ['somebody/gradlab', `${repository}/`, `${repository}.git`, 'git@example.org:somebody/gradlab'])
    expect(() => addressesOf({ repository: wrong })).toThrow('expected the address of the project');
});

test('issue forms ask questions, and each answer has a unique name', () => {
  const folder = path.join(root, '.github', 'ISSUE_TEMPLATE');
  const forms = fs.readdirSync(folder).filter((name) => name !== 'config.yml');
  expect(forms).toEqual(['bug.yml', 'false-statement.yml', 'question.yml']);
  for (const name of forms) {
    const form = parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    expect(Object.keys(form), name).toEqual(['name', 'description', 'labels', 'body']);
    const ids = form.body.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size, name).toBe(ids.length);
    for (const { type, attributes } of form.body) {
      expect(['input', 'textarea']).toContain(type);
      expect(attributes.label).toMatch(/^\S/);
    }
  }
});

test('CITATION.cff has the required fields', () => {
  const cited = parse(fs.readFileSync(path.join(root, 'CITATION.cff'), 'utf8'));
  expect(cited).toMatchObject({
    'cff-version': '1.2.0',
    title: expect.stringMatching(/^gradlab: /),
    license: 'MIT',
    version: versionOf(root),
  });
  expect(cited.message).toMatch(/cite/);
  expect(cited.authors).toEqual([{ name: 'The gradlab authors' }]);
});
