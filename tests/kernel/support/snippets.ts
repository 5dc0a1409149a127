import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CellSession, failureOf } from './cell-session';

/** A cell, or files by name that are written before the next cell. */
export type Step = string | Readonly<Record<string, string>>;

/**
 * The expected result of the last cell: a value, as Node prints it; `nothing`; or, if it must fail, text of its
 * diagnostics or traceback. All earlier cells must succeed.
 */
export type Snippet = readonly [name: string, steps: readonly Step[], expected: unknown];

/** No value. */
export const nothing = Symbol('no value');

/** Defines tests that run cells one after another, all in one session. */
export function testSnippets(snippets: readonly Snippet[], files?: Readonly<Record<string, string>>): void {
  let session: CellSession;

  beforeAll(async () => {
    session = await CellSession.start(files);
  });

  afterAll(() => session?.close());

  test.each(snippets)('%s', async (_, steps, expected) => {
    const cells = steps.filter((step) => typeof step === 'string').length;
    let cell = 0;
    for (const step of steps) {
      if (typeof step !== 'string') {
        session.write(step);
        continue;
      }
      const ran = await session.execute(step);
      const isLast = ++cell === cells;
      if (isLast && expected instanceof RegExp) {
        expect(ran.ok, 'it ran').toBe(false);
        expect(failureOf(ran)).toMatch(expected);
        continue;
      }
      expect(failureOf(ran)).toBe('');
      if (isLast) expect(ran.data?.['text/plain']).toBe(expected === nothing ? undefined : inspect(expected));
    }
  });
}
