// The global `Jupyter` of cells; types/jupyter.d.ts declares it.
import { Comm, onComm, registerTarget } from './comms';
import { broadcast, clearOutput, display, textAs, unseen } from './display/display';
import { input, onInputReply } from './node/input';
import { beginRequest, newId } from './parent/requests';
import type { RunMessage } from './run';
import { answerControl, controlTarget } from './widgets/registry';

const api = {
  display,
  html: textAs('text/html'),
  md: textAs('text/markdown'),
  svg: textAs('image/svg+xml'),
  clearOutput,
  broadcast,
  input,
  Comm,
  registerTarget,
  newId,
  /** Loaded on first use. */
  install: (...names: string[]) =>
    unseen((require('./modules/install') as typeof import('./modules/install')).install(...names)),
  /** Loaded with the first widget. */
  get widgets() {
    return (require('./widgets') as typeof import('./widgets')).widgets;
  },
};

/** Installs the global `Jupyter`. Returns the handlers of its messages. */
export function installJupyter() {
  Object.defineProperty(globalThis, 'Jupyter', { value: api, configurable: true, writable: true });
  registerTarget(controlTarget, answerControl);
  return {
    /** Called when a cell begins. */
    onRun: (message: RunMessage): void => beginRequest(message),
    onComm: (message: Parameters<typeof onComm>[0]): ReturnType<typeof onComm> => {
      beginRequest(message);
      return onComm(message);
    },
    onInputReply,
  };
}
