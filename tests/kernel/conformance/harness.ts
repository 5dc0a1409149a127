import { afterAll, expect, test } from 'vitest';
import { type CheckId, checks } from './checks';
import { Kernel, kernelName, running, type TestedKernel } from './client/kernel';
import { PageKernel } from './client/page-kernel';
import { languageOf, type Snippets, snippets } from './snippets';

export { Kernel, kernelName, type TestedKernel } from './client/kernel';

/** The kernel's language. */
export const language = languageOf(kernelName);
/** The code that the checks run, in the kernel's language. */
export const code: Snippets = snippets(kernelName);

/** Asserts that a snippet exists; a language may lack it. */
export function must<T>(snippet: T | undefined): T {
  if (snippet === undefined) throw new Error(`${kernelName} has no way to do this`);
  return snippet;
}

/** The project's kernels, for checks that other kernels cannot pass. */
export const ours: readonly string[] = ['gradlab', 'page'];
/** The kernels whose messages are all validated; the others are for comparison. */
const strict = ours.includes(kernelName);

let shared: TestedKernel | undefined;

async function stopAllBut(kept?: TestedKernel): Promise<void> {
  for (const kernel of running) if (kernel !== kept) await kernel.stop();
}
afterAll(async () => {
  await stopAllBut();
  await PageKernel.closePage();
});

/** The kernel that the checks of a file share; replaced if the last check failed or ended it. */
export async function sharedKernel(): Promise<TestedKernel> {
  if (shared === undefined || shared.exited) shared = await freshKernel();
  return shared;
}

/** A kernel for one check, stopped at its end. */
export const freshKernel = (): Promise<TestedKernel> => (kernelName === 'page' ? PageKernel.start() : Kernel.start());

/** {@link sharedKernel} for checks that need processes with sockets. */
export async function sharedProcess(): Promise<Kernel> {
  const kernel = await sharedKernel();
  if (!(kernel instanceof Kernel)) throw new Error('this kernel is no process');
  return kernel;
}

function expectNoProblems(): void {
  for (const { client } of running) {
    const problems = client?.problems.splice(0) ?? [];
    if (strict) expect(problems, 'messages that differ from the declaration').toEqual([]);
  }
}

interface Options {
  /** Its timeout. */
  seconds?: number;
  /** The language that it tests. */
  only?: 'ts';
  /** The kernels that support it. */
  kernels?: readonly string[];
  /** Why a page cannot support it. */
  notInPage?: string;
}

/** A test that starts no other kernels than its own and those of {@link sharedKernel} and {@link freshKernel}. */
export function kernelTest(name: string, run: () => Promise<void>, options: Options = {}): void {
  const { seconds = 240, only, kernels, notInPage } = options;
  const skip = (reason: string) => test.skip(`${name}: ${reason}`, () => {});
  if (only && only !== language) skip(`not in ${language}`);
  else if (kernels && !kernels.includes(kernelName)) skip(`not in ${kernelName}`);
  else if (notInPage && kernelName === 'page') skip(`not in a page: ${notInPage}`);
  else
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

/** The test for one entry of the list. */
export function check(id: CheckId, run: () => Promise<void>, options: Options = {}): void {
  const [tier, title, notInPage]: readonly [string, string, string?] = checks[id];
  kernelTest(`${id} (${tier}) ${title}`, run, { notInPage, ...options });
}
