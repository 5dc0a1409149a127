// Request handlers by message type, for both channels.
import type { Executor } from './execute';
import { complete, edit, inspect } from './introspection';
import type { Handlers, Parts } from './parts';
import { variablesPanel } from './variables-panel';

/**
 * @param interrupt interrupts the running cell
 * @param shutDown ends the kernel after its answer
 */
export function makeHandlers(
  parts: Parts,
  executor: Executor,
  interrupt: () => void,
  shutDown: (restart: boolean) => void,
): Handlers {
  const { cells, compiler, comms, info, connection, history, usage } = parts;
  const debug = variablesPanel(cells);
  return {
    kernel_info_request: () => info,
    execute_request: (request) => executor.execute(request),
    complete_request: (request) => complete(parts, request),
    inspect_request: (request) => inspect(parts, request),
    edit_request: (request) => edit(parts, request),
    is_complete_request: ({ content }) => compiler.ask('isComplete', content.code),
    history_request: ({ content }) => ({ status: 'ok', history: history.find(content) }),
    comm_info_request: ({ content }) => ({ status: 'ok', comms: comms.list(content.target_name) }),
    ...(connection && { connect_request: () => connection }),
    ...(usage && { usage_request: () => usage() }),
    comm_open: (request) => comms.receive(request, 'open'),
    comm_msg: (request) => comms.receive(request, 'msg'),
    comm_close: (request) => comms.receive(request, 'close'),
    interrupt_request: () => {
      interrupt();
      return { status: 'ok' };
    },
    shutdown_request: ({ content: { restart = false } }) => {
      shutDown(restart);
      return { status: 'ok', restart };
    },
    debug_request: ({ content }) => debug(content),
  };
}
