// The stdin channel: prompts of cells, and the user's answers.
import type { ParentId } from '../process-messages';
import type { Cells } from './cells';
import type { Channels, Message, Request } from './channels';
import type { Outputs } from './output';

interface InputRequest {
  /** Its `msg_id`. */
  messageId: string;
  /** Its number in the cell process. */
  id: number;
}

export class Stdin {
  private waiting: InputRequest[] = [];
  /** The running cell, if its front end can answer prompts. */
  private asker: { parentId: ParentId; request: Request } | undefined;

  constructor(
    channels: Channels,
    private readonly cells: Cells,
    outputs: Outputs,
  ) {
    cells.onInputRequest = ({ parentId, id, prompt, password }) => {
      if (this.asker?.parentId !== parentId) {
        cells.replyToInput(id, null);
        return;
      }
      outputs.flush();
      const messageId = channels.requestInput(this.asker.request, { prompt, password });
      this.waiting.push({ messageId, id });
    };
  }

  /** While `body` runs, its prompts go to the front end that sent the request. */
  async during<T>(parentId: ParentId, request: Request, body: () => Promise<T>): Promise<T> {
    this.asker = { parentId, request };
    try {
      return await body();
    } finally {
      this.asker = undefined;
      this.waiting = [];
    }
  }

  /** Handles an `input_reply`; some clients send it without a parent. */
  receive({ parent, content }: Message): void {
    const exact = this.waiting.findIndex(({ messageId }) => messageId === parent.msg_id);
    const [asked] = this.waiting.splice(Math.max(exact, 0), 1);
    if (asked !== undefined) this.cells.replyToInput(asked.id, String(content.value ?? ''));
  }
}
