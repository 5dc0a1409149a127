// The stdin channel: a cell asks for a line, and the person in front of the notebook gives it.
import type { ParentId } from '../process-messages';
import type { Cells } from './cells';
import type { Channels, Message, Request } from './channels';
import type { Outputs } from './output';

interface InputRequest {
  /** Its `msg_id`. */
  messageId: string;
  /** Its number in the process of the cells. */
  id: number;
}

export class Stdin {
  private waiting: InputRequest[] = [];
  /** The cell that runs, if the front end that sent it can answer. */
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

  /** While `body` runs, what it asks for goes to the front end that sent the request. */
  async during<T>(parentId: ParentId, request: Request, body: () => Promise<T>): Promise<T> {
    this.asker = { parentId, request };
    try {
      return await body();
    } finally {
      this.asker = undefined;
      this.waiting = [];
    }
  }

  /** An `input_reply`; some clients do not say to what. */
  receive({ parent, content }: Message): void {
    const exact = this.waiting.findIndex(({ messageId }) => messageId === parent.msg_id);
    const [asked] = this.waiting.splice(Math.max(exact, 0), 1);
    if (asked !== undefined) this.cells.replyToInput(asked.id, String(content.value ?? ''));
  }
}
