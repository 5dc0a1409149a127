// The messages of Jupyter's protocol 5.4 that the kernel receives and sends. Each is declared once: for the compiler, for
// validation of requests, and for the tests, which validate everything the kernel sends.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
import type { Json } from '../process-messages';
import {
  anything,
  array,
  boolean,
  type Check,
  type Checked,
  dictionary,
  either,
  integer,
  literal,
  nullable,
  number,
  object,
  optional,
  string,
} from './checks';

export const protocolVersion = '5.4';

const json = anything as Check<Json>;
const bundle = dictionary(json);
const nothing = object({});
const failure = { ename: string, evalue: string, traceback: array(string) };
const failed = object({ status: literal('error'), ...failure });
const ok = literal('ok');
const link = object({ text: string, url: string });
/** A reply, or an error. */
const reply = <F extends Record<string, Check<unknown>>>(fields: F) =>
  either(object({ status: ok, ...fields }), failed);
const historyEntry = array(json);

/** Contents by message type. */
const contents = {
  // Requests of front ends.
  kernel_info_request: nothing,
  execute_request: object({
    code: string,
    silent: optional(boolean),
    store_history: optional(boolean),
    user_expressions: optional(nullable(dictionary(string))),
    allow_stdin: optional(boolean),
    stop_on_error: optional(boolean),
  }),
  complete_request: object({ code: string, cursor_pos: optional(nullable(integer)) }),
  inspect_request: object({ code: string, cursor_pos: optional(nullable(integer)), detail_level: optional(integer) }),
  is_complete_request: object({ code: string }),
  history_request: object({
    hist_access_type: literal('range', 'tail', 'search'),
    output: optional(boolean),
    raw: optional(boolean),
    session: optional(nullable(integer)),
    start: optional(nullable(integer)),
    stop: optional(nullable(integer)),
    n: optional(nullable(integer)),
    pattern: optional(nullable(string)),
    unique: optional(boolean),
  }),
  comm_info_request: object({ target_name: optional(nullable(string)) }),
  connect_request: nothing,
  interrupt_request: nothing,
  usage_request: nothing,
  shutdown_request: object({ restart: optional(boolean) }),
  debug_request: object({ command: optional(string), seq: optional(integer), arguments: optional(nullable(bundle)) }),
  // An extension of the protocol, used by page/editing/editing.ts; see EditRequest in compiler/types.ts.
  edit_request: object({
    action: literal('fix', 'format', 'organize', 'rename'),
    cells: array(string),
    cell: integer,
    cursor: integer,
    name: optional(string),
  }),
  input_reply: object({ value: string }),

  // Replies of the kernel.
  kernel_info_reply: reply({
    protocol_version: string,
    implementation: string,
    implementation_version: string,
    language_info: object({
      name: string,
      version: string,
      mimetype: string,
      file_extension: string,
      pygments_lexer: string,
      codemirror_mode: either(string, bundle),
    }),
    banner: string,
    debugger: boolean,
    help_links: array(link),
    supported_features: array(string),
  }),
  execute_reply: either(
    object({
      status: ok,
      execution_count: integer,
      user_expressions: dictionary(reply({ data: bundle, metadata: bundle })),
      payload: array(bundle),
    }),
    object({ status: literal('error'), execution_count: integer, ...failure }),
    object({ status: literal('aborted') }),
    failed,
  ),
  complete_reply: reply({
    matches: array(string),
    cursor_start: integer,
    cursor_end: integer,
    metadata: object({
      _jupyter_types_experimental: optional(
        array(object({ text: string, type: string, start: integer, end: integer })),
      ),
    }),
  }),
  inspect_reply: reply({ found: boolean, data: bundle, metadata: bundle }),
  is_complete_reply: either(
    object({ status: literal('incomplete'), indent: string }),
    object({ status: literal('complete', 'invalid', 'unknown') }),
    failed,
  ),
  history_reply: reply({ history: array(historyEntry) }),
  comm_info_reply: reply({ comms: dictionary(object({ target_name: string })) }),
  connect_reply: reply({ shell_port: integer, iopub_port: integer, stdin_port: integer, hb_port: integer }),
  interrupt_reply: reply({}),
  shutdown_reply: reply({ restart: boolean }),
  // For jupyter-resource-usage, as in ipykernel; an extension of the protocol.
  usage_reply: object({
    hostname: string,
    pid: integer,
    kernel_cpu: number,
    kernel_memory: integer,
    cpu_count: integer,
    host_cpu_percent: number,
    host_virtual_memory: dictionary(number),
  }),
  edit_reply: reply({
    edits: array(
      object({ title: string, changes: array(object({ cell: integer, from: integer, to: integer, text: string })) }),
    ),
    note: optional(string),
  }),
  debug_reply: object({
    type: literal('response'),
    request_seq: integer,
    success: boolean,
    command: string,
    message: optional(string),
    body: optional(bundle),
  }),

  // Broadcasts, and requests to the front end that runs a cell.
  iopub_welcome: object({ subscription: string }),
  status: object({ execution_state: literal('starting', 'busy', 'idle') }),
  execute_input: object({ code: string, execution_count: integer }),
  execute_result: object({ execution_count: integer, data: bundle, metadata: bundle }),
  stream: object({ name: literal('stdout', 'stderr'), text: string }),
  display_data: object({
    data: bundle,
    metadata: bundle,
    transient: object({ display_id: optional(string), version: optional(string) }),
  }),
  update_display_data: object({
    data: bundle,
    metadata: bundle,
    transient: object({ display_id: string, version: optional(string) }),
  }),
  clear_output: object({ wait: boolean }),
  error: object(failure),
  input_request: object({ prompt: string, password: boolean }),

  // Both directions.
  comm_open: object({ comm_id: string, target_name: string, data: bundle }),
  comm_msg: object({ comm_id: string, data: bundle }),
  comm_close: object({ comm_id: string, data: optional(bundle) }),
};

export type MessageType = keyof typeof contents;
export type Content<T extends MessageType> = Checked<(typeof contents)[T]>;

const header = object({
  msg_id: string,
  session: string,
  username: string,
  date: string,
  msg_type: string,
  version: string,
});

export type Header = Checked<typeof header>;
/** The parent header of a message; empty if there is none. */
export type ParentHeader = Header | Record<string, never>;

/** Creates headers of the kernel's messages, with one session per run. */
export class Headers {
  readonly session: string = crypto.randomUUID();
  private count = 0;

  constructor(private readonly username: string) {}

  next(type: string): Header {
    this.count += 1;
    return {
      msg_id: `${this.session}_${this.count}`,
      session: this.session,
      username: this.username,
      date: new Date().toISOString(),
      msg_type: type,
      version: protocolVersion,
    };
  }
}

export const isKnown = (type: string): type is MessageType => Object.hasOwn(contents, type);

/** The problems of a message's content. */
export function problemsOf(type: MessageType, content: unknown): string[] {
  return contents[type](content, 'content');
}

/** The problems of a whole message, including its header; empty if it is valid. */
export function validate(message: {
  header: unknown;
  parent_header: unknown;
  metadata: unknown;
  content: unknown;
}): string[] {
  const problems = [...header(message.header, 'header'), ...bundle(message.metadata, 'metadata')];
  if (problems.length > 0) return problems;
  const { msg_type: type, date, version } = message.header as Header;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d)$/.test(date))
    problems.push(`header.date must be a date with its zone, not ${date}`);
  if (!/^5\.\d+$/.test(version)) problems.push(`header.version must be 5.x, not ${version}`);
  const withoutParent = isDeepEmpty(message.parent_header);
  if (!withoutParent) problems.push(...header(message.parent_header, 'parent_header'));
  if (!isKnown(type)) return [...problems, `header.msg_type ${type} is not declared`];
  return [...problems, ...problemsOf(type, message.content)];
}

const isDeepEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
