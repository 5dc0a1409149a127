// What the workloads share: the same numbers in every library, a clock, and lines of results.

/** A well-mixed 32-bit integer, which Python computes identically. */
function scrambled(i, seed) {
  let h = Math.imul(i, 0x9e3779b1) + Math.imul(seed, 0x85ebca6b);
  for (let round = 0; round < 2; round++) h = Math.imul(h ^ (h >>> 16), 0x45d9f3b);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Pseudo-random float32 numbers from `low` to `high`, determined by the seed. */
export function numbers(count, seed, low = -1, high = 1) {
  return Float32Array.from({ length: count }, (_, i) => low + (high - low) * (scrambled(i, seed) / 2 ** 32));
}

/** Classes from 0 to `classes - 1`. */
export function labels(count, classes, seed) {
  return Int32Array.from(numbers(count, seed, 0, classes), (x) => Math.min(classes - 1, Math.floor(x)));
}

/** Functions that turn {@link numbers} and {@link labels} into tensors of a build of gradlab. */
export const tensorsOf = (tensor) => ({
  filled: (shape, seed, low, high) => {
    const count = shape.reduce((a, b) => a * b);
    return tensor(numbers(count, seed, low, high)).reshape(shape);
  },
  classes: (count, kinds, seed) => tensor(labels(count, kinds, seed)),
});

/** The weight of a linear layer, a row for each input. */
export function weights(inputs, outputs, seed) {
  const bound = 1 / Math.sqrt(inputs);
  return numbers(inputs * outputs, seed, -bound, bound);
}

export function oneHot(classes, count) {
  const all = new Float32Array(classes.length * count);
  classes.forEach((c, i) => {
    all[i * count + c] = 1;
  });
  return all;
}

/** A sum that depends on the order. */
export const checksum = (values) => values.reduce((sum, x, i) => sum + x * ((i % 7) + 1), 0);

/** 2,000 points from -π to π, for the cubic fit. */
export const places = Float32Array.from({ length: 2000 }, (_, i) => -Math.PI + (2 * Math.PI * i) / 1999);

/** Reports a result; a name with `check` in it is compared with PyTorch's. */
export const report = (name, value) => console.log(JSON.stringify({ name, value }));

/** Processor seconds: on one core they exclude other processes. Wall-clock seconds with BENCH_CLOCK=wall. */
export function clock() {
  if (process.env.BENCH_CLOCK === 'wall') return performance.now() / 1e3;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds per call, the median of batches of at least 5 ms. An `action` that returns promises is awaited. */
export async function time(action, budget = Number(process.env.BENCH_SECONDS ?? 0.5)) {
  const warmUntil = clock() + 0.4 * budget;
  let calls = 0;
  const start = clock();
  do {
    await action();
    calls++;
  } while (clock() < warmUntil);
  const batch = Math.max(1, Math.round((0.005 * calls) / (clock() - start)));
  const times = [];
  const until = clock() + budget;
  do {
    const before = clock();
    // Without `await` for a synchronous action: it takes longer than a small operation.
    for (let i = 0; i < batch; i++) {
      const pending = action();
      if (pending instanceof Promise) await pending;
    }
    times.push((clock() - before) / batch);
  } while (clock() < until || times.length < 3);
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const megabytes = 2 ** -20;

/** The live heap, in MB; exact with `--expose-gc`. */
export function live() {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) * megabytes;
}

/** Reports the memory retained after 1,000 steps, and the peak memory of the process. */
export async function memory(step) {
  const before = live();
  for (let i = 0; i < 1000; i++) await step();
  report('W8 retained', live() - before);
  report('W8 peak', process.resourceUsage().maxRSS / 1024);
}

/** Runs the workloads named on the command line that exist, else all. */
export async function runWorkloads(workloads) {
  const wanted = process.argv.slice(2);
  for (const [name, run] of Object.entries(workloads)) if (wanted.length === 0 || wanted.includes(name)) await run();
}
