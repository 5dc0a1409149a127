// The open widgets. Separate from the classes, because front ends may ask for them before a widget exists.
import type { Comm } from '../comms';
import { separateBuffers } from './buffers';
import type { Widget } from './widget';

/** What other widgets need to refer to it. */
export abstract class WidgetIdentity {
  /** The id of its comm, which front ends use. */
  abstract readonly modelId: string;
  /** The name of its class. */
  abstract readonly name: string;
}

/** Widgets that are open, by the id of their comm. */
export const liveWidgets = new Map<string, Widget>();

/** Comm target by which a reloaded front end requests all widgets. */
export const controlTarget = 'jupyter.widget.control';

/** Answers requests for the state of all widgets. */
export function answerControl(comm: Comm): void {
  comm.onMsg(({ data }) => {
    if (data.method !== 'request_states')
      throw new Error(`${controlTarget}: unknown method ${JSON.stringify(data.method)}; it answers request_states`);
    const states = Object.fromEntries([...liveWidgets].map(([id, widget]) => [id, widget.describe()]));
    const { state, paths, buffers } = separateBuffers(states);
    comm.send({ method: 'update_states', states: state, buffer_paths: paths }, { buffers });
  });
}
