// Validates messages from the cell process. Code in cells can write to the channel too, and an invalid message must not end
// the host.
import type { FromCells } from '../process-messages';
import {
  anything,
  array,
  boolean,
  type Check,
  dictionary,
  integer,
  literal,
  nullable,
  object,
  optional,
  string,
} from './checks';

const bundle = dictionary(anything);
const bytes: Check<Uint8Array> = (value, at) => (ArrayBuffer.isView(value) ? [] : [`${at} must be bytes`]);
const error = object({ ename: string, evalue: string, traceback: array(string) });
const parent = { parentId: integer };

const checks: { readonly [T in FromCells['type']]: Check<object> } = {
  ready: object({}),
  done: object({
    ...parent,
    result: optional(object({ data: bundle, metadata: bundle })),
    error: optional(error),
    reached: array(string),
  }),
  handled: object({ ...parent, refused: optional(boolean) }),
  'late-error': object({ ...parent, error }),
  'cleaning-up': object(parent),
  stream: object({ ...parent, name: literal('stdout', 'stderr'), text: string }),
  display: object({
    ...parent,
    data: bundle,
    metadata: bundle,
    displayId: optional(string),
    update: optional(boolean),
  }),
  detached: object({ pid: integer, command: optional(string) }),
  clear: object({ ...parent, wait: boolean }),
  broadcast: object({ ...parent, msgType: string, content: bundle, metadata: bundle, buffers: array(bytes) }),
  comm: object({
    ...parent,
    action: literal('open', 'msg', 'close'),
    commId: string,
    targetName: optional(string),
    data: bundle,
    metadata: bundle,
    buffers: array(bytes),
  }),
  compile: object({ id: integer, path: string }),
  'input-request': object({ ...parent, id: integer, prompt: string, password: boolean }),
  summary: object({ id: integer, text: nullable(string) }),
  members: object({ id: integer, members: array(object({ name: string, isMethod: boolean })) }),
  variables: object({
    id: integer,
    variables: array(object({ name: string, value: string, type: string, reference: integer })),
  }),
  shown: object({ id: integer, data: optional(bundle), metadata: optional(bundle) }),
};

/** Returns a valid message. @throws {TypeError} that says what is wrong */
export function messageFromCells(value: unknown): FromCells {
  const { type } = Object(value) as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) throw new TypeError('it is of no known type');
  const [problem] = checks[type as FromCells['type']](value, type);
  if (problem !== undefined) throw new TypeError(problem);
  return value as FromCells;
}
