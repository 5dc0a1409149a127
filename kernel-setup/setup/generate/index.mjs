// Writes the generated sources, which are not committed.
import fs from 'node:fs';
import path from 'node:path';
import { loadedOnFirstUse } from '../bundle.mjs';
import { filesBelow, writeIfChanged } from '../files.mjs';
import { activationsText, dropoutsText } from './activations.mjs';
import { contractsIn } from './contracts.mjs';
import { declarationsIn } from './declarations.mjs';
import { classesForDimensions, functionsForDimensions } from './dimensions.mjs';
import { aritiesText, functionsText } from './functions.mjs';
import { lossesText } from './losses.mjs';
import { optionLists } from './options.mjs';

/** Generated files: the source folder, and the texts by path. */
const written = [
  {
    folder: 'ops',
    from: /^(?!functions\.ts|table\/arities\.ts)/,
    texts: (...found) => ({ 'functions.ts': functionsText(...found), 'table/arities.ts': aritiesText(...found) }),
  },
  {
    folder: 'nn',
    from: /^(?!activations\.|dropouts\.|losses\.|dimensions\.|functional\/dimensions\.)/,
    texts: (...found) => ({
      'activations.ts': activationsText(...found),
      'dropouts.ts': dropoutsText(...found),
      'losses.ts': lossesText(...found),
      'functional/dimensions.ts': functionsForDimensions(...found),
      'dimensions.ts': classesForDimensions(...found),
    }),
  },
  // Last, since it reads the others. The laboratory has no contracts.
  {
    folder: '.',
    from: /^(?!lab\/|option-names\/)/,
    texts: (sources, declared) => {
      const lists = optionLists(sources, declared, loadedOnFirstUse);
      const contracts = contractsIn(sources, lists);
      return { 'contracts.json': `${JSON.stringify(contracts, null, 1)}\n`, ...below('option-names', lists.texts()) };
    },
  },
];

const below = (folder, texts) =>
  Object.fromEntries(Object.entries(texts).map(([file, text]) => [`${folder}/${file}`, text]));

/** Writes generated sources that are missing or stale. */
export async function generateSources(paths) {
  const parsed = new Map();
  for (const { folder: name, from, texts } of written) {
    const folder = path.join(paths.sources, name);
    if (!fs.existsSync(folder)) continue;
    const { parseSync } = await import('rolldown/utils'); // loaded lazily: kernels start faster
    const sources = filesBelow(folder).flatMap((file) => {
      const inFolder = path.relative(folder, file).replaceAll(path.sep, '/');
      if (!file.endsWith('.ts') || !from.test(inFolder)) return [];
      if (!parsed.has(file)) {
        const text = fs.readFileSync(file, 'utf8');
        const { program, errors } = parseSync(file, text);
        parsed.set(file, { text, statements: program.body, errors });
      }
      return [{ from: `./${inFolder.slice(0, -'.ts'.length)}`, ...parsed.get(file) }];
    });
    if (sources.some(({ errors }) => errors.length > 0)) continue; // the compiler reports these better
    const declared = declarationsIn(sources);
    for (const [file, text] of Object.entries(texts(sources, declared))) {
      writeIfChanged(path.join(folder, file), text);
      parsed.delete(path.join(folder, file));
    }
  }
}
