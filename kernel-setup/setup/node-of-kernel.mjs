// The Node of a kernelspec.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { nodeProblem } from './oldest-node.mjs';

/**
 * A path to Node that survives upgrades: package managers may keep each version in its own folder, with a link to the
 * current one on PATH.
 */
export function stablePathOf(node, env = process.env) {
  for (const folder of (env.PATH ?? env.Path ?? '').split(path.delimiter)) {
    // Some folders that are links last only as long as the shell that made them.
    const real = path.isAbsolute(folder) ? realPathOf(folder) : undefined;
    const program = real && path.join(real, path.basename(node));
    if (program && realPathOf(program) === realPathOf(node)) return program;
  }
  return node;
}

/** Undefined also if this user has no access. */
function realPathOf(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return undefined;
  }
}

/** The start of a kernelspec's command, before our program. */
const startOf = ({ argv: [node, ...rest] }) => {
  const end = rest.findIndex((argument) => !argument.startsWith('-'));
  return [node, rest.slice(0, end < 0 ? rest.length : end)];
};

/** A description of a kernelspec's Node, if it is not the running one. */
export function nodeOf(spec) {
  const [node] = startOf(spec);
  if (realPathOf(node) === realPathOf(process.execPath)) return undefined;
  return `Node ${ask(node, []).version} (${node})`;
}

/**
 * Why the Node of a kernelspec cannot run the kernel, in a few words; undefined if it can. An upgrade may have replaced
 * it by one that rejects the old arguments.
 */
export function whyNodeFails(spec) {
  const [node, flags] = startOf(spec);
  if (!fs.existsSync(node)) return `the Node that it uses, ${node}, is gone`;
  const plain = ask(node, []);
  if (plain.version === undefined) return `the Node that it uses, ${node}, does not start: ${plain.said}`;
  const problem = nodeProblem(plain.version);
  if (problem) return `it uses ${node}, but ${problem.message.replace('this', 'that')}`;
  const { version, said } = ask(node, flags);
  return version === undefined
    ? `it gives ${node}, which is Node ${plain.version} now, a flag of an earlier one: ${said}`
    : undefined;
}

function ask(node, flags) {
  const { status, stdout, stderr, error } = spawnSync(node, [...flags, '-p', 'process.versions.node'], {
    encoding: 'utf8',
    windowsHide: true,
  });
  if (status === 0) return { version: stdout.trim() };
  return { said: (stderr?.trim().split('\n')[0] || error?.message) ?? `it ended with ${status}` };
}
