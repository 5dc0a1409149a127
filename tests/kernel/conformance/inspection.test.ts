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
    await client.run('const settings = { rate: 0.125 as number, get odd(): number { throw new Error() } };');
    await client.run('const byKey: Record<string, string> = { asked: "this" }');
    expect(plain((await inspect('settings.ra|te')).data['text/plain'])).toContain('0.125');
    expect((await inspect('settings.od|d')).found).toBe(true);
    expect(plain((await inspect('byKey.ask|ed')).data['text/plain'])).toContain("'this'");
    await client.run('const twice = (x: number) => 2 * x;');
    const sources = await Promise.all([0, 1].map((level) => inspect('twi|ce', level)));
    expect(sources.map(({ data }) => plain(data['text/plain']).includes('=> 2 * x'))).toEqual([false, true]);
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

check(
  'variables',
  async () => {
    const { client } = await sharedKernel();
    const ask = async (command: string, args = {}) => {
      const request = { type: 'request', seq: 7, command, arguments: args };
      const { content } = await client.request('control', 'debug_request', request);
      expect(content).toMatchObject({ type: 'response', request_seq: 7, command });
      return content as { success: boolean; message?: string; body: Record<string, unknown> };
    };
    await client.run('const listed = { inside: [1, 2] };');
    expect((await ask('debugInfo')).body).toMatchObject({ isStarted: false, richRendering: true });
    expect((await ask('initialize')).success).toBe(true);
    expect((await ask('attach')).success).toBe(true);
    expect((await ask('debugInfo')).body).toMatchObject({ isStarted: true, breakpoints: [], stoppedThreads: [] });
    type Listed = { name: string; value: string; type: string; variablesReference: number };
    const variables = async (command: string, args = {}) => (await ask(command, args)).body.variables as Listed[];
    const found = (await variables('inspectVariables')).find(({ name }) => name === 'listed')!;
    expect(found).toMatchObject({ value: '{inside: Array(2)}', type: 'Object' });
    const [inside] = await variables('variables', { variablesReference: found.variablesReference });
    expect(inside).toMatchObject({ name: 'inside', value: '[1, 2]', type: 'Array(2)' });
    expect(await variables('variables', { variablesReference: inside.variablesReference })).toMatchObject([
      { name: '0', value: '1', type: 'int', variablesReference: 0 },
      { name: '1', value: '2', type: 'int', variablesReference: 0 },
    ]);
    const shown = (await ask('richInspectVariables', { variableName: 'listed' })).body.data as Record<string, string>;
    expect(plain(shown['text/plain'])).toBe('{ inside: [ 1, 2 ] }');
    expect(await ask('richInspectVariables', { variableName: 'nothing' })).toMatchObject({
      success: false,
      message: 'There is no variable "nothing" now, or a cell is running.',
    });
    expect((await ask('setBreakpoints', { breakpoints: [{ line: 1 }] })).body).toEqual({ breakpoints: [] });
    expect(await ask('stepIn')).toMatchObject({ success: false, message: expect.stringContaining('no debugger') });
    expect((await ask('disconnect')).success).toBe(true);
    expect((await ask('debugInfo')).body).toMatchObject({ isStarted: false });
  },
  { kernels: ours },
);

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
