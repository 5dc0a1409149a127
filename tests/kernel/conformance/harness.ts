import { afterAll, expect, test } from 'vitest';
import { type CheckId, checks } from './checks';
import { Kernel, kernelName } from './client/kernel';
import { languageOf, type Snippets, snippets } from './snippets';

export { Kernel, kernelName } from './client/kernel';

/** The kernel's language. */
export const language = languageOf(kernelName);
/** The pieces of code that the checks run, in the kernel's language. */
export const code: Snippets = snippets(kernelName);

/** A piece of code that the kernel may have no way to write. */
export function must<T>(snippet: T | undefined): T {
  if (snippet === undefined) throw new Error(`${kernelName} has no way to do this`);
  return snippet;
}

/** The kernels whose every message is held against the declaration; the others are there for comparison. */
const strict = kernelName === 'gradlab';

/** Kernels in use: those that a check started, and the one that the checks of a file share. */
const own = new Set<Kernel>();
let shared: Kernel | undefined;

async function stopShared(): Promise<void> {
  const kernel = shared;
  shared = undefined;
  await kernel?.stop();
}
afterAll(stopShared);

/** The kernel that the checks of a file share; a new one if the last check failed or ended it. */
export async function sharedKernel(): Promise<Kernel> {
  if (shared?.exited) await stopShared();
  shared ??= await Kernel.start();
  return shared;
}

/** A kernel for one check, which is stopped at its end. */
export async function freshKernel(options?: Parameters<typeof Kernel.start>[0]): Promise<Kernel> {
  const kernel = await Kernel.start(options);
  own.add(kernel);
  return kernel;
}

function expectNoProblems(): void {
  for (const kernel of [shared, ...own]) {
    const problems = kernel?.client?.problems.splice(0) ?? [];
    if (strict) expect(problems, 'messages that differ from the declaration').toEqual([]);
  }
}

/** A test that starts no kernel but its own and those of {@link sharedKernel} and {@link freshKernel}. */
export function kernelTest(name: string, run: () => Promise<void>, seconds = 60): void {
  test(
    name,
    async () => {
      try {
        await run();
        expectNoProblems();
      } catch (error) {
        await stopShared();
        throw error;
      } finally {
        for (const kernel of own) await kernel.stop();
        own.clear();
      }
    },
    seconds * 1000,
  );
}

/**
 * The test of one line of the list.
 * @param options `seconds`: its limit; `only`: the language it is about
 */
export function check(
  id: CheckId,
  run: () => Promise<void>,
  { seconds = 60, only }: { seconds?: number; only?: 'ts' } = {},
): void {
  const [tier, title] = checks[id];
  const name = `${id} (${tier}) ${title}`;
  if (only && only !== language) test.skip(`${name}: not in ${language}`, () => {});
  else kernelTest(name, run, seconds);
}
