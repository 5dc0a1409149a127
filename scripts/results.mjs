// npm run results: the results of a class, as a table.
import '../kernel-setup/setup/node-version.mjs';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runMain, SetUpError } from '../kernel-setup/setup/errors.mjs';
import { demandUniqueIds } from '../tools/notebooks/course-files.mjs';
import { csvOf, gradedIn, tableOf } from '../tools/notebooks/results.mjs';

const usage = `npm run results --silent -- FOLDER > results.csv   a table of the files that students saved into FOLDER
  --notebooks FOLDER   checks answers to graded exercises by the files beside the notebooks there`;

runMain((args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { notebooks: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length !== 1) throw new SetUpError('one folder with files of students is needed', { remedy: usage });
  const [folder] = positionals;
  for (const one of [folder, values.notebooks ?? folder])
    if (!fs.existsSync(one)) throw new SetUpError(`there is no folder ${one}`, { remedy: usage });
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (names.length === 0) throw new SetUpError(`there is no file in .json in ${folder}`, { remedy: usage });
  if (values.notebooks) demandUniqueIds(values.notebooks);
  const files = names.map((name) => {
    try {
      return { name, text: fs.readFileSync(path.join(folder, name), 'utf8') };
    } catch (error) {
      return { name, problem: `cannot be read: ${error.message}` };
    }
  });
  const { rows, problems } = tableOf(files, values.notebooks && gradedIn(values.notebooks));
  process.stdout.write(csvOf(rows));
  for (const problem of problems) console.error(`✗ ${problem}`);
  return problems.length > 0 ? 1 : 0;
});
