import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paths } from '../../kernel-setup/setup/index.mjs';
import {
  nodeAdvice,
  nodeProblem,
  oldestNode,
  oldestNodeGoes,
  orList,
  recommendedNodes,
  testedNodes,
} from '../../kernel-setup/setup/oldest-node.mjs';
import { scratchFolder } from '../support/project-copy';

let folder: string;

beforeAll(() => {
  folder = scratchFolder();
  fs.writeFileSync(
    path.join(folder, 'old.cjs'),
    "Object.defineProperty(process.versions, 'node', { value: '18.19.1' });\n",
  );
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

test.each(['20.19.0', '20.19.1', '20.20.0', '22.0.0', '26.1.0'])('accepts Node %s', (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(['20.18.9', '20.9.0', '18.20.4', '8.0.0'])('rejects Node %s as too old, with a remedy', (version) => {
  expect(nodeProblem(version)?.message).toBe(`gradlab needs Node 20.19.0 or newer; this is Node ${version}`);
  expect(nodeProblem(version)?.remedy).toMatch(/nodejs\.org.*then run the command again/);
});

test('the oldest Node is the one in package.json', () => {
  const { engines } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8'));
  expect(`${engines.node.replace('>=', '')}.0`).toBe(oldestNode);
});

test('a Node past its end of life runs, with a warning', () => {
  expect(nodeAdvice('20.20.2')).toBe(
    'it gets no more fixes; gradlab supports it until April 2027; install Node 22, 24 or 26',
  );
  expect(['22.23.3', '24.21.0', '26.10.0'].map(nodeAdvice)).toEqual([undefined, undefined, undefined]);
});

test.each(['README.md', 'kernel-setup/package/README.md'])('%s names the same versions', (file) => {
  const text = fs.readFileSync(path.join(paths.root, file), 'utf8').replace(/\s+/g, ' ');
  expect(text).toContain(` ${orList(recommendedNodes)}`);
  expect(text).toContain(`${oldestNode.replace(/\.0$/, '')} or later still runs, until ${oldestNodeGoes}`);
});

test('the workflow runs the checks on each of them', () => {
  const text = fs.readFileSync(path.join(paths.root, '.github', 'workflows', 'checks.yml'), 'utf8');
  expect(JSON.parse(/^ +node: (\[.*\])$/m.exec(text)![1]!)).toEqual(testedNodes);
  expect(testedNodes.slice(1)).toEqual(recommendedNodes);
  expect(testedNodes[0]).toBe(Number.parseInt(oldestNode, 10));
});

test.each(['start', 'test', 'build', 'doctor', 'notebooks'])(
  'npm run %s stops immediately on an old Node',
  (script) => {
    const args = ['--require', path.join(folder, 'old.cjs'), path.join(paths.root, 'scripts', `${script}.mjs`)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).toMatch(/^✗ gradlab needs Node 20\.19\.0 or newer; this is Node 18\.19\.1\n {2}Try: .*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  },
);
