import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/index.mjs';

/** A cell of a notebook made for a test; code by default. */
export type Cell =
  | string
  | {
      source: string;
      type?: 'code' | 'markdown';
      id?: string;
      tags?: string[];
      outputs?: object[];
      count?: number | null;
    };

/** A cell in the file format. */
export interface MadeCell {
  cell_type: 'code' | 'markdown';
  id: string;
  metadata: { tags?: string[]; jupyter?: object };
  source: string;
  execution_count?: number | null;
  outputs?: object[];
}

/** The content of an .ipynb file with these cells. */
export function makeNotebook(cells: Cell[], metadata: object = {}) {
  return {
    cells: cells.map((cell, index): MadeCell => {
      const {
        source,
        type = 'code',
        id,
        tags,
        outputs = [],
        count = null,
      } = typeof cell === 'string' ? { source: cell } : cell;
      const common = { cell_type: type, id: id ?? `cell-${index + 1}`, metadata: tags ? { tags } : {}, source };
      return type === 'code' ? { ...common, execution_count: count, outputs } : common;
    }),
    metadata: {
      kernelspec: { display_name: 'TypeScript (gradlab)', language: 'typescript', name: 'gradlab' },
      ...metadata,
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** First cell of a notebook that displays MIME types without the library, for tests of the runner. */
export const putCell = `import * as tslab from 'tslab';
const put = (type: string, content: unknown) => tslab.display.raw(type, content as string);`;

/** Source of a cell that outputs a claim with one measurement, `part`. */
export const claimCell = (claim: object, part: object = {}) => {
  const measured = { expected: 0, tolerance: 1e-6, value: 1e-9, ...part };
  const bundle = [{ verdict: 'holds', settled: 'measured', statement: 's', parts: [measured], ...claim }];
  return `put('application/vnd.gradlab.claim+json', ${JSON.stringify(bundle)});`;
};

/** Source of a cell that outputs a figure. */
export const figureCell = (figure: object) => `put('application/vnd.plotly.v1+json', ${JSON.stringify(figure)});`;

/** A folder of notebooks for the runner's --root, inside the project so that cells find its packages. */
export function makeFolder(notebooks: Record<string, object>, claims?: unknown) {
  const parent = path.join(paths.state, 'tmp');
  fs.mkdirSync(parent, { recursive: true });
  const root = fs.mkdtempSync(path.join(parent, 'notebooks-'));
  const file = (name: string) => path.join(root, name);
  for (const [name, content] of Object.entries(notebooks)) {
    fs.mkdirSync(path.dirname(file(name)), { recursive: true });
    fs.writeFileSync(file(name), JSON.stringify(content));
  }
  if (claims) fs.writeFileSync(file('claims.json'), JSON.stringify(claims));
  return {
    root,
    file,
    text: (name: string) => fs.readFileSync(file(name), 'utf8'),
    json: (name: string) => JSON.parse(fs.readFileSync(file(name), 'utf8')),
    remove: () => fs.rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Starts `npm run notebooks` without npm. */
export function startRunner(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [path.join(paths.root, 'scripts', 'notebooks.mjs'), ...args], {
    cwd: paths.root,
    env: { ...process.env, npm_lifecycle_event: undefined, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
  return { child, ended, output: () => output };
}

/** Runs `npm run notebooks` without npm, to its end. */
export const runNotebooks = (args: string[], env: NodeJS.ProcessEnv = {}) => startRunner(args, env).ended;
