// Issues the trials of a study, until it is done or killed: `node driver.mjs JOURNAL TRIALS SEED [REDIS]`. With
// GRADLAB_TOGETHER it waits for that many drivers.
import fs from 'node:fs';
import path from 'node:path';
import { tuner } from 'gradlab';

const [journal, trials, seed, url] = process.argv.slice(2);
const space = tuner.space({ x: tuner.float(-5, 5), width: tuner.int(1, 64, { log: true }) });
const study = tuner.study(space, { sampler: tuner.random(), journal, trials: Number(trials), seed: Number(seed) });
const together = Number(process.env.GRADLAB_TOGETHER ?? 0);
fs.writeFileSync(`${journal}.${process.pid}.here`, '');
const here = () => fs.readdirSync(path.dirname(journal)).filter((name) => name.endsWith('.here')).length;
while (here() < together) await new Promise((resolve) => setTimeout(resolve, 5));
const objective = { module: path.join(import.meta.dirname, 'objective.mjs') };
await study.run(objective, {
  runner: url === undefined ? tuner.processes({ workers: 2 }) : tuner.redis(url, { places: 3 }),
  retries: 50,
});
process.exit(0);
