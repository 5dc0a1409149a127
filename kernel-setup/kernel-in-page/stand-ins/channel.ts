import type { FromCells } from '../../kernel/process-messages';

/** Sends a message to the host; it arrives even while a cell runs. */
export const send = (message: FromCells): void => self.postMessage(message);
