// What figures and controls of a page show, fetched when they need it.
import { download } from '../download/download.mjs';

/** Milliseconds without a byte after which a download has failed: see offline/index.mjs. */
const patience = () => Number(document.querySelector<HTMLElement>('script[data-patience]')?.dataset.patience ?? 30_000);

/** All of a file. @param address as the page names it */
export async function fetched(address: string): Promise<ArrayBuffer> {
  const { answer, bytes } = await download(new URL(address, document.baseURI), 'default', patience());
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return bytes;
}

export const json = async <T>(address: string): Promise<T> =>
  JSON.parse(new TextDecoder().decode(await fetched(address)));
