import type { Message } from './wire';

/** The outcome of a cell. */
export interface Execution {
  id: string;
  reply: Message;
  /** What was published for it, in order, from busy to idle and after. */
  iopub: Message[];
  /** Of these, all except status and the echoed input. */
  outputs: Message[];
  stdout: string;
  stderr: string;
  results: Message[];
  errors: Message[];
  /** The error as a user reads it: the traceback, or stderr, without colours. */
  errorText: string;
}

/** Escape codes for colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
const colours = /\x1b\[[0-9;]*m/g;
export const plain = (text: string): string => text.replace(colours, '');

export function gather(id: string, reply: Message, children: Message[]): Execution {
  const iopub = children.filter((message) => message.channel === 'iopub');
  const ofType = (type: string) => iopub.filter((message) => message.type === type);
  const stream = (name: string) =>
    ofType('stream')
      .filter((message) => message.content.name === name)
      .map((message) => message.content.text)
      .join('');
  const traceback = [reply, ...ofType('error')]
    .map(({ content }) => content.traceback)
    .find((lines): lines is string[] => Array.isArray(lines));
  const stderr = stream('stderr');
  return {
    id,
    reply,
    iopub,
    outputs: iopub.filter(({ type }) => type !== 'status' && type !== 'execute_input'),
    stdout: stream('stdout'),
    stderr,
    results: ofType('execute_result'),
    errors: ofType('error'),
    errorText: plain(traceback?.join('\n') ?? stderr),
  };
}

/** The bundle of a display or result message. */
export const dataOf = (message: Message | undefined): Record<string, unknown> =>
  (message?.content.data ?? {}) as Record<string, unknown>;

/** The text of a display or result message. */
export const textOf = (message: Message | undefined): string => String(dataOf(message)['text/plain'] ?? '');
