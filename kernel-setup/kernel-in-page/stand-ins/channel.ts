import type { FromCells } from '../../kernel/process-messages';

/** Sends a message to the host; it arrives while a cell is still running. */
export const send = (message: FromCells): void => self.postMessage(message);
