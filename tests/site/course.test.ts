// A site of custom notebooks, in a folder without a map.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesBelow } from '../../kernel-setup/setup/files.mjs';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { buildSite, writeContents } from '../../site/build-site.mjs';
import { ERRATA, NOTICES, START } from '../../site/pages/addresses.mjs';
import { writeErrata } from '../../site/pages/errata.mjs';
import { writeNotFound } from '../../site/pages/not-found.mjs';
import { readNotebooks } from '../../site/pages/read-notebooks.mjs';
import { writeCoursePage } from '../../site/pages/start-page.mjs';
import { makeNotebook } from '../support/notebooks';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-course-'));
const course = path.join(folder, 'My course');
const site = path.join(folder, 'site');
const ofCourse = { ...paths, notebooks: course };
const write = (name: string, text: string) => {
  fs.mkdirSync(path.dirname(path.join(course, name)), { recursive: true });
  fs.writeFileSync(path.join(course, name), text);
};
const notebook = (title: string) =>
  JSON.stringify(
    makeNotebook([
      { source: `# ${title}\n\nA sentence.`, type: 'markdown' },
      "predict('guess');\nexercise('two', undefined);",
    ]),
  );
const claim = { id: 'B01', verdict: 'holds', settled: 'measured', sentence: 'Two is two.', notebook: 'rates.ipynb' };

beforeAll(() => {
  fs.mkdirSync(path.join(site, 'pages'), { recursive: true });
  write('rates.ipynb', notebook('Rates'));
  write('week 2/losses.ipynb', notebook('Losses & <more>'));
  write('rates.predictions.json', '{}');
  write('rows.csv', '1,2');
  for (const hidden of ['.git/config', '.progress.json', 'node_modules/x/index.ipynb', '.ipynb_checkpoints/a.ipynb'])
    write(hidden, '{}');
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const read = (name: string) => fs.readFileSync(path.join(site, name), 'utf8');

test('has all notebooks, by their headings, with their questions and exercises', () => {
  const { entries, isCourse, claims } = readNotebooks(course);
  expect({ isCourse, claims }).toEqual({ isCourse: true, claims: [] });
  expect(entries).toMatchObject([
    { path: 'rates.ipynb', title: 'Rates', state: 'ready', minutes: 5, predictions: ['guess'], exercises: ['two'] },
    { path: 'week 2/losses.ipynb', title: 'Losses & <more>' },
  ]);
});

test('its start page links to each notebook, and mentions statements only if there are some', () => {
  writeErrata(site, readNotebooks(course));
  writeCoursePage(site, readNotebooks(course), 'An hour & more');
  writeNotFound(site);
  const links = (name: string) => [...read(name).matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href]) => href);
  expect(read(START)).toContain('<h1>An hour &amp; more</h1>');
  expect(read(START)).toContain('<a href="pages/week 2/losses.html">Losses &amp; &lt;more&gt;</a>');
  expect(links(START)).toContain(NOTICES);
  expect([...links(START), ...links('404.html')]).not.toContain(ERRATA);
  expect(fs.existsSync(path.join(site, ERRATA))).toBe(false);

  write('claims.json', JSON.stringify([claim]));
  writeErrata(site, readNotebooks(course));
  writeCoursePage(site, readNotebooks(course), 'An hour');
  writeNotFound(site);
  expect(links(START)).toContain(ERRATA);
  expect(links('404.html')).toContain(ERRATA);
  expect(read(ERRATA)).toContain('<h1>Statements</h1>');
  expect(read(ERRATA)).toMatch(/<td>B01<\/td>.*<td>Two is two\.<\/td><td><a href="rates\.html">measured/);
});

test('the laboratory contains the files beside the notebooks, but nothing hidden and no packages', () => {
  const to = path.join(folder, 'contents');
  writeContents(ofCourse, to);
  const below = fs.readdirSync(to, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(below.map(({ name }) => name).sort()).toEqual([
    'claims.json',
    'losses.ipynb',
    'rates.ipynb',
    'rates.predictions.json',
    'rows.csv',
  ]);
});

test('checks of graded exercises are in no file of the laboratory', () => {
  const secret = 'answer === 41257';
  const text = `module.exports = { best: { isRight: (answer) => ${secret}, mistakes: [], otherwise: 'Derive it.', tried: { right: [41257], wrong: [] } },
    twice: { isRight: (f) => f(41257) === 82514, probe: [1], mistakes: [], otherwise: '', tried: { right: [], wrong: [] } } };`;
  write('rates.graded.exercises.js', text);
  const to = path.join(folder, 'graded');
  writeContents(ofCourse, to);
  const file = path.join(to, 'rates.graded.exercises.js');
  expect(fs.readFileSync(file, 'utf8')).toBe(
    'module.exports = {"best":{"graded":true},"twice":{"graded":true,"probe":[1]}};\n',
  );
  const all = filesBelow(to).filter((name: string) => /41257|82514/.test(fs.readFileSync(name, 'utf8')));
  expect(all).toEqual([]);
  fs.rmSync(path.join(course, 'rates.graded.exercises.js'));
});

test('a folder without notebooks is rejected before anything is built', async () => {
  const none = path.join(folder, 'none');
  fs.mkdirSync(none);
  const options = { log: () => {}, env: {}, notebooks: none };
  await expect(buildSite(paths, path.join(folder, 'out'), options)).rejects.toThrow(`there is no notebook in ${none}`);
});

test.each([
  ['{ "notes": [', /map\.json is not JSON: /, 'mend it, or remove it'],
  ['{}', /map\.json has no list "notes"/, 'mend it, or remove it'],
  [
    '{ "notes": [{ "folder": "1-a", "number": "1", "notebooks": [{ "file": "q-b.ipynb", "state": "ready" }] }] }',
    /ready that are not in .*: 1-a\/q-b\.ipynb/,
    'set their "state" to "planned"',
  ],
])('a map %s is refused with what to do, before anything is built', async (map, message, remedy) => {
  const root = fs.mkdtempSync(path.join(folder, 'map-'));
  fs.writeFileSync(path.join(root, 'map.json'), map);
  const building = buildSite(paths, path.join(folder, 'out'), { log: () => {}, env: {}, notebooks: root });
  await expect(building).rejects.toThrow(message);
  await expect(building).rejects.toMatchObject({ remedy: expect.stringContaining(remedy) });
});

test('claims.json that cannot be read is refused with what to do', () => {
  const root = fs.mkdtempSync(path.join(folder, 'claims-'));
  fs.writeFileSync(path.join(root, 'claims.json'), '[{');
  expect(() => readNotebooks(root)).toThrow(/claims\.json cannot be used: claims\.json is not JSON: /);
  expect(() => readNotebooks(root)).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining('own-notebook.md') }),
  );
});
