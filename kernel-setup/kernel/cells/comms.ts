// Comms: channels between a cell and something in the front end, opened by either side.
import type { CommMessage, ParentId, ToCells } from '../process-messages';
import { send } from './channel';
import { reportOf } from './errors/errors';
import { asBytes, asJson } from './json';
import { currentParent, KernelInterrupt } from './parent/parent';
import { newId } from './parent/requests';

type Binary = ArrayBufferView | ArrayBufferLike;

export interface SendOptions {
  metadata?: Record<string, unknown>;
  buffers?: readonly Binary[];
}

/** A message from the front end as handlers receive it: the protocol's message with `data` at the top level. */
export interface Received {
  content: { comm_id: string; target_name?: string; data: CommMessage['data'] };
  data: CommMessage['data'];
  metadata: CommMessage['metadata'];
  buffers: Uint8Array[];
}

export type Handler<T> = (message: T) => unknown;
export type TargetHandler = (comm: Comm, message: Received) => unknown;

const open = new Map<string, Comm>();
const targets = new Map<string, TargetHandler>();

export interface CommOptions extends SendOptions {
  target_name: string;
  data?: object;
}

export class Comm {
  readonly commId: string;
  readonly targetName: string;
  private readonly onMessage = new Set<Handler<Received>>();
  private readonly onClosed = new Set<Handler<Received>>();

  /** @param openedAs id, if the front end has opened it */
  constructor({ target_name, data = {}, ...rest }: CommOptions, openedAs?: string) {
    if (typeof target_name !== 'string')
      throw new TypeError('Jupyter.Comm: target_name says what in the front end the comm is for; it is missing');
    this.targetName = target_name;
    this.commId = openedAs ?? newId();
    if (openedAs === undefined) this.write('open', data, rest);
    open.set(this.commId, this);
  }

  /** Whether messages still arrive. */
  get isOpen(): boolean {
    return open.get(this.commId) === this;
  }

  send(data: object, options: SendOptions = {}): void {
    if (!this.isOpen) throw new Error(`Jupyter.Comm: the comm for ${this.targetName} is closed and takes no message`);
    this.write('msg', data, options);
  }

  onMsg(handler: Handler<Received>): void {
    this.onMessage.add(handler);
  }

  onClose(handler: Handler<Received>): void {
    this.onClosed.add(handler);
  }

  close(data: object = {}, options: SendOptions = {}): void {
    if (!this.isOpen) return;
    open.delete(this.commId);
    this.write('close', data, options);
  }

  private write(action: CommMessage['action'], data: object, { metadata = {}, buffers = [] }: SendOptions): void {
    send({
      type: 'comm',
      parentId: currentParent(),
      action,
      commId: this.commId,
      targetName: action === 'open' ? this.targetName : undefined,
      data: asJson(data),
      metadata: asJson(metadata),
      buffers: buffers.map(asBytes),
    });
  }

  /** @internal */
  async handle(action: 'msg' | 'close', message: Received): Promise<void> {
    if (action === 'close') open.delete(this.commId);
    for (const handler of [...(action === 'msg' ? this.onMessage : this.onClosed)]) await guarded(handler, message);
  }
}

/** Runs a handler. If it throws, the error is reported to its request, and other handlers still run. */
export async function guarded<A extends unknown[]>(handler: (...args: A) => unknown, ...args: A): Promise<boolean> {
  const parentId: ParentId = currentParent();
  try {
    await handler(...args);
    return true;
  } catch (error) {
    if (error instanceof KernelInterrupt) throw error;
    send({ type: 'late-error', parentId, error: reportOf(error) });
    return false;
  }
}

/** `Jupyter.registerTarget` */
export function registerTarget(name: string, handler: TargetHandler): void {
  targets.set(name, handler);
}

/** Passes a front end's message to its handlers; a comm for an unknown target is rejected. */
export async function onComm(message: Extract<ToCells, { type: 'comm' }>): Promise<{ refused: boolean }> {
  const { action, commId, targetName = '', data, metadata, buffers } = message;
  const content = { comm_id: commId, ...(action === 'open' && { target_name: targetName }), data };
  const received: Received = { content, data, metadata, buffers };
  if (action !== 'open') {
    await open.get(commId)?.handle(action, received);
    return { refused: false };
  }
  const handler = targets.get(targetName);
  if (handler === undefined) return { refused: true };
  const comm = new Comm({ target_name: targetName }, commId);
  const accepted = await guarded(handler, comm, received);
  if (!accepted) open.delete(commId);
  return { refused: !accepted };
}
