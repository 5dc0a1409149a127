// Records walkers for the chapter "Policy gradient and actor-critic" (note 003). After a build:
//   node tools/recordings/policy-gradient.mjs [--to FILE]
// It takes some minutes; what the file has already is kept. Twenty walkers for each reward, learner, kind of step and rate.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Generator } from 'gradlab';
import * as lesson from 'gradlab/lab/lessons/003-policy-gradient';
import { paths } from '../../kernel-setup/setup/paths.mjs';

const { values: options } = parseArgs({ options: { to: { type: 'string' } } });
const file = options.to ?? path.join(paths.root, 'notebooks/003-nyu-week-2/policy-gradient.recorded.json');
const about =
  'node tools/recordings/policy-gradient.mjs: a room of 4 × 4, start at the lower left, treasure (1) at the upper right, time up (0) ' +
  'after 50 steps, pits (−1) at [1, 1] and, with two, at [2, 2]; `bonus` is added to the reward of every ending. Twenty walkers of 500 ' +
  'walks, but where `walks` says otherwise. `rates`: for each rate how many walkers find the treasure in more than half of their last ' +
  '100 walks, and how many of all walks find it, on average.';
const rooms = {
  'one pit': [[1, 1]],
  'two pits': [
    [1, 1],
    [2, 2],
  ],
};
const learners = {
  'nothing off': (world, all) => lesson.reinforce(world, all),
  'average off': (world, all) => lesson.reinforce(world, { ...all, baseline: true }),
  'critic, whole walk': (world, all) => lesson.reinforce(world, { ...all, baseline: 'critic' }),
  'critic, one step': (world, all) => lesson.actorCritic(world, all),
};
const rates = {
  SGD: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
  momentum: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
  Adam: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
};

const kept = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { about, runs: {} };
kept.about = about;
function record({
  room,
  bonus,
  learner,
  valueStart = 0,
  valueLr = 0.1,
  optimizer,
  walks = 500,
  only = rates[optimizer],
}) {
  const name = `${room}, ${bonus} more, ${learner}${learner.startsWith('critic') ? ` from ${valueStart}` : ''}${valueLr === 0.1 ? '' : `, its rate ${valueLr}`}, ${optimizer}, ${walks} walks`;
  if (kept.runs[name]) return;
  const world = lesson.gridWorld({
    ...{ size: 4, goal: [0, 3], pits: rooms[room], start: [3, 0] },
    rewards: { goal: 1 + bonus, pit: bonus - 1, late: bonus },
  });
  kept.runs[name] = only.map((lr) => {
    const found = Array.from({ length: 20 }, (_, seed) =>
      learners[learner](world, {
        walks,
        lr,
        optimizer,
        valueStart,
        valueLr,
        generator: new Generator().manualSeed(seed),
      }).returns.map((reward, walk, { length }) => ({
        isTreasure: reward === 1 + bonus,
        isLate: walk >= length - 100,
      })),
    );
    const finders = found.filter((walker) => walker.filter((one) => one.isTreasure && one.isLate).length > 50).length;
    const all = found.flat().filter(({ isTreasure }) => isTreasure).length;
    return { rate: lr, finders, found: Math.round(all / 20) };
  });
  fs.writeFileSync(file, `${JSON.stringify(kept, null, 1)}\n`);
  console.log(name, kept.runs[name].map((one) => `${one.rate}: ${one.finders}/${one.found}`).join('  '));
}

for (const start of [3, 4, 4.5, 5, 5.5, 7])
  record({ room: 'two pits', bonus: 5, learner: 'critic, one step', optimizer: 'SGD', valueStart: start });
for (const walks of [2000, 5000])
  record({
    ...{ room: 'two pits', bonus: 5, learner: 'nothing off', optimizer: 'SGD' },
    ...{ walks, only: [0.001, 0.002, 0.005, 0.01] },
  });
for (const valueLr of [0.3, 1])
  record({ room: 'two pits', bonus: 5, learner: 'critic, one step', optimizer: 'SGD', valueLr });
for (const [room, optimizer, bonuses] of [
  ['two pits', 'SGD', [0, 5, -5]],
  ['two pits', 'momentum', [5, 0]],
  ['two pits', 'Adam', [0, 5]],
  ['one pit', 'SGD', [0, 5]],
  ['one pit', 'Adam', [0, 5]],
])
  for (const bonus of bonuses) {
    for (const learner of Object.keys(learners)) record({ room, bonus, learner, optimizer });
    for (const learner of ['critic, whole walk', 'critic, one step'])
      record({ room, bonus, learner, optimizer, valueStart: bonus + 1 });
  }
