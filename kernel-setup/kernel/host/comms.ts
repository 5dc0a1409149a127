// The open comms, and their messages in both directions.
import type { CommMessage, FromCells, Json } from '../process-messages';
import type { Cells } from './cells';
import type { Channels, Request } from './channels';
import type { Content } from './messages';
import type { Outputs } from './output';
import { newParentId } from './parent-ids';

type Target = { target_name: string };

export class Comms {
  private readonly open = new Map<string, Target>();

  constructor(
    private readonly channels: Channels,
    private readonly cells: Cells,
    private readonly outputs: Outputs,
  ) {
    cells.onComm = (message) => this.send(message);
  }

  list(target?: string | null): Record<string, Target> {
    const listed = [...this.open].filter(([, { target_name }]) => !target || target_name === target);
    return Object.fromEntries(listed);
  }

  /** Handles a message from the cells. */
  private send(message: Extract<FromCells, { type: 'comm' }>): void {
    const { parentId, action, commId, targetName = '', data, metadata, buffers } = message;
    this.outputs.flush();
    const parent = this.outputs.headerOf(parentId);
    const extra = { metadata, buffers };
    if (action === 'open') {
      this.open.set(commId, { target_name: targetName });
      this.channels.publish('comm_open', { comm_id: commId, target_name: targetName, data }, parent, extra);
    } else if (action === 'msg') this.channels.publish('comm_msg', { comm_id: commId, data }, parent, extra);
    else {
      this.open.delete(commId);
      this.channels.publish('comm_close', { comm_id: commId, data }, parent, extra);
    }
  }

  /** Handles a message from a front end. */
  async receive(request: Request<'comm_open' | 'comm_msg' | 'comm_close'>, action: CommMessage['action']) {
    const { content, header, metadata, buffers } = request;
    if (this.outputs.changing.concerns(request)) {
      this.outputs.changing.receive(request, action);
      return;
    }
    const commId = content.comm_id;
    const targetName = action === 'open' ? (content as Content<'comm_open'>).target_name : undefined;
    if (targetName !== undefined) this.open.set(commId, { target_name: targetName });
    if (action === 'close') this.open.delete(commId);
    const parentId = newParentId();
    this.outputs.enter(parentId, header);
    try {
      const { refused } = await this.cells.handleComm(parentId, header.msg_id, {
        action,
        commId,
        targetName,
        data: (content.data ?? {}) as Record<string, Json>,
        metadata: metadata as Record<string, Json>,
        buffers: [...buffers],
      });
      if (refused) this.close(commId, header);
    } catch {
      // The process died: its comms are closed, and the death is reported.
    }
  }

  /** Tells the front ends that the comms of a process have closed. */
  closeAll(): void {
    for (const commId of [...this.open.keys()]) this.close(commId, {});
  }

  private close(commId: string, parent: Parameters<Channels['publish']>[2]): void {
    this.open.delete(commId);
    this.channels.publish('comm_close', { comm_id: commId, data: {} }, parent);
  }
}
