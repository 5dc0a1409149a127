// What answers which request, on either of the two channels.
import type { Executor } from './execute';
import { kernelInfo } from './info';
import { complete, inspect } from './introspection';
import type { Handlers, Parts } from './parts';

/** @param shutDown ends the kernel, after its answer */
export function makeHandlers(parts: Parts, executor: Executor, shutDown: (restart: boolean) => void): Handlers {
  const { cells, compiler, comms, connection, history } = parts;
  return {
    kernel_info_request: () => kernelInfo(),
    execute_request: (request) => executor.execute(request),
    complete_request: (request) => complete(compiler, request),
    inspect_request: (request) => inspect(parts, request),
    is_complete_request: async ({ content }) => (await compiler).isComplete(content.code),
    history_request: ({ content }) => ({ status: 'ok', history: history.find(content) }),
    comm_info_request: ({ content }) => ({ status: 'ok', comms: comms.list(content.target_name) }),
    connect_request: () => ({ status: 'ok', ...connection }),
    comm_open: (request) => comms.receive(request, 'open'),
    comm_msg: (request) => comms.receive(request, 'msg'),
    comm_close: (request) => comms.receive(request, 'close'),
    interrupt_request: () => {
      cells.interrupt();
      return { status: 'ok' };
    },
    shutdown_request: ({ content: { restart = false } }) => {
      shutDown(restart);
      return { status: 'ok', restart };
    },
    debug_request: ({ content: { command = '', seq = 0 } }) => ({
      type: 'response',
      request_seq: seq,
      success: false,
      command,
      message: 'This kernel has no debugger.',
    }),
  };
}
