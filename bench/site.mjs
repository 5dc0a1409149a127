// Bytes and times of the static site: what a first visit loads, how long until a notebook is shown, can be edited and has a
// result, and the same for a second visit. Bind it to two cores: taskset -c 2,3 node bench/site.mjs
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../kernel-setup/figures/chromium.mjs';
import { runMain } from '../kernel-setup/setup/index.mjs';
import { serveFiles } from '../tests/support/static-server.mjs';

const usage = `[taskset -c 2,3] node bench/site.mjs SITE [OTHER …] [options]
Measures visits of a built site (npm run site -- SITE) in Chromium with an empty profile; of several, by turns.
  --notebook NAME   the one that is opened
  --rounds N        medians of so many visits (default 5)
  --latency MS      how long the server waits before each answer (default 0)
  --files           the files of a first visit, largest first`;

const rows = {
  shown: 'notebook shown',
  usable: 'a cell can be edited',
  kernel: 'kernel idle',
  result: 'first result of the kernel',
  after: 'first result, after the notebook shows',
};

/** Runs in the page from its start: records when each element appears, in milliseconds. */
function watch() {
  const seen = {};
  globalThis.seen = seen;
  const look = () => {
    const now = performance.now();
    const panel = globalThis.jupyterapp?.shell.currentWidget;
    const kernel = panel?.sessionContext?.session?.kernel;
    if (!seen.shown && document.querySelector('.jp-Notebook .jp-Cell .jp-RenderedMarkdown, .jp-Notebook .cm-content'))
      seen.shown = now;
    if (!seen.usable && seen.shown && document.querySelector('.jp-Notebook .cm-content[contenteditable=true]'))
      seen.usable = now;
    if (!seen.kernel && kernel?.status === 'idle') seen.kernel = now;
    if (!seen.asked && kernel) {
      seen.asked = now;
      const cell = { code: 'import { tensor } from "gradlab"; tensor([1, 2]).add(1)', store_history: false };
      kernel.requestExecute(cell).done.then(() => {
        seen.result = performance.now();
      });
    }
    if (seen.result && seen.usable && seen.kernel) {
      seen.after = seen.result - seen.shown;
      seen.ended = true;
    } else setTimeout(look, 5);
  };
  look();
}

async function visit(context, url) {
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => globalThis.seen?.ended, null, { timeout: 120_000, polling: 100 });
  const seen = await page.evaluate(() => globalThis.seen);
  return { page, seen };
}

/** Has the service worker keep the whole site, and waits for it. */
async function whenKept(page) {
  await page.evaluate(async () => {
    dispatchEvent(new Event('gradlab-keep'));
    const waited = new Promise((resolve) => setTimeout(resolve, 60_000));
    await Promise.race([navigator.serviceWorker?.ready, waited]);
  });
}

async function round(site, { notebook, latency }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlab-bench-'));
  const sent = [];
  const { server, address } = await serveFiles(site, { packed: true, latency, onSent: (one) => sent.push(one) });
  const context = await launchChromium({ folder, viewport: { width: 1280, height: 800 } });
  try {
    const url = `${address}lab/index.html?path=${encodeURIComponent(notebook)}`;
    const first = await visit(context, url);
    const loaded = sent.filter(({ by }) => !/offline\.js/.test(by));
    await whenKept(first.page);
    await first.page.close();
    const before = sent.length;
    const second = await visit(context, url);
    await second.page.close();
    return { first: first.seen, second: second.seen, loaded, again: sent.slice(before) };
  } finally {
    await context.close();
    server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const groups = [
  ['the kernel', /^extensions\/gradlab-kernel\//],
  ['plotly and the figure renderer', /^extensions\/gradlab-plotly\//],
  ['widgets', /^extensions\/@jupyter-widgets\//],
  ['notebooks and what lies beside them', /^(files|api)\//],
  ['JupyterLite', /^/],
];

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

runMain(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      notebook: { type: 'string', default: '002-gradient-descent/01-gradient-descent-in-3d.ipynb' },
      rounds: { type: 'string', default: '5' },
      latency: { type: 'string', default: '0' },
      files: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || positionals.length === 0) {
    console.log(usage);
    return values.help ? 0 : 1;
  }
  const rounds = positionals.map(() => []);
  for (let i = 0; i < Number(values.rounds); i++)
    for (const [at, site] of positionals.entries()) {
      rounds[at].push(await round(site, { notebook: values.notebook, latency: Number(values.latency) }));
      const { first, second } = rounds[at].at(-1);
      console.error(
        `round ${i + 1}, ${site}, load ${os.loadavg()[0].toFixed(1)}: ${JSON.stringify({ first, second })}`,
      );
    }
  for (const [at, site] of positionals.entries()) tellBytes(site, rounds[at].at(-1), values.files);
  const columns = positionals.flatMap((site) => ['first', 'second'].map((visit) => `${visit} visit, ${site}`));
  console.log(`\n| ms, median of ${values.rounds}, latency ${values.latency} ms | ${columns.join(' | ')} |`);
  console.log(`|---|${columns.map(() => '---:|').join('')}`);
  for (const [row, title] of Object.entries(rows)) {
    const times = rounds.flatMap((own) =>
      ['first', 'second'].map((v) => Math.round(median(own.map((r) => r[v][row])))),
    );
    console.log(`| ${title} | ${times.join(' | ')} |`);
  }
  return 0;
});

function tellBytes(site, { loaded, again }, withFiles) {
  console.log(`\n${site}`);
  const left = new Set(loaded);
  for (const [title, pattern] of groups) {
    const ofGroup = [...left].filter(({ name }) => pattern.test(name));
    for (const one of ofGroup) left.delete(one);
    console.log(`${title}: ${kilobytes(ofGroup)} in ${ofGroup.length} files`);
  }
  console.log(`all of a first visit: ${kilobytes(loaded)}; a second visit asks the server for ${kilobytes(again)}`);
  if (withFiles)
    for (const { name, bytes } of loaded.sort((a, b) => b.bytes - a.bytes))
      console.log(`${(bytes / 1000).toFixed(1).padStart(8)}  ${name}`);
}

function kilobytes(files) {
  return `${Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000)} kB`;
}
