// Executes notebooks without a browser. See options.mjs for the options.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CHROMIUM_REMEDY, findChromium } from '../../kernel-setup/figures/chromium.mjs';
import { openFigurePage } from '../../kernel-setup/figures/draw.mjs';
import { writeAtomically } from '../../kernel-setup/setup/files.mjs';
import { paths, runMain, setUp } from '../../kernel-setup/setup/index.mjs';
import { exitCodeOf, onStopRequest } from '../../kernel-setup/setup/signals.mjs';
import { readClaimsList } from './claims.mjs';
import { demandUniqueIds, exerciseProblems } from './course-files.mjs';
import { junitXml } from './junit.mjs';
import { findNotebooks, parseOptions, selectNotebooks, USAGE, UsageError } from './options.mjs';
import { makeReport, totalLine } from './report.mjs';
import { runNotebook } from './run-notebook.mjs';

const atOnce = 2;

await runMain(async (args) => {
  try {
    return await main(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
});

async function main(args) {
  const options = parseOptions(args, paths);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const names = selectNotebooks(options.names, findNotebooks(options.root), options.root);
  // The library is built here, once, before any kernel starts.
  await setUp();
  demandUniqueIds(options.root);
  const list = readClaimsList(path.join(options.root, 'claims.json'));
  const judging = createRequire(import.meta.url)(path.join(paths.dist, 'lab', 'notebook', 'index.js'));
  const ofExercises = exerciseProblems(options.root, names, judging);
  const report = makeReport();
  const figures = options.update ? sharedFigurePage(report) : undefined;
  const stopping = stopOnSignal(report);

  const started = Date.now();
  const results = await runAll(
    names,
    { ...options, claimEntries: list.entries, openFigurePage: figures?.open },
    { report, stopping },
  );
  await figures?.close();
  for (const problem of [...list.problems, ...ofExercises]) report.say(`✗ ${problem}`);
  const others = { 'claims.json': list.problems, exercises: ofExercises };
  if (options.junit) writeReport(path.resolve(options.junit), junitXml(results, others));
  report.say(totalLine(results, (Date.now() - started) / 1000));
  if (stopping.signalName) return exitCodeOf(stopping.signalName);
  return [...list.problems, ...ofExercises].length > 0 || results.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

function writeReport(file, xml) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, xml);
}

/** Runs the notebooks, `atOnce` at a time; results are in the order of the names. */
async function runAll(names, options, { report, stopping }) {
  const results = [];
  const waiting = [...names.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next && !stopping.signal.aborted; next = waiting.shift()) {
      const [position, name] = next;
      const title = name.replace(/\.ipynb$/, '');
      report.started(title);
      const onCell = (cell, cells) => report.atCell(title, cell, cells);
      const onProgress = (text) => report.atProgress(title, text);
      results[position] = await runNotebook(name, options, { onCell, onProgress, signal: stopping.signal });
      report.finished(results[position]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results.filter(Boolean);
}

/** The first signal stops the kernels and ends the run; notebooks not yet written stay as they are. */
function stopOnSignal(report) {
  const controller = new AbortController();
  /** @type {{ signal: AbortSignal, signalName?: NodeJS.Signals }} */
  const stopping = { signal: controller.signal };
  onStopRequest((name) => {
    stopping.signalName = name;
    report.say(`${name}: stopping the kernels …`);
    controller.abort();
  });
  return stopping;
}

/** One page for all figures, opened when the first is drawn; undefined, with a message, without Chromium. */
function sharedFigurePage(report) {
  if (!findChromium()) {
    report.say(`Figures get no PNG: no Chromium was found. Try: ${CHROMIUM_REMEDY}`);
    return undefined;
  }
  let page;
  return {
    open() {
      page ??= openFigurePage();
      return page;
    },
    close: async () => (await page)?.close(),
  };
}
