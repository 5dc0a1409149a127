// Questions that cells ask the person in front of the notebook.
import type { Context } from '../process-messages';
import type { Cells } from './cells';
import type { Channels, Request } from './channels';
import type { Outputs } from './output';
import type { Message } from './wire';

interface Question {
  /** The number of the question as a message, and as the cell counts. */
  messageId: string;
  id: number;
  context: Context;
}

export class Questions {
  private asked: Question[] = [];
  /** The cell that runs, if the front end that sent it can answer. */
  private asker: { context: Context; request: Request } | undefined;

  constructor(
    channels: Channels,
    private readonly cells: Cells,
    outputs: Outputs,
  ) {
    cells.onAsk = ({ context, id, prompt, password }) => {
      if (this.asker?.context !== context) {
        cells.answer(id, null);
        return;
      }
      outputs.flush();
      const messageId = channels.ask(this.asker.request, { prompt, password });
      this.asked.push({ messageId, id, context });
    };
  }

  /** While `body` runs, questions of the context go to the front end that sent the request. */
  async during<T>(context: Context, request: Request, body: () => Promise<T>): Promise<T> {
    this.asker = { context, request };
    try {
      return await body();
    } finally {
      this.asker = undefined;
      this.asked = [];
    }
  }

  /** An answer; some clients do not say to what. */
  receive({ parent, content }: Message): void {
    const exact = this.asked.findIndex(({ messageId }) => messageId === parent.msg_id);
    const [question] = this.asked.splice(Math.max(exact, 0), 1);
    if (question !== undefined) this.cells.answer(question.id, String(content.value ?? ''));
  }
}
