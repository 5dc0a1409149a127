import { send } from '../channel';
import { currentParent } from '../parent/parent';
import { inputAllowed } from '../parent/requests';

interface Waiting {
  resolve(line: string): void;
  reject(error: Error): void;
}

const waiting = new Map<number, Waiting>();
let asked = 0;

/** @throws {Error} if the front end takes no input now */
export function checkInputAllowed(): void {
  if (!inputAllowed())
    throw new Error(
      'Jupyter.input: input is not possible here. It is possible while a cell runs in a front end that allows it (allow_stdin), not in handlers, in later callbacks or when a notebook is run as a whole',
    );
}

/** `Jupyter.input` */
export async function input(prompt = '', { password = false }: { password?: boolean } = {}): Promise<string> {
  checkInputAllowed();
  const id = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    send({ type: 'input-request', parentId: currentParent(), id, prompt: String(prompt), password });
  });
}

/** Resolves the pending question with the front end's answer. */
export function onInputReply(id: number, value: string | null): void {
  const asker = waiting.get(id);
  waiting.delete(id);
  if (value === null) asker?.reject(new Error('Jupyter.input: the front end did not answer'));
  else asker?.resolve(value);
}
