import { afterAll, expect, test } from 'vitest';
import { type CheckId, checks } from './checks';
import { Kernel, kernelName, running } from './client/kernel';
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

let shared: Kernel | undefined;

async function stopAllBut(kept?: Kernel): Promise<void> {
  for (const kernel of running) if (kernel !== kept) await kernel.stop();
}
afterAll(() => stopAllBut());

/** The kernel that the checks of a file share; a new one if the last check failed or ended it. */
export async function sharedKernel(): Promise<Kernel> {
  if (shared === undefined || shared.exited) shared = await Kernel.start();
  return shared;
}

/** A kernel for one check, which is stopped at its end. */
export const freshKernel = (options?: Parameters<typeof Kernel.start>[0]): Promise<Kernel> => Kernel.start(options);

function expectNoProblems(): void {
  for (const { client } of running) {
    const problems = client?.problems.splice(0) ?? [];
    if (strict) expect(problems, 'messages that differ from the declaration').toEqual([]);
  }
}

/** A test that starts no kernel but its own and those of {@link sharedKernel} and {@link freshKernel}. */
export function kernelTest(name: string, run: () => Promise<void>, seconds = 240): void {
  test(
    name,
    async () => {
      try {
        await run();
        expectNoProblems();
      } catch (error) {
        shared = undefined;
        throw error;
      } finally {
        await stopAllBut(shared);
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
  { seconds, only }: { seconds?: number; only?: 'ts' } = {},
): void {
  const [tier, title] = checks[id];
  const name = `${id} (${tier}) ${title}`;
  if (only && only !== language) test.skip(`${name}: not in ${language}`, () => {});
  else kernelTest(name, run, seconds);
}
