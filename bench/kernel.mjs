// Speed and memory of the kernels, in one run. Rounds alternate, so that other load on the machine affects all kernels
// equally. Linux only: memory is read in /proc.
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelUnderTest } from './client.mjs';

const cellsPerRound = 100;
/** Enough for processor time, which the system counts in hundredths of a second. */
const asked = 100;
const idleSeconds = 3;

const typescript = {
  tensors: 'import { tensor } from "gradlab";',
  tensor: (i) => `tensor([${i}, 4], { requiresGrad: true }).pow(2).sum().item()`,
  names: 'const names = [3, 1, 2]',
  member: 'names.ma',
  declarations: (i) => `interface Row${i} { id: number; values: number[]; words: Map<string, string> }
class Box${i}<T> { constructor(readonly value: T) {} map<U>(f: (x: T) => U) { return new Box${i}(f(this.value)); } }
function row${i}(id: number): Row${i} { return { id, values: [id, ${i}], words: new Map([["a", "b"]]) }; }
const rows${i} = [1, 2, 3].map(row${i}), box${i} = new Box${i}(rows${i}).map((rows) => rows.length);`,
  lines: (count, length) => `for (let i = 0; i < ${count}; i++) console.log("x".repeat(${length - 1}))`,
};
const python = {
  names: 'names = [3, 1, 2]',
  member: 'names.ap',
  declarations: (i) =>
    `def f${i}(x):\n  return [x, ${i}]\nclass C${i}:\n  pass\nrows${i} = [f${i}(x) for x in range(3)]`,
  lines: (count, length) => `for i in range(${count}): print("x" * ${length - 1})`,
};
const { tensor: _, tensors: __, ...plainTypescript } = typescript;
const languages = { gradlab: typescript, tslab: typescript, ipykernel: python, deno: plainTypescript };

/** The measurements, in the order of the table: title, unit, how measurements become one number, and its digits. */
const rows = {
  cold: ['cold start to the first result', 'ms', median, 0],
  processor: ['… processor time until then', 'ms', median, 0],
  cell: ['`1+i` in a new cell', 'ms', median, 1],
  cell95: ['`1+i`, 95th percentile', 'ms', median, 1],
  tensor: ['a cell with tensors', 'ms', median, 1],
  complete: ['completion, warm', 'ms', median, 1],
  completeProcessor: ['… processor time', 'ms', median, 2],
  inspect: ['inspection, warm', 'ms', median, 1],
  inspectProcessor: ['… processor time', 'ms', median, 2],
  grown: ['memory that a cell of declarations adds, of 100 without a pause', 'MB', median, 2],
  output: ['5 MB of output', 'ms', median, 0],
  rssStart: ['memory after the first cell', 'MB', median, 0],
  pssStart: ['… shared pages divided', 'MB', median, 0],
  rss: ['memory after all cells, idle', 'MB', median, 0],
  pss: ['… shared pages divided', 'MB', median, 0],
};

async function measure(name) {
  const language = languages[name];
  const kernel = await KernelUnderTest.start(name === 'ipykernel' ? 'python3' : name);
  const found = {};
  try {
    await kernel.run('1+1', 'reply'); // messages published before the subscription has arrived are lost
    found.cold = performance.now() - kernel.started;
    found.processor = kernel.processorTime();
    await sleep(1000 * idleSeconds);
    ({ rss: found.rssStart, pss: found.pssStart } = kernel.memory());
    const cells = await repeat(cellsPerRound, (i) => kernel.run(`${i} + ${i % 7}`));
    found.cell = median(cells);
    found.cell95 = quantile(cells, 0.95);
    if (language.tensor) {
      await kernel.run(language.tensors);
      found.tensor = median(await repeat(20, (i) => kernel.run(language.tensor(i))));
    }
    await kernel.run(language.names);
    const at = { code: language.member, cursor_pos: language.member.length };
    await kernel.request('complete_request', at);
    const use = (key, type, content) => measureAsked(kernel, found, key, type, content);
    await use('complete', 'complete_request', at);
    const on = { code: 'names', cursor_pos: 3, detail_level: 0 };
    await kernel.request('inspect_request', on);
    await use('inspect', 'inspect_request', on);
    if (language.declarations) found.grown = await growth(kernel, language.declarations);
    await sleep(1000 * idleSeconds);
    ({ rss: found.rss, pss: found.pss, each: found.each } = kernel.memory());
    // Last: tslab loses messages in it, sometimes the final one.
    const output = await kernel.run(language.lines(50_000, 100)).catch(() => undefined);
    if (output?.streamed === 5_000_000) found.output = output.ms;
    else console.log(`${name} loses output: ${output?.streamed ?? 'an unknown number'} of 5,000,000 characters came`);
  } finally {
    await kernel.stop();
  }
  return found;
}

async function measureAsked(kernel, found, key, type, content) {
  const before = kernel.processorTime();
  found[key] = median(await repeat(asked, () => kernel.request(type, content)));
  found[`${key}Processor`] = (kernel.processorTime() - before) / asked;
}

/** Megabytes that each cell adds. */
async function growth(kernel, declarations) {
  const before = kernel.memory().rss;
  await repeat(cellsPerRound, (i) => kernel.run(declarations(i)));
  return (kernel.memory().rss - before) / cellsPerRound;
}

async function repeat(count, action) {
  const times = [];
  for (let i = 0; i < count; i++) times.push((await action(i)).ms);
  return times;
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function median(values) {
  return quantile(values, 0.5);
}

function printTable(results) {
  const names = Object.keys(results);
  console.log(`\n| | unit | ${names.join(' | ')} |\n|---|---|${'---:|'.repeat(names.length)}`);
  for (const [key, [title, unit, combine, digits]] of Object.entries(rows)) {
    const values = names.map((name) => {
      const all = results[name].map((found) => found[key]).filter((value) => value !== undefined);
      return all.length === 0 ? '–' : combine(all).toFixed(digits);
    });
    console.log(`| ${title} | ${unit} | ${values.join(' | ')} |`);
  }
  for (const name of names) {
    const each = results[name].at(-1).each.map((megabytes) => megabytes.toFixed(0));
    if (each.length > 1) console.log(`\nProcesses of ${name} at the end: ${each.join(' + ')} MB.`);
  }
}

export const kernelNames = Object.keys(languages);
/** The kernels that set-up installs. */
export const installedKernels = kernelNames.filter((name) => name !== 'deno');

/** Measures the kernels alternately, and prints a table. */
export async function benchKernels(names, rounds) {
  for (const name of names) if (!languages[name]) throw new Error(`no kernel ${name}: ${kernelNames}`);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const found = await measure(name);
      results[name].push(found);
      const load = os.loadavg()[0].toFixed(1);
      console.log(`round ${round}, load ${load}: ${name} ${found.cold.toFixed(0)} ms, ${found.cell.toFixed(1)} ms`);
    }
  }
  printTable(results);
}
