// The order of set-up steps: sequential, or concurrent where declared.
import { expect, test } from 'vitest';
import { makeContext } from '../../kernel-setup/setup/index.mjs';
import { runSteps } from '../../kernel-setup/setup/steps.mjs';

/** A step that runs until the test ends it. */
function makeStep(title: string, beside: object[] = []) {
  let end!: () => void;
  let fail!: (why: string) => void;
  const told = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = (why) => reject(new Error(why));
  });
  const step = { title, beside, end, fail, begun: false, ended: false, whyNeeded: () => 'it is missing', run };
  async function run() {
    step.begun = true;
    await told.finally(() => {
      step.ended = true;
    });
  }
  return step;
}

/** Lets all pending promises continue. */
const rest = () => new Promise((done) => setImmediate(done));

function start(steps: object[]) {
  const lines: string[] = [];
  const context = makeContext({ log: (line: string) => lines.push(line.replace(/\([\d.]+ s\)/, '(… s)')) });
  return { lines, run: runSteps(steps, context) };
}

test('run one after the other, unless a step is concurrent', async () => {
  const long = makeStep('long');
  const short = makeStep('short', [long]);
  const behindShort = makeStep('behind short', [long]);
  const behindAll = makeStep('behind all');
  const { lines, run } = start([long, short, behindShort, behindAll]);
  await rest();
  expect([long.begun, short.begun, behindShort.begun]).toEqual([true, true, false]);
  short.end();
  await rest();
  expect(behindShort.begun).toBe(true);
  behindShort.end();
  await rest();
  expect(behindAll.begun).toBe(false);
  long.end();
  await rest();
  behindAll.end();
  await run;
  expect(lines).toEqual([
    '… long: it is missing',
    '… short: it is missing',
    '✓ short (… s)',
    '… behind short: it is missing',
    '✓ behind short (… s)',
    '✓ long (… s)',
    '… behind all: it is missing',
    '✓ behind all (… s)',
  ]);
});

test('report up-to-date steps immediately, in order', async () => {
  const current = (title: string) => ({ ...makeStep(title), whyNeeded: () => undefined });
  const { lines, run } = start([current('a'), current('b')]);
  await run;
  expect(lines).toEqual(['✓ a', '✓ b']);
});

test('a concurrent step finishes although another fails, and later steps never begin', async () => {
  const long = makeStep('long');
  const failing = makeStep('failing', [long]);
  const behind = makeStep('behind');
  const { lines, run } = start([long, failing, behind]);
  let settled = false;
  const outcome = run.then(
    () => 'no error',
    ({ message }) => message,
  );
  void outcome.then(() => {
    settled = true;
  });
  await rest();
  failing.fail('no network');
  await rest();
  expect(lines.at(-1)).toBe('✗ failing: no network');
  expect([long.ended, settled]).toEqual([false, false]);
  long.end();
  expect(await outcome).toBe('no network');
  expect([long.ended, behind.begun]).toEqual([true, false]);
});

test('of two failures the first is thrown, and the other is logged', async () => {
  const one = makeStep('one');
  const other = makeStep('other', [one]);
  const { lines, run } = start([one, other]);
  await rest();
  other.fail('second in the list');
  await rest();
  one.fail('first in the list');
  await expect(run).rejects.toThrow('second in the list');
  expect(lines.slice(2)).toEqual(['✗ other: second in the list', '✗ one: first in the list']);
});
