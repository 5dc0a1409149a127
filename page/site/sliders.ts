// Controls that show what the notebook's own run gave for their values, read when one is first touched.
import { changed, type Operation } from '../outputs/outputs';
import { json } from './data';
import type { Figure } from './figures';

type Input = HTMLInputElement | HTMLSelectElement;

/** What the notebook's run gave: for each place, the changes of the figure; null if it gave no figure. */
interface Recorded {
  /** Whether all combinations of values were run, or one control at a time. */
  readonly isGrid: boolean;
  readonly controls: readonly { readonly count: number }[];
  readonly changes: readonly (readonly Operation[] | null)[];
}

/** The controls of one call of `interact`, and the figure that they change. */
export class Controls {
  private readonly inputs: Input[];
  private readonly starts: number[];
  private loading: Promise<Recorded> | undefined;
  /** The control that was moved last. */
  private moved = 0;
  private message: HTMLElement | undefined;

  constructor(
    private readonly node: HTMLElement,
    private readonly figure: Figure,
  ) {
    this.inputs = [...node.querySelectorAll<Input>('input, select')];
    this.starts = this.inputs.map(indexOf);
    node.hidden = false;
    (node.nextElementSibling as HTMLElement).hidden = true; // the still ones
    for (const type of ['pointerdown', 'focusin'])
      node.addEventListener(type, () => this.load().catch(() => {}), { once: true, passive: true });
    node.addEventListener('input', ({ target }) => void this.move(target as Input));
  }

  private load(): Promise<Recorded> {
    this.loading ??= json<Recorded>(this.node.dataset.controls!);
    this.loading.catch(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  private async move(input: Input): Promise<void> {
    tell(input);
    try {
      const recorded = await this.load();
      if (!recorded.isGrid) this.startOthers(input);
      const changes = recorded.changes[this.place(recorded)] ?? null;
      this.say(changes === null ? 'With this value the notebook’s code gives no figure.' : '');
      const first = await this.figure.load();
      if (changes !== null) await this.figure.change(changed(first, changes));
    } catch (error) {
      this.say(`The values could not be loaded (${(error as Error).message}). Move it again to try once more.`);
    }
  }

  /** Where only one control at a time was moved, the others go back. */
  private startOthers(input: Input): void {
    for (const [i, other] of this.inputs.entries()) {
      if (other === input || indexOf(other) === this.starts[i]) continue;
      if (isCheckbox(other)) other.checked = this.starts[i] === 1;
      else other.value = String(this.starts[i]);
      tell(other);
    }
    this.moved = this.inputs.indexOf(input);
  }

  /** The place of what the controls say among the recorded changes. */
  private place({ isGrid, controls }: Recorded): number {
    const at = this.inputs.map(indexOf);
    if (isGrid) return controls.reduce((place, { count }, i) => place * count + at[i]!, 0);
    const before = controls.slice(0, this.moved).reduce((sum, { count }) => sum + count, 0);
    return before + at[this.moved]!;
  }

  private say(text: string): void {
    this.message ??= Object.assign(document.createElement('p'), { className: 'note' });
    this.message.setAttribute('role', 'status');
    if (text !== this.message.textContent) this.message.textContent = text;
    if (text !== '') this.node.append(this.message);
    else this.message.remove();
  }
}

const isCheckbox = (input: Input): input is HTMLInputElement => input.type === 'checkbox';

const indexOf = (input: Input): number => (isCheckbox(input) ? Number(input.checked) : Number(input.value));

/** Writes a slider's value beside it. */
function tell(input: Input): void {
  if (input.type !== 'range') return;
  const text: string = JSON.parse(input.dataset.labels!)[indexOf(input)];
  input.setAttribute('aria-valuetext', text);
  (input.nextElementSibling as HTMLOutputElement).value = text;
}
