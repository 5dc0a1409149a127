import { expect } from 'vitest';
import { check, code, ours, sharedKernel } from './harness';
import type { Completing } from './snippets';

/** Splits code at its cursor, `|` or the end; positions count code points. */
function atCursor(marked: string) {
  const [before, after = ''] = marked.split('|');
  return { code: before + after, cursor_pos: [...before].length };
}

interface CompleteReply {
  status: string;
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: { _jupyter_types_experimental?: { start: number; end: number; text: string; type: string }[] };
}

async function complete(marked: string): Promise<CompleteReply> {
  const { client } = await sharedKernel();
  const { content, type } = await client.request('shell', 'complete_request', atCursor(marked));
  expect(type).toBe('complete_reply');
  expect(content).toMatchObject({ status: 'ok', matches: expect.any(Array), metadata: expect.any(Object) });
  return content as unknown as CompleteReply;
}

/** Asserts that inserting one of the matches gives the expected code. */
async function expectCompletion({ setUp, code: marked, gives }: Completing) {
  const { client } = await sharedKernel();
  if (setUp) await client.run(setUp);
  const { matches, cursor_start, cursor_end } = await complete(marked);
  const points = [...atCursor(marked).code];
  const put = (match: string) => points.slice(0, cursor_start).join('') + match + points.slice(cursor_end).join('');
  const results = matches.map(put);
  if (typeof gives === 'string') expect(results).toContain(gives);
  else expect(results).toEqual(expect.arrayContaining([expect.stringMatching(gives)]));
}

check('complete-member', () => expectCompletion(code.completeMember));
check('complete-key', () => expectCompletion(code.completeKey));
check('complete-incell', () => expectCompletion(code.completeInCell));
check('complete-import', () => expectCompletion(code.completeImport));
check('complete-in-import', () => expectCompletion(code.completeInImport));
check('complete-uni', () => expectCompletion(code.completeUnicode));

check(
  'complete-live',
  async () => {
    const { client } = await sharedKernel();
    await client.run('const untyped: any = { rows: 1, columns: { first: 2 } };');
    expect((await complete('untyped.col')).matches).toEqual(['columns']);
    expect((await complete('untyped.columns.fi')).matches).toEqual(['first']);
  },
  { kernels: ours },
);

check('complete-none', async () => {
  for (const text of [')(*&^ %$ #@', '', '   ', '"unfinished', '12345', '}}}}']) {
    const { matches, cursor_start, cursor_end } = await complete(text);
    expect(Array.isArray(matches)).toBe(true);
    expect(cursor_start).toBeGreaterThanOrEqual(0);
    expect(cursor_end).toBeGreaterThanOrEqual(cursor_start);
    expect(cursor_end).toBeLessThanOrEqual(text.length);
  }
  const { client } = await sharedKernel();
  expect((await client.run(code.print('lives'))).stdout).toBe('lives\n');
});

check('complete-types', async () => {
  const { client } = await sharedKernel();
  await client.run(code.completeMember.setUp);
  const { matches, metadata } = await complete(code.completeMember.code);
  const kinds = metadata._jupyter_types_experimental ?? [];
  expect(kinds.map((kind) => kind.text)).toEqual(matches);
  for (const kind of kinds) {
    expect(kind).toMatchObject({ start: expect.any(Number), end: expect.any(Number) });
    expect(kind.type).toMatch(/function|method/);
  }
  expect(kinds.length).toBeGreaterThan(0);
});
