import { expect } from 'vitest';
import { check, code, must, sharedKernel } from './harness';

/** Runs a cell that asks, answers it, and returns the question. */
async function ask(cell: string, value: string) {
  const { client } = await sharedKernel();
  const id = client.submit(cell, { allow_stdin: true });
  const question = await client.child(id, (m) => m.channel === 'stdin', 10, 'input_request');
  expect(question.type).toBe('input_request');
  client.send('stdin', { type: 'input_reply', parent: question.header, content: { value } });
  const done = await client.finished(id);
  expect(done.reply.content.status, done.errorText).toBe('ok');
  const shown = await client.run('answer');
  expect(JSON.stringify(shown.results[0]?.content)).toContain(value);
  return question.content;
}

check('stdin', async () => {
  expect(await ask(must(code.input)('Your name? '), 'Ada é')).toMatchObject({ prompt: 'Your name? ', password: false });
  expect(await ask(must(code.input)('Again? '), 'Grace')).toMatchObject({ prompt: 'Again? ', password: false });
});

check('stdin-password', async () => {
  expect(await ask(must(code.password)('Secret: '), 'sesame')).toMatchObject({ prompt: 'Secret: ', password: true });
});

check('stdin-denied', async () => {
  const { client } = await sharedKernel();
  // It must not wait for an answer that cannot arrive.
  const done = await client.execute(must(code.input)('Anyone? '), { allow_stdin: false, timeout: 120 });
  expect(done.reply.content.status).toBe('error');
  expect(done.errors).toHaveLength(1);
  expect(client.received.filter((m) => m.type === 'input_request' && m.parent.msg_id === done.id)).toEqual([]);
});
