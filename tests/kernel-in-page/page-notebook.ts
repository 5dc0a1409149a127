// Runs a notebook in a page's kernel, without JupyterLite: its cells one after the other, and their outputs.
import fs from 'node:fs';
import path from 'node:path';
import { paths } from '../../kernel-setup/setup/paths.mjs';
import { dataSets } from '../../tools/licences/notices.mjs';
import { readNotebook } from '../../tools/notebooks/notebook-file.mjs';
import { PageKernel } from '../kernel/conformance/client/page-kernel';
import type { Message } from '../kernel/conformance/client/wire';
import { pictures } from '../support/fashion-mnist';

const drive = '/drive/notebooks';

interface Output {
  output_type: string;
  metadata?: object;
  data?: Record<string, unknown>;
  name?: string;
  text?: string;
  ename?: string;
  evalue?: string;
}

interface Cell {
  cell_type: string;
  id: string;
  metadata: object;
}

/**
 * Serves a site's data beside the kernels of a page.
 * @returns its address
 */
export async function serveData(): Promise<string> {
  const { page, folder } = await PageKernel.openPage();
  const data = path.join(folder, 'data');
  for (const name of Object.keys(dataSets))
    fs.cpSync(path.join(paths.sources, 'data', name), path.join(data, name), { recursive: true });
  if (fs.existsSync(pictures))
    for (const name of fs.readdirSync(pictures)) {
      const link = path.join(data, 'fashion-mnist', name);
      if (/-ubyte\.gz$/.test(name) && !fs.existsSync(link)) fs.symlinkSync(path.join(pictures, name), link);
    }
  return new URL('data', page.url()).href;
}

/** Imported files, and those of claims, predictions and exercises, as JupyterLite's extension passes them. */
function filesFor(folder: string): Record<string, string> {
  const files = fs.readdirSync(path.join(paths.notebooks, folder)).filter((name) => /\.([cm]?[jt]s|json)$/.test(name));
  const wanted = ['claims.json', ...files.map((name) => path.posix.join(folder, name))];
  return Object.fromEntries(
    wanted.map((name) => [`${drive}/${name}`, fs.readFileSync(path.join(paths.notebooks, name), 'utf8')]),
  );
}

/**
 * Runs a committed notebook.
 * @returns it with its new outputs, up to the first failed cell
 */
export async function runInPage(name: string, data: string) {
  const notebook = readNotebook(path.join(paths.notebooks, name));
  const folder = path.posix.dirname(name);
  const kernel = await PageKernel.start({ folder: `${drive}/${folder}`, data });
  /** Outputs by the id by which they may be updated later. */
  const displays = new Map<string, Output[]>();
  const outputsOf = (messages: Message[]): Output[] => {
    const outputs: Output[] = [];
    let clears = false;
    for (const { channel, type, content } of messages) {
      if (channel !== 'iopub' || /^(status|execute_input|comm_.*)$/.test(type)) continue;
      const { transient, wait, ...rest } = content as Record<string, unknown>;
      const id = (transient as { display_id?: string } | undefined)?.display_id;
      if (type === 'update_display_data') {
        for (const output of displays.get(id!) ?? []) Object.assign(output, rest);
        continue;
      }
      if (clears || (type === 'clear_output' && !wait)) outputs.length = 0;
      clears = type === 'clear_output' && wait === true;
      if (type === 'clear_output') continue;
      const output = { output_type: type, ...rest };
      outputs.push(output);
      if (id !== undefined) displays.set(id, [...(displays.get(id) ?? []), output]);
    }
    return outputs;
  };
  try {
    kernel.give(filesFor(folder));
    const ran: { cell: object; id: string }[] = [];
    for (const cell of notebook.cells) {
      if (cell.cell_type !== 'code' || cell.source.trim() === '') continue;
      const { id, reply } = await kernel.client.execute(cell.source, { timeout: 900 });
      ran.push({ cell, id });
      if (reply.content.status !== 'ok') break;
    }
    const outputs = new Map(ran.map(({ cell, id }) => [cell, outputsOf(kernel.client.childrenOf(id))]));
    const cells: Cell[] = notebook.cells;
    return { cells: cells.map((cell) => ({ ...cell, outputs: outputs.get(cell) ?? [] })) };
  } finally {
    await kernel.stop();
  }
}
