import { expect } from 'vitest';
import { textOf } from './client/execution';
import { check, code, kernelName, sharedKernel, type TestedKernel } from './harness';

/** The shown result of a cell, or what it printed; tslab prints results. */
async function shown(kernel: TestedKernel, cell: string): Promise<string> {
  const done = await kernel.client.run(cell);
  return textOf(done.results[0]) || done.stdout;
}

const esm = 'export const answer = await Promise.resolve(42);\nexport default "by default";\n';

/**
 * Adds a package that require() cannot load: it has only ES modules, with a top-level await.
 * @returns its name
 */
function addPackage(kernel: TestedKernel): string {
  // A page loads modules from URLs.
  if (kernelName === 'page') return `data:text/javascript,${encodeURIComponent(esm)}`;
  const folder = 'node_modules/only-esm';
  const manifest = {
    name: 'only-esm',
    version: '1.0.0',
    type: 'module',
    exports: { '.': { types: './main.d.ts', import: './main.js' } },
  };
  kernel.write(`${folder}/package.json`, JSON.stringify(manifest));
  kernel.write(`${folder}/main.js`, esm);
  kernel.write(
    `${folder}/main.d.ts`,
    'export declare const answer: number;\ndeclare const text: string;\nexport default text;\n',
  );
  return 'only-esm';
}

check('import-std', async () => {
  expect(await shown(await sharedKernel(), code.importStandard)).toContain('b.c');
});

check('import-named', async () => {
  expect(await shown(await sharedKernel(), code.importNamed.cell)).toContain(code.importNamed.shown);
});

check(
  'import-esm',
  async () => {
    const kernel = await sharedKernel();
    const id = addPackage(kernel);
    const cell = `import text, { answer } from "${id}";\nconst n: number = answer;\n[text, n].join(" ")`;
    expect(await shown(kernel, cell)).toContain('by default 42');
    expect(await shown(kernel, 'answer + 1')).toContain('43');
  },
  { only: 'ts' },
);

check(
  'import-esm-dyn',
  async () => {
    const kernel = await sharedKernel();
    const id = addPackage(kernel);
    const cell = `const { answer: dynamic } = await import("${id}");\nconst m: number = dynamic;\nm + 1`;
    expect(await shown(kernel, cell)).toContain('43');
  },
  { only: 'ts' },
);

check(
  'import-json',
  async () => {
    const kernel = await sharedKernel();
    kernel.write('data.json', '{"depth": 7, "name": "json"}');
    const read = 'data.name + data.depth';
    const plain = await kernel.client.execute(`import data from "./data.json";\n${read}`);
    const text = textOf(plain.results[0]) || plain.stdout;
    if (plain.reply.content.status === 'ok') expect(text).toContain('json7');
    else {
      const attribute = `import data from "./data.json" with { type: "json" };\n${read}`;
      expect(await shown(kernel, attribute)).toContain('json7');
    }
  },
  { only: 'ts' },
);

check('import-local', async () => {
  const kernel = await sharedKernel();
  const { file, module, use, useAgain } = code.local;
  kernel.write(file, module(1));
  expect(await shown(kernel, use)).toContain('1');
  kernel.write(file, module(2222));
  expect(await shown(kernel, useAgain)).toContain('2222');
});

check('import-fresh', async () => {
  const kernel = await sharedKernel();
  await kernel.client.run(code.print('started'));
  kernel.write(code.fresh.file, code.fresh.module);
  expect(await shown(kernel, code.fresh.use)).toContain('good morning');
});
