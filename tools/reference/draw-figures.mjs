// What the examples of docs/reference show in a notebook: figures, as data and as pictures, and outputs as text.
import fs from 'node:fs';
import { join } from 'node:path';
import { PLOTLY_MIME } from '../../kernel-setup/figures/draw.mjs';
import { firstDifference } from '../notebooks/compare-outputs.mjs';
import { executeNotebook } from '../notebooks/execute.mjs';
import { figureFile, runnable } from './family-pages.mjs';

/** Seconds that an example may take. */
const TIMEOUT = 60;

/**
 * Runs examples as the cells of one notebook.
 * @param {readonly (readonly [name: string, code: string])[]} examples
 * @param {string} folder the kernel's working folder
 * @returns {Promise<object[][]>} the outputs of each
 */
async function outputsOf(examples, folder) {
  const cells = examples.map(([, source], i) => ({
    cell_type: 'code',
    id: `example-${i}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
  const { notebook: done, error } = await executeNotebook(notebook, {
    file: join(folder, 'examples.ipynb'),
    kernel: 'gradlab',
    timeout: TIMEOUT,
  });
  if (error) throw new Error(`${examples[error.index]?.[0]}: ${error.message}\n${error.traceback}`);
  return done.cells.map(({ outputs }) => outputs);
}

/**
 * Runs the examples of functions that draw.
 * @param {import('./declarations.mjs').Declared[]} functions
 * @param {string} folder the kernel's working folder
 * @returns {Promise<Map<string, object[]>>} for each name the data of the outputs that are figures
 */
export async function figuresOf(functions, folder) {
  const outputs = await outputsOf(
    functions.map((one) => [one.name, runnable(one)]),
    folder,
  );
  return new Map(
    functions.map(({ name }, i) => {
      const shown = outputs[i].filter(({ data }) => data?.[PLOTLY_MIME] !== undefined);
      if (shown.length === 0) throw new Error(`${name}: its example shows no figure`);
      return [name, shown.map(({ data }) => ({ [PLOTLY_MIME]: data[PLOTLY_MIME], 'text/plain': data['text/plain'] }))];
    }),
  );
}

/**
 * Runs the examples of a page, and returns what each shows as text, by its heading.
 * @param {Map<string, string>} examples
 * @param {string} folder the kernel's working folder
 * @returns {Promise<Map<string, string>>}
 */
export async function textsOf(examples, folder) {
  const outputs = await outputsOf([...examples], folder);
  const textOf = ({ output_type: kind, text, data }) =>
    kind === 'stream' ? [text].flat().join('') : [data?.['text/plain'] ?? ''].flat().join('');
  /** @type {Map<string, string>} */
  const texts = new Map();
  for (const [i, name] of [...examples.keys()].entries()) {
    const text = outputs[i].map(textOf).join('').trimEnd();
    if (text !== '') texts.set(name, text);
  }
  return texts;
}

/**
 * Writes data and picture of each figure that changed; removes those of functions that are gone.
 * @param {Awaited<ReturnType<typeof figuresOf>>} figures
 * @param {string} folder
 * @param {() => Promise<{ draw(figure: object): Promise<string>, close(): Promise<void> }>} openPage called if there is one to draw
 */
export async function writeFigures(figures, folder, openPage) {
  fs.mkdirSync(folder, { recursive: true });
  const files = new Set();
  let page;
  try {
    for (const [name, shown] of figures)
      for (const [i, data] of shown.entries()) {
        const file = figureFile(name, i);
        const [committed, picture] = [`${file}.json`, `${file}.png`].map((one) => join(folder, one));
        files.add(committed).add(picture);
        if (fs.existsSync(picture) && firstDifference(readFigure(folder, file), data, '') === undefined) continue;
        page ??= await openPage();
        const png = await page.draw(data[PLOTLY_MIME]).catch(({ message }) => {
          throw new Error(`${name}: ${message}`);
        });
        fs.writeFileSync(picture, Buffer.from(png, 'base64'));
        fs.writeFileSync(committed, `${JSON.stringify(data)}\n`);
      }
  } finally {
    await page?.close();
  }
  for (const file of fs.readdirSync(folder).map((one) => join(folder, one))) if (!files.has(file)) fs.rmSync(file);
}

/** The committed data of a figure, as an output has them; undefined if there are none. */
export function readFigure(folder, file) {
  const path = join(folder, `${file}.json`);
  return fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, 'utf8')) : undefined;
}

/** The committed figures of a function in words, as alternative texts of Markdown. @returns {string[]} */
export function altsOf(folder, name) {
  const texts = [];
  for (let data = readFigure(folder, figureFile(name)); data; data = readFigure(folder, figureFile(name, texts.length)))
    texts.push(
      data['text/plain']
        .replace(/[[\]\\`*_<>]/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  return texts;
}
