// The reader's copy of a notebook and the site's own: what the reader has changed, back to the site's, a newer one of the site.
import type { Panel, StoredNotebook } from '../jupyterlab';
import type { Contents, FileModel } from './contents';
import { changedCells, markOf, textOf } from './versions.mjs';

type Mark = import('./versions.mjs').Mark;
type Notebook = import('./versions.mjs').Notebook;

/** A notebook's tab in JupyterLite. */
export interface CopyPanel extends Panel {
  readonly context: Panel['context'] & {
    readonly contentsModel: FileModel;
    readonly model: CopyModel;
  };
  readonly contentHeader: { addWidget(widget: object): void };
  readonly sessionContext: Panel['sessionContext'] & { readonly ready: Promise<unknown> };
}

interface CopyModel {
  readonly sharedModel: Pick<Notebook, 'metadata'> & {
    readonly cells: readonly { readonly cell_type: string; getSource(): string }[];
  };
  getMetadata(name: string): { readonly site?: object } | undefined;
  setMetadata(name: string, value: object): void;
}

/** The site's own notebooks. */
export class Site {
  /** @param base the site's address */
  constructor(private readonly base: URL) {}

  /** Whether what was opened is the site's own file, and no copy of it: a copy has been saved at another time. */
  async handedOut({ path, last_modified: time }: FileModel): Promise<boolean> {
    try {
      const parts = ['api/contents', ...path.split('/').slice(0, -1).map(encodeURIComponent), 'all.json'];
      const answer = await fetch(new URL(parts.join('/'), this.base));
      const { content }: { content: FileModel[] } = await answer.json();
      return content.some((one) => one.path === path && one.last_modified === time);
    } catch {
      return false;
    }
  }

  /** The notebook at a path; undefined where the site has none, or cannot be reached. */
  async notebook(path: string): Promise<Notebook | undefined> {
    try {
      const address = path.split('/').map(encodeURIComponent).join('/');
      const response = await fetch(new URL(`files/${address}`, this.base), { cache: 'no-cache' });
      return response.ok ? await response.json() : undefined;
    } catch {
      return undefined;
    }
  }
}

/** A notebook that is open, as far as its copy is concerned. */
export class Copy {
  constructor(
    readonly panel: CopyPanel,
    private readonly contents: Contents,
  ) {}

  get path(): string {
    return this.panel.context.path;
  }
  get notebook(): StoredNotebook {
    return this.panel.context.model.toJSON();
  }
  /** The mark of the version that it was made from; undefined if it is not at the place of one of the site's notebooks. */
  get mark(): Mark | undefined {
    const mark = markOf(this.panel.context.model.sharedModel);
    return mark?.path === this.path ? mark : undefined;
  }

  /** In how many cells it differs from the site's. Order counts as one, and so do cells that were taken away. */
  differences(theirs: Notebook): number {
    const mine = this.notebook;
    if (textOf(mine) === textOf(theirs)) return 0;
    return Math.max(1, changedCells(mine, theirs), changedCells(theirs, mine));
  }

  /** Whether the reader has written anything, measured by the version that it was made from. */
  get isChanged(): boolean {
    const { cells } = this.panel.context.model.sharedModel;
    return (
      textOf({ cells: cells.map((cell) => ({ cell_type: cell.cell_type, source: cell.getSource() })) }) !==
      this.mark?.text
    );
  }

  /** Deletes the reader's copy, so that the site's version is back, and restarts the kernel. */
  async renew(): Promise<void> {
    await this.contents.delete(this.path);
    await this.panel.context.revert();
    const kernel = this.panel.sessionContext.session?.kernel;
    kernel?.restart().catch((error) => console.warn(`The kernel did not restart: ${error}`));
  }

  /** Puts a notebook into the place of what is open. */
  async putBack(notebook: StoredNotebook): Promise<void> {
    this.panel.context.model.fromJSON(notebook);
    await this.panel.context.save();
  }

  /** Saves what is open beside itself, under a name that is free. @returns its path */
  async keepBeside(): Promise<string> {
    const folder = this.path.includes('/') ? this.path.replace(/\/[^/]*$/, '') : '';
    const { content } = await this.contents.get(folder, { content: true });
    const taken = new Set((content as FileModel[]).map(({ path }) => path));
    const name = (count: number) => this.path.replace(/\.ipynb$/, ` (mine${count > 1 ? ` ${count}` : ''}).ipynb`);
    let count = 1;
    while (taken.has(name(count))) count += 1;
    await this.contents.save(name(count), { type: 'notebook', format: 'json', content: this.notebook });
    return name(count);
  }

  /** Keeps the reader's text as if it were based on the site's version, so that the question is not repeated. */
  async stay({ version }: Mark): Promise<void> {
    const { model } = this.panel.context;
    const known = model.getMetadata('gradlab');
    model.setMetadata('gradlab', { ...known, site: { ...known?.site, version } });
    await this.panel.context.save();
  }
}

/**
 * Opens notebooks as untrusted, as a Jupyter server does without its signature, until the reader runs them. JupyterLite
 * ignores signatures and would trust the file's own flag.
 */
export function withoutTrust(contents: Contents): void {
  const get = contents.get.bind(contents);
  contents.get = async (...args) => {
    const model = await get(...args);
    const { cells } = (model.content ?? {}) as { cells?: { metadata?: { trusted?: unknown } }[] };
    if (Array.isArray(cells)) for (const cell of cells) delete cell?.metadata?.trusted;
    return model;
  };
}
