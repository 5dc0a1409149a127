// Writes the sources that follow from others, which nobody commits.
import fs from 'node:fs';
import path from 'node:path';
import { loadedOnFirstUse } from '../bundle.mjs';
import { filesBelow, writeIfChanged } from '../files.mjs';
import { declarationsIn } from './declarations.mjs';
import { aritiesText, functionsText } from './functions.mjs';
import { lossesText } from './losses.mjs';
import { optionNames } from './options.mjs';

const ofOptions = Object.entries(optionNames(loadedOnFirstUse)).map(([file, text]) => [`option-names/${file}`, text]);

/** What is written in each folder of src/, by what, and from which of its files. */
const written = {
  // Of the laboratory and of names that have moved nothing is asked here.
  '.': { from: /^(?!lab\/|moved\/)/, texts: Object.fromEntries(ofOptions) },
  ops: { from: /./, texts: { 'functions.ts': functionsText, 'table/arities.ts': aritiesText } },
  nn: { from: /^(functional\/|loss\.|reduction\.)/, texts: { 'losses.ts': lossesText } },
};

/** Writes what is not there, or does not follow from the sources as they are. */
export async function generateSources(paths) {
  const parsed = new Map();
  for (const [name, { from, texts }] of Object.entries(written)) {
    const folder = path.join(paths.sources, name);
    if (!fs.existsSync(folder)) continue;
    const { parseSync } = await import('rolldown/utils'); // not before it is needed: kernels start faster
    const sources = filesBelow(folder).flatMap((file) => {
      const inFolder = path.relative(folder, file).replaceAll(path.sep, '/');
      if (!file.endsWith('.ts') || !from.test(inFolder) || inFolder in texts) return [];
      if (!parsed.has(file)) {
        const text = fs.readFileSync(file, 'utf8');
        const { program, errors } = parseSync(file, text);
        parsed.set(file, { text, statements: program.body, errors });
      }
      return [{ from: `./${inFolder.slice(0, -'.ts'.length)}`, ...parsed.get(file) }];
    });
    if (sources.some(({ errors }) => errors.length > 0)) continue; // which the compiler tells better
    const declared = declarationsIn(sources);
    for (const [file, text] of Object.entries(texts)) writeIfChanged(path.join(folder, file), text(sources, declared));
  }
}
