import { expect, test } from 'vitest';
import { validate } from '../../../kernel-setup/kernel/host/messages';

const header = (msg_type: string) => ({
  msg_id: 'a_1',
  session: 'a',
  username: 'somebody',
  date: '2026-01-31T12:00:00.000Z',
  msg_type,
  version: '5.4',
});
const message = (type: string, content: unknown, changes = {}) => ({
  header: header(type),
  parent_header: header('execute_request'),
  metadata: {},
  content,
  ...changes,
});

test.each([
  ['status', { execution_state: 'busy' }],
  ['stream', { name: 'stdout', text: '' }],
  ['execute_reply', { status: 'ok', execution_count: 1, user_expressions: {}, payload: [] }],
  ['execute_reply', { status: 'error', execution_count: 1, ename: 'E', evalue: '', traceback: ['x'] }],
  ['execute_reply', { status: 'aborted' }],
  ['is_complete_reply', { status: 'incomplete', indent: '' }],
  ['display_data', { data: { 'text/plain': 'x' }, metadata: {}, transient: {} }],
  ['comm_close', { comm_id: 'c' }],
  ['execute_request', { code: '', silent: false, something: 'else' }],
])('%s %j is valid', (type, content) => {
  expect(validate(message(type, content))).toEqual([]);
});

test.each([
  ['status', { execution_state: 'asleep' }, /content\.execution_state must be "starting" or "busy" or "idle"/],
  ['stream', { name: 'stdout' }, /content\.text must be a string, not missing/],
  [
    'execute_reply',
    { status: 'ok', execution_count: 1.5, user_expressions: {}, payload: [] },
    /a whole number, not 1.5/,
  ],
  ['execute_reply', { status: 'abort' }, /"aborted"/],
  ['error', { ename: 'E', evalue: '', traceback: [1] }, /content\.traceback\[0\] must be a string, not 1/],
  ['comm_open', { comm_id: 'c', data: [], target_name: 't' }, /content\.data must be an object/],
  ['no_such_message', {}, /msg_type no_such_message is not declared/],
])('%s %j is invalid', (type, content, problem) => {
  expect(validate(message(type, content)).join('\n')).toMatch(problem);
});

test('validates headers', () => {
  const idle = { execution_state: 'idle' };
  expect(validate(message('status', idle, { parent_header: {} }))).toEqual([]);
  const { session: _, ...withoutSession } = header('status');
  expect(validate(message('status', idle, { header: withoutSession }))[0]).toMatch(/header\.session/);
  expect(validate(message('status', idle, { parent_header: { msg_id: 'x' } })).length).toBeGreaterThan(0);
  const local = { ...header('status'), date: '2026-01-31T12:00:00.000' };
  expect(validate(message('status', idle, { header: local }))[0]).toMatch(/date with its zone/);
  expect(validate(message('status', idle, { metadata: null }))[0]).toMatch(/metadata must be an object/);
});
