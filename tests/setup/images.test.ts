// Requirements on Dockerfile, .dockerignore, binder/ and .devcontainer/; tests/servers/images.test.ts runs their steps.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { filesOfClone, isIgnored, readDockerfile, wordsOf } from '../support/dockerfile';

const read = (name: string) => fs.readFileSync(path.join(paths.root, name), 'utf8');
const json = (name: string) => JSON.parse(read(name));
const oldestNode = Number(/\d+/.exec(json('package.json').engines.node)![0]);

test('Dockerfile: a pinned base, a user other than root, a health check, no shell around the command', () => {
  const steps = readDockerfile(read('Dockerfile'));
  const of = (instruction: string) => steps.filter((step) => step.instruction === instruction).map(({ text }) => text);
  const [, node] = /^node:(\d+)-\w+-slim$/.exec(of('FROM').join())!;
  expect(Number(node)).toBeGreaterThanOrEqual(oldestNode);
  expect(of('USER')).toEqual(['node']);
  const user = steps.findIndex(({ instruction }) => instruction === 'USER');
  // The steps as root: one layer, without package lists, that installs only the named packages.
  const ofRoot = steps.slice(1, user);
  expect(ofRoot.map(({ instruction }) => instruction)).toEqual(['RUN']);
  expect(ofRoot[0]!.text).toMatch(/--no-install-recommends .* && rm -rf \/var\/lib\/apt\/lists\/\* /);
  for (const copied of of('COPY')) expect(copied).toMatch(/^--chown=node:node /);
  expect(of('HEALTHCHECK')).toHaveLength(1);
  expect(wordsOf(of('HEALTHCHECK')[0]!)[2]).toContain(`127.0.0.1:${of('EXPOSE')}/api`);
  expect(wordsOf(of('CMD')[0]!)).toContain(`--port=${of('EXPOSE')}`);
  expect(wordsOf(of('CMD')[0]!).join(' ')).not.toMatch(/token|password/);
});

test('the Dockerfile parser joins lines and rejects unknown instructions', () => {
  expect(readDockerfile('# a\nFROM b\n\nRUN c \\\n  && d\n')).toEqual([
    { instruction: 'FROM', text: 'b' },
    { instruction: 'RUN', text: 'c && d' },
  ]);
  expect(() => readDockerfile('ADD https://a.invalid /')).toThrow(/ADD/);
});

test('.dockerignore excludes generated files, and nothing that set-up and notebooks need', () => {
  const ignore = read('.dockerignore');
  const made = [
    'node_modules/a/b.js',
    '.venv/bin/python',
    '.gradlab/kernel/host/main.js',
    'dist/index.js',
    '.git/HEAD',
  ];
  const deep = ['notebooks/a/.ipynb_checkpoints/b.ipynb', 'kernel-setup/tsconfig.tsbuildinfo', 'notebooks/a/b.md'];
  for (const name of [...made, ...deep]) expect(isIgnored(name, ignore), name).toBe(true);
  const needed =
    /^(package.*\.json|\.npmrc|tsconfig\.json|README\.md|LICENSE|src|kernel-setup|scripts|tools|notebooks)(\/|$)/;
  for (const name of filesOfClone().filter((file) => needed.test(file)))
    expect(isIgnored(name, ignore), name).toBe(false);
  for (const line of read('.gitignore')
    .split('\n')
    .filter((each) => /^[.\w-]+\/$/.test(each)))
    expect(isIgnored(`${line}file`, ignore) || isIgnored(`a/${line}file`, ignore), line).toBe(true);
});

test('binder/: the Node, Python and packages of the project, and an executable postBuild', () => {
  const environment = read('binder/environment.yml');
  expect(Number(/nodejs=(\d+)/.exec(environment)![1])).toBeGreaterThanOrEqual(oldestNode);
  expect(Number(/python=3\.(\d+)/.exec(environment)![1])).toBeGreaterThanOrEqual(10);
  // pip runs in the folder of the file that refers to the list.
  const list = /- -r (\S+)/.exec(environment)![1]!;
  expect(path.resolve(paths.root, 'binder', list)).toBe(paths.requirements);
  expect(fs.statSync(path.join(paths.root, 'binder', 'postBuild')).mode & 0o111).toBe(0o111);
  expect(read('binder/postBuild')).toMatch(/^#!/);
  expect(fs.readdirSync(path.join(paths.root, 'binder')).sort()).toEqual(['environment.yml', 'postBuild']);
});

test('.devcontainer: valid keys, a pinned image, the port, and the Jupyter extension', () => {
  const container = json('.devcontainer/devcontainer.json');
  const names = ['name', 'image', 'features', 'remoteUser', 'postCreateCommand', 'forwardPorts', 'portsAttributes'];
  expect(Object.keys(container)).toEqual([...names, 'customizations']);
  expect(Number(/javascript-node:(\d+)-bookworm$/.exec(container.image)![1])).toBeGreaterThanOrEqual(oldestNode);
  for (const feature of Object.keys(container.features)) expect(feature).toMatch(/^ghcr\.io\/.*:\d+$/);
  expect(container.remoteUser).toBe('node');
  expect(Object.keys(container.portsAttributes)).toEqual(container.forwardPorts.map(String));
  expect(container.customizations.vscode.extensions).toContain('ms-toolsai.jupyter');
});
