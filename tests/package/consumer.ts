// The package for its users: packed by npm, in the node_modules/ of a project with nothing else of ours.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { packLibrary } from '../../tools/release/make-packages.mjs';

export const own = (...parts: string[]): string => path.join(paths.root, ...parts);

/** The packed package, in a folder that {@link remove} deletes. */
export interface Packed {
  tarball: string;
  /** Bytes, compressed. */
  size: number;
  files: string[];
  folder: string;
  /** A project beside it, with the package and its dependencies. */
  consumer(files: Record<string, string>): string;
  remove(): void;
}

export async function pack(): Promise<Packed> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-package-'));
  const { file: tarball, size, files } = await packLibrary(folder);
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package', 'package.json'), 'utf8'));
  let consumers = 0;
  return {
    tarball,
    size,
    files,
    folder,
    consumer(texts) {
      const project = path.join(folder, `consumer-${consumers++}`);
      const modules = path.join(project, 'node_modules');
      fs.cpSync(path.join(folder, 'package'), path.join(modules, 'gradlab'), { recursive: true });
      linkWithTheirs(Object.keys(manifest.dependencies), modules);
      for (const [file, text] of Object.entries({ 'package.json': '{}', ...texts })) {
        fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
        fs.writeFileSync(path.join(project, file), text);
      }
      return project;
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}

/** Links packages, and their dependencies, into a `node_modules/`. */
export function linkWithTheirs(names: string[], modules: string): void {
  for (const name of withTheirs(names)) link(name, modules);
}

/** Packages, and their dependencies. */
function withTheirs(names: string[]): Set<string> {
  const all = new Set<string>();
  const add = (name: string) => {
    if (all.has(name)) return;
    all.add(name);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(own('node_modules', name, 'package.json'), 'utf8'));
    Object.keys(dependencies).forEach(add);
  };
  names.forEach(add);
  return all;
}

function link(name: string, modules: string): void {
  fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
  fs.symlinkSync(own('node_modules', name), path.join(modules, name), 'junction');
}

/**
 * The output of a program.
 * @throws with its whole output if it fails
 */
export function run(program: string, args: string[], cwd: string): string {
  try {
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${path.basename(program)} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

/** Uses every part: a net trained for two steps, a figure, data, a tree of names. `result` is an array of numbers. */
export const program = `
const x = tensor([[1, 2], [3, 4]]);
manualSeed(1);
const net = new nn.Linear(2, 1);
const sgd = new optim.SGD(net.parameters(), { lr: 0.01 });
for (let step = 0; step < 2; step++) {
  sgd.zeroGrad();
  nn.functional.mseLoss(net.forward(x), tensor([[1], [2]])).backward();
  sgd.step();
}
const figure = plot.curves([{ name: 'loss', x: [0, 1], y: [2, 1] }]);
const slope = tensor(3, { requiresGrad: true });
slope.mul(slope).backward();
const sums = rand([64, 64]).matmul(rand([64, 64])).sum().item() > 0 ? 1 : 0;
const result = [...net.weight.detach().flatten().tolist(), slope.grad.item(), figure.toJSON().data[0].y[1], sums, datasets.line200().x.shape[0]];
`;

const names = 'data, manualSeed, nn, optim, rand, tensor';
const labNames = 'datasets, plot';
/** The imports of {@link program}, from both entry points, in a module and in a script. */
export const imported = `import { ${names} } from 'gradlab';
import { ${labNames} } from 'gradlab/lab';`;
export const required = `const { ${names} } = require('gradlab');
const { ${labNames} } = require('gradlab/lab');`;
