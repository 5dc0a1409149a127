import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, fingerprint } from '../../kernel-setup/setup/files.mjs';
import { diagnose } from '../../kernel-setup/setup/index.mjs';
import { copyProject, type ProjectCopy } from '../support/project-copy';

let project: ProjectCopy;

beforeAll(async () => {
  project = copyProject();
  await project.setUp();
});

beforeEach(() => {
  project.log.length = 0;
});

afterAll(() => project.remove());

/** Moves a file or folder away, puts `replacement` in its place, and restores it after `action`. */
async function without(file: string, action: () => Promise<void>, replacement?: string): Promise<void> {
  const target = path.join(project.root, file);
  const aside = `${target}.aside`;
  fs.renameSync(target, aside);
  try {
    if (replacement !== undefined) {
      fs.writeFileSync(target, replacement, { mode: 0o755 });
    }
    await action();
  } finally {
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(aside, target);
  }
}

/** Marks a build with a mistake as current: a damaged one would simply be rebuilt. */
function passAsBuilt(folder: string): void {
  const stamp = path.join(folder, '.source-stamp');
  const [sources] = fs.readFileSync(stamp, 'utf8').split('\n');
  const built = filesBelow(folder).filter((file) => file !== stamp);
  fs.writeFileSync(stamp, `${sources}\n${fingerprint(folder, built)}\n`);
}

const report = () => project.log.join('\n');

/** The path in the suggested remedy. */
const advised = (pattern: RegExp) => path.join(project.root, pattern.exec(report())![1]);

test('a correct project passes every check', async () => {
  expect(await diagnose(project.context), report()).toEqual([]);
  expect(report()).toMatch(/✓ Kernel start/);
  expect(report()).toMatch(/✓ One figure: arrives as plotly JSON/);
  expect(report()).toMatch(/✓ One slider: has its line to the notebook/);
  expect(report()).not.toMatch(/[✗–]/);
});

describe('a broken part is reported with a remedy, and dependent checks are skipped:', () => {
  test('an old Node', async () => {
    const failed = await diagnose({ ...project.context, nodeVersion: '18.20.4' }, 'npm packages');
    expect(failed).toEqual(['Node']);
    expect(report()).toMatch(/✗ Node: gradlab needs Node 20\.19\.0 or newer; this is Node 18\.20\.4\n {2}Try: install/);
  });

  // Root may write anywhere, so the unwritable folder is a file.
  test.each(['history', 'jupyter/runtime', 'locks'])('a folder that cannot be written: .gradlab/%s', async (name) => {
    const folder = path.join('.gradlab', name);
    fs.mkdirSync(path.join(project.root, folder), { recursive: true });
    await without(
      folder,
      async () => {
        expect(await diagnose(project.context)).toEqual(['Folders']);
        expect(report()).toContain(`✗ Folders: ${folder} cannot be written\n    ${folder}: ENOTDIR`);
        expect(report()).toMatch(/ {2}Try: delete or rename the file that has the folder's name\n/);
        expect(report()).toMatch(/– Kernel start: not checked/);
      },
      '',
    );
  });

  test('a package that is missing', async () => {
    await without('node_modules/tslab', async () => {
      expect(await diagnose(project.context)).toEqual(['npm packages']);
      expect(report()).toMatch(/✗ npm packages: node_modules\/tslab is missing\n {2}Try: `npm start`/);
      expect(report()).toMatch(/– Kernel start: not checked, npm packages comes first/);
    });
  });

  test('a binary that does not load', async () => {
    // `require` from the project loads this file first, as if the package's binary were for another machine.
    project.write('zeromq-broken.cjs', 'throw new Error("invalid ELF header");');
    await without('node_modules/zeromq', async () => {
      fs.mkdirSync(path.join(project.root, 'node_modules/zeromq'));
      project.write('node_modules/zeromq/package.json', '{ "main": "../../zeromq-broken.cjs" }');
      expect(await diagnose(project.context)).toEqual(['ZeroMQ']);
      expect(report()).toMatch(/invalid ELF header[\s\S]*Try: `npm rebuild zeromq`/);
      expect(report()).toMatch(/– Kernel start/);
    });
  });

  test('no Python', async () => {
    const env = { ...project.context.env, PYTHON: path.join(project.root, 'no-such-python') };
    expect(await diagnose({ ...project.context, env })).toEqual(['Python']);
    expect(report()).toMatch(/✗ Python: PYTHON=.*is not a working Python\n {2}Try: set PYTHON/);
    expect(report()).toMatch(/– Python environment/);
  });

  test('an environment whose Python is gone', async () => {
    const python = path.relative(project.root, project.paths.venvPython);
    await without(python, async () => {
      expect(await diagnose(project.context)).toEqual(['Python environment']);
      expect(report()).toMatch(/✗ Python environment: \.venv's Python does not start\n {2}Try: `npm start`/);
    });
  });

  test('a Python package that does not load', async () => {
    const python = path.relative(project.root, project.paths.venvPython);
    const real = path.join(path.dirname(project.paths.venvPython), 'python.aside');
    const refusing = `#!/bin/sh\ncase "$*" in *jupyterlab*) echo "No module named jupyterlab" >&2; exit 1;; esac\nexec ${real} "$@"\n`;
    await without(
      python,
      async () => {
        expect(await diagnose(project.context)).toEqual(['Python environment']);
        expect(report()).toMatch(/its packages do not load\n {4}No module named jupyterlab\n {2}Try: delete/);
      },
      refusing,
    );
  });

  test('sources that do not compile', async () => {
    await without(
      'src/index.ts',
      async () => {
        expect(await diagnose(project.context)).toEqual(['Library']);
        expect(report()).toMatch(/✗ Library: The library does not compile\n.*src\/index\.ts:1:31: error: /);
        expect(report()).toMatch(
          /… Library: src\/ changed, so it is built\n[\s\S]*– One cell: not checked, Library comes first/,
        );
      },
      'export const version = "one" +;\n',
    );
  });

  test('a kernelspec that is missing', async () => {
    await without('.venv/share/jupyter/kernels/tslab', async () => {
      expect(await diagnose(project.context)).toEqual(['Kernelspecs and settings']);
      expect(report()).toMatch(/✗ Kernelspecs and settings: .*tslab.kernel\.json is not there\n {2}Try: `npm start`/);
    });
  });

  test('another kernel of the same name', async () => {
    const folder = path.join(project.paths.jupyter, 'data', 'kernels', 'gradlab');
    fs.mkdirSync(folder, { recursive: true });
    const spec = { argv: ['other', '{connection_file}'], display_name: 'Other', language: 'typescript' };
    fs.writeFileSync(path.join(folder, 'kernel.json'), JSON.stringify(spec));
    try {
      expect(await diagnose(project.context)).toEqual(['Kernelspecs and settings']);
      expect(report()).toMatch(/another kernel has the name gradlab\n {2}Try: delete/);
      fs.rmSync(advised(/the folder ([^ ]+),/), { recursive: true });
      expect(await diagnose(project.context, 'Kernelspecs and settings')).toEqual([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a figure renderer that is switched off', async () => {
    const folder = path.join(project.paths.jupyter, 'config', 'labconfig');
    fs.mkdirSync(folder, { recursive: true });
    const off = { disabledExtensions: { 'gradlab-plotly': true } };
    fs.writeFileSync(path.join(folder, 'page_config.json'), JSON.stringify(off));
    try {
      expect(await diagnose(project.context, 'Figure renderer')).toEqual(['Figure renderer']);
      expect(report()).toMatch(/✗ Figure renderer: .*\n[\s\S]*Try: delete/);
      fs.rmSync(advised(/the file ([^ ]+),/));
      expect(await diagnose(project.context, 'Figure renderer')).toEqual([]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  test('a kernel that does not start', async () => {
    const kernel = path.join('.gradlab', 'kernel', 'host', 'main.js');
    await without(
      kernel,
      async () => {
        passAsBuilt(project.paths.kernelBuild);
        expect(await diagnose(project.context)).toEqual(['Kernel start']);
        expect(report()).toMatch(/port taken[\s\S]*Try: read the lines above/);
        expect(report()).toMatch(/– One figure: not checked, Kernel start comes first/);
      },
      'exports.runKernel = () => { throw new Error("port taken"); };\n',
    );
  });

  test('a link to the library that is missing', async () => {
    fs.rmSync(path.join(project.root, 'node_modules', 'gradlab'));
    try {
      expect(await diagnose(project.context)).toEqual(['npm packages']);
      expect(report()).toMatch(/node_modules\/gradlab is missing/);
    } finally {
      fs.symlinkSync('..', path.join(project.root, 'node_modules', 'gradlab'), 'dir');
    }
  });

  test('a library that fails while it loads', async () => {
    const index = path.join(project.paths.libraryBuild, 'index.js');
    const working = fs.readFileSync(index, 'utf8');
    fs.writeFileSync(index, 'throw new Error("half a file");');
    passAsBuilt(project.paths.libraryBuild);
    try {
      expect(await diagnose(project.context)).toEqual(['One cell']);
      expect(report()).toMatch(/half a file[\s\S]*Try: `npm run build`/);
      expect(report()).toMatch(/– One figure/);
    } finally {
      fs.writeFileSync(index, working);
    }
  });

  test('figures that arrive as text only', async () => {
    const show = path.join(project.paths.libraryBuild, 'lab', 'index.js');
    const working = fs.readFileSync(show, 'utf8');
    fs.writeFileSync(show, `${working}\nexports.show = () => console.log("a line");`);
    passAsBuilt(project.paths.libraryBuild);
    try {
      expect(await diagnose(project.context)).toEqual(['One figure']);
      expect(report()).toMatch(/✗ One figure: a figure does not arrive at the notebook\n {4}a line\n {2}Try:/);
    } finally {
      fs.writeFileSync(show, working);
    }
  });

  test('widgets that do not load', async () => {
    const widgets = path.join(project.paths.kernelBuild, 'cells', 'widgets', 'index.js');
    const working = fs.readFileSync(widgets, 'utf8');
    fs.writeFileSync(widgets, 'throw new Error("half a file");');
    passAsBuilt(project.paths.kernelBuild);
    try {
      expect(await diagnose(project.context)).toEqual(['One slider']);
      expect(report()).toMatch(
        /✗ One slider: a slider does not arrive at the notebook\n[\s\S]*half a file[\s\S]*Try: /,
      );
    } finally {
      fs.writeFileSync(widgets, working);
    }
  });
});
