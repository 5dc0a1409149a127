// The built `Jupyter` API in this process; messages are collected instead of sent to the host.
import { createRequire } from 'node:module';
import path from 'node:path';
import type { CommMessage, FromCells, Json } from '../../../kernel-setup/kernel/process-messages';
import { buildIfStale } from '../../../kernel-setup/setup/build.mjs';
import { paths } from '../../../kernel-setup/setup/paths.mjs';

type Values = Record<string, unknown>;
export type Widget = Values & {
  modelId: string;
  set(values: Values): void;
  observe(handler: (change: Values) => unknown, names?: string | readonly string[]): void;
  unobserve(handler?: (change: Values) => unknown, names?: string | readonly string[]): void;
  send(content: unknown, buffers?: readonly ArrayBufferView[]): void;
  onMsg(handler: (content: unknown, buffers: Uint8Array[]) => unknown): void;
  close(): void;
};
type Make = { new (...values: unknown[]): Widget; (...values: unknown[]): Widget };
type Link = (source: readonly [Widget, string], target: readonly [Widget, string]) => Widget;
export type CommSent = Extract<FromCells, { type: 'comm' }>;

await buildIfStale(paths, process.env, 'kernel');
const fromBuild = createRequire(path.join(paths.kernelBuild, 'x.js'));
/** A module of the built kernel. */
export const load = <T>(module: string): T => fromBuild(`./${module}`);
const sent: FromCells[] = [];
load<{ send: (message: FromCells) => void }>('cells/channel.js').send = (message) => void sent.push(message);
const { enterParent } =
  load<typeof import('../../../kernel-setup/kernel/cells/parent/parent')>('cells/parent/parent.js');
const api = load<typeof import('../../../kernel-setup/kernel/cells/jupyter')>('cells/jupyter.js').installJupyter();
export const { onInputReply } = api;

export const { Jupyter } = globalThis as unknown as {
  Jupyter: typeof import('../../../kernel-setup/kernel/cells/display/display') & {
    input: (prompt?: string, options?: { password?: boolean }) => Promise<string>;
    Comm: typeof import('../../../kernel-setup/kernel/cells/comms').Comm;
    registerTarget: typeof import('../../../kernel-setup/kernel/cells/comms').registerTarget;
    newId: typeof import('../../../kernel-setup/kernel/cells/parent/requests').newId;
    widgets: Record<string, Make> & { jslink: Link; jsdlink: Link };
  };
};
export const { widgets } = Jupyter;

/** Begins a cell with this number, which is also its source; drops earlier messages. */
let parentId = 0;
export function beginCell(number = 1, allowStdin = false): number {
  enterParent(++parentId);
  const nothing = { js: '', modules: [], names: [], keep: true };
  api.onRun({
    type: 'run',
    parentId,
    requestId: `request-${parentId}`,
    file: `Cell [${number}]`,
    source: `// ${number}`,
    allowStdin,
    unattended: false,
    ...nothing,
  });
  sent.length = 0;
  return parentId;
}

/** Messages sent since the last call. */
export function taken(): FromCells[] {
  return sent.splice(0);
}

/** Data of the sent comm messages. */
export function takenData(): Record<string, Json>[] {
  return taken().map((message) => (message as CommSent).data);
}

/** A front end's message. */
export function fromFrontEnd(message: Partial<CommMessage> & { commId: string }): Promise<{ refused: boolean }> {
  enterParent(++parentId);
  const whole: CommMessage = { action: 'msg', data: {}, metadata: {}, buffers: [], ...message };
  return api.onComm({ type: 'comm', parentId, requestId: `request-${parentId}`, ...whole });
}

/** A front end's change of attributes, by their names on the wire. */
export function change(widget: Widget, state: Record<string, Json>): Promise<{ refused: boolean }> {
  return fromFrontEnd({ commId: widget.modelId, data: { method: 'update', state, buffer_paths: [] } });
}
