import { expect } from 'vitest';
import { plain } from './client/execution';
import { check, code, ours, sharedKernel } from './harness';

async function inspect(marked: string, detail_level = 0) {
  const { client } = await sharedKernel();
  const [before, after = ''] = marked.split('|');
  const request = { code: before + after, cursor_pos: [...before].length, detail_level };
  const { content } = await client.request('shell', 'inspect_request', request);
  expect(content).toMatchObject({ status: 'ok', metadata: expect.any(Object) });
  return content as { found: boolean; data: Record<string, string> };
}

check('inspect', async () => {
  const { client } = await sharedKernel();
  await client.run(code.inspect.setUp);
  for (const level of [0, 1]) {
    const { found, data } = await inspect(code.inspect.code, level);
    expect(found).toBe(true);
    for (const part of code.inspect.shows) expect(plain(data['text/plain'])).toMatch(part);
  }
});

check(
  'inspect-live',
  async () => {
    const { client } = await sharedKernel();
    await client.run('const measured: any = [1.5, 2.5, 3.5];\nlet steps = 3;');
    await client.run('steps += 4;');
    expect(plain((await inspect('measu|red')).data['text/plain'])).toContain('Array of 3: [ 1.5, 2.5, 3.5 ]');
    expect(plain((await inspect('st|eps')).data['text/plain'])).toMatch(/\b7\b/);
  },
  { kernels: ours },
);

check('inspect-lib', async () => {
  const { found, data } = await inspect(code.inspectLibrary.code);
  expect(found).toBe(true);
  for (const part of code.inspectLibrary.shows) expect(plain(data['text/plain'])).toMatch(part);
});

check('inspect-none', async () => {
  for (const nothing of ['', '   ', '((', 'thereIsNoSuchName']) {
    expect(await inspect(nothing), nothing).toMatchObject({ found: false, data: {} });
  }
});

async function isComplete(cell: string) {
  const { client } = await sharedKernel();
  return (await client.request('shell', 'is_complete_request', { code: cell })).content;
}

check('is-complete', async () => {
  for (const cell of code.complete) expect(await isComplete(cell), cell).toMatchObject({ status: 'complete' });
});

check('is-incomplete', async () => {
  for (const cell of code.incomplete) {
    expect(await isComplete(cell), cell).toMatchObject({
      status: 'incomplete',
      indent: expect.stringMatching(/^\s*$/),
    });
  }
});

check('is-invalid', async () => {
  for (const cell of code.invalid) expect(await isComplete(cell), cell).toMatchObject({ status: 'invalid' });
});
