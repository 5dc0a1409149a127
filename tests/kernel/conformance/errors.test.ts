import { expect } from 'vitest';
import { check, code, language, must, sharedKernel } from './harness';

/** Runs a cell that fails. */
async function failing(cell: string) {
  const { client } = await sharedKernel();
  const done = await client.execute(cell);
  expect(done.reply.content.status, cell).toBe('error');
  return done;
}

/** Matches a line of the cell in tracebacks: `Cell [3]:5:1`, `line 5`, `--> 5`. */
const cites = (line: number) => new RegExp(`(:|\\bline |> )${line}\\b`);

const errorFields = {
  status: 'error',
  ename: expect.any(String),
  evalue: expect.any(String),
  traceback: expect.any(Array),
};

check('err-reply', async () => {
  const { reply } = await failing(code.raise('what went wrong'));
  expect(reply.content).toMatchObject({
    ...errorFields,
    ename: expect.stringMatching(/Error$/),
    evalue: 'what went wrong',
    execution_count: expect.any(Number),
  });
  const lines = reply.content.traceback as unknown[];
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every((line) => typeof line === 'string')).toBe(true);
  expect(lines.join('\n')).toContain('what went wrong');
});

check('err-iopub', async () => {
  const { errors, outputs, reply, stderr } = await failing(code.raise('what went wrong'));
  expect(errors).toHaveLength(1);
  expect(outputs).toEqual(errors);
  const { ename, evalue, traceback } = reply.content;
  expect(errors[0].content).toEqual({ ename, evalue, traceback });
  expect(stderr).toBe('');
});

check('err-line', async () => {
  const { errorText } = await failing(`${code.comment('one')}\n\n${code.raise('line three')}`);
  expect(errorText).toContain('line three');
  expect(errorText).toMatch(cites(3));
});

check('err-line-async', async () => {
  const { errorText } = await failing(code.awaitedError);
  expect(errorText).toContain('line three');
  expect(errorText).toMatch(cites(3));
});

check('err-frames', async () => {
  const { client } = await sharedKernel();
  await client.run(code.failingFunction);
  const { errorText } = await failing(code.failingCall);
  expect(errorText).toMatch(cites(3));
  expect(errorText).toMatch(cites(5));
});

const kernelCode = /kernel-setup|\.gradlab|node_modules|node:(internal|vm)|tslab|ipykernel|IPython|asyncio/;

check('err-frames-clean', async () => {
  const { client } = await sharedKernel();
  await client.run(code.failingFunction);
  for (const cell of [code.failingCall, code.awaitedError]) {
    const { errorText } = await failing(cell);
    expect(errorText).toMatch(/deep|line three/);
    const notTyped = errorText.split('\n').filter((line) => !cell.includes(line.replace(/^\W*\d*\W*/, '')));
    expect(notTyped.join('\n')).not.toMatch(kernelCode);
  }
});

check('err-cause', async () => {
  const { errorText } = await failing(code.cause);
  expect(errorText).toContain('the outer reason');
  expect(errorText).toContain('TypeError: the inner reason');
});

check('err-custom', async () => {
  for (const [name, cell] of Object.entries(code.customErrors)) {
    expect((await failing(cell)).reply.content).toMatchObject({ ename: name, evalue: '3 is not 4' });
  }
});

check('err-nonerror', async () => {
  for (const cell of code.thrownValues) {
    const { reply, errors } = await failing(cell);
    expect(reply.content, cell).toMatchObject(errorFields);
    expect(errors, cell).toHaveLength(1);
  }
  if (language === 'ts') expect((await failing('throw "just text";')).errorText).toContain('just text');
});

check('err-syntax', async () => {
  const { client } = await sharedKernel();
  const { reply, errorText } = await failing(code.syntaxError);
  expect(reply.content).toMatchObject(errorFields);
  expect(errorText).toMatch(new RegExp(`${cites(2).source}|\\(2,\\d+\\)`));
  expect((await client.run(code.print('lives'))).stdout).toBe('lives\n');
});

check(
  'err-type',
  async () => {
    const { reply, errorText, errors } = await failing(must(code.typeErrorCell));
    expect(reply.content).toMatchObject(errorFields);
    expect(errors).toHaveLength(1);
    expect(errorText).toContain("Type 'string' is not assignable to type 'number'");
    expect(errorText).toMatch(/\b2[:,]7\b|line 2.*column 7/);
    expect(errorText).toContain('2322');
  },
  { only: 'ts' },
);

check(
  'err-type-atomic',
  async () => {
    expect((await failing(must(code.typeErrorCell))).stdout).toBe('');
  },
  { only: 'ts' },
);
