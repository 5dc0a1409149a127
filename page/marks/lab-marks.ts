import { entrySelector, watchMarks } from './marks';

const claimMime = 'application/vnd.gradlab.claim+json';

interface Signal {
  connect(slot: () => void): void;
}

/** The part of JupyterLab's notebook panel that marks use. */
export interface Panel {
  readonly disposed: Signal;
  readonly context: { readonly ready: Promise<unknown> };
  readonly content: {
    readonly node: HTMLElement;
    readonly isDisposed: boolean;
    readonly model: { readonly contentChanged: Signal; readonly cells: Iterable<CellModel> } | null;
    readonly widgets: readonly {
      readonly model: { readonly id: string };
      readonly node: HTMLElement;
      inputHidden: boolean;
    }[];
    readonly rendermime: {
      readonly sanitizer: { sanitize(html: string): string };
      readonly latexTypesetter: { typeset(node: HTMLElement): void } | null;
    };
    setFragment(fragment: string): Promise<void> | void;
  };
}

interface CellModel {
  readonly type: string;
  readonly outputs?: { readonly length: number; get(i: number): { readonly data: Record<string, unknown> } };
}

/**
 * Activates the marks of a notebook in JupyterLab. Entries come from the notebook's outputs, since JupyterLab removes cells outside the
 * viewport from the page.
 */
export function watchMarksOfPanel({ content, context, disposed }: Panel): void {
  let failed = new Set<string>();
  const lists = () => outputsOf(content.model?.cells ?? []).filter((data) => claimMime in data);
  const marks = watchMarks(content.node, {
    entryOf(id) {
      const html = lists()
        .map((data) => textOf(data['text/html']))
        .find((text) => text.includes(`gradlab-statement-${id}"`));
      if (html === undefined) return undefined;
      // The notebook may be untrusted.
      const safe = new DOMParser().parseFromString(content.rendermime.sanitizer.sanitize(html), 'text/html');
      return safe.querySelector<HTMLElement>(entrySelector(id)) ?? undefined;
    },
    hasFailed: (id) => failed.has(id),
    async goTo(id, address) {
      await content.setFragment(address);
      const cell = content.widgets.find(({ model }) => address.endsWith(`#cell-id=${model.id}`));
      if (!cell) return;
      cell.inputHidden = false;
      const list = cell.node.querySelector(entrySelector(id))?.closest('details');
      if (list) list.open = true;
    },
    typeset: (node) => content.rendermime.latexTypesetter?.typeset(node),
  });
  let asked = 0;
  const judge = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      if (content.isDisposed) return;
      failed = new Set(lists().flatMap((data) => failedIn(data[claimMime])));
      marks.refresh();
    });
  };
  void context.ready.then(() => {
    content.model?.contentChanged.connect(judge);
    judge();
  });
  disposed.connect(() => marks.dispose());
}

const outputsOf = (cells: Iterable<CellModel>): Record<string, unknown>[] =>
  [...cells].flatMap(({ outputs }) => Array.from({ length: outputs?.length ?? 0 }, (_, i) => outputs!.get(i).data));

const textOf = (text: unknown): string => (Array.isArray(text) ? text.join('') : String(text ?? ''));

/** The ids of the failed statements. @param claims from an output, perhaps malformed */
const failedIn = (claims: unknown): string[] =>
  (Array.isArray(claims) ? claims : [])
    .filter((claim) => claim?.verdict === 'failed' && typeof claim.id === 'string')
    .map(({ id }) => id);
