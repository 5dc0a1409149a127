// Runs groups of cells, JSON on standard input, with stock tslab's converter and executor. Writes the output of each
// group, a list of texts.
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { format, stripVTControlCharacters } from 'node:util';

const require = createRequire(import.meta.url);
const { createConverter } = require('tslab/dist/converter');
const { createExecutor } = require('tslab/dist/executor');

const shown = [];
const show = (...values) => shown.push(stripVTControlCharacters(format(...values)));
// Results go to tslab's console, printed text to the process's console.
Object.assign(console, { log: show, error: show });
const [node, browser] = [createConverter(), createConverter({ isBrowser: true })];
const close = () => {
  node.close();
  browser.close();
};
const executor = createExecutor(process.cwd(), { node, browser, close }, { log: show, error: show });
const results = [];
for (const cells of JSON.parse(await text(process.stdin))) {
  executor.reset();
  shown.length = 0;
  for (const cell of cells) {
    if (shown[0] === 'refused') shown.length = 0;
    if (!(await executor.execute(cell))) shown.splice(0, shown.length, 'refused');
  }
  results.push([...shown]);
}
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit());
