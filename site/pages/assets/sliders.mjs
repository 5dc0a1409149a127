// Controls that show what the notebook's own run gave for their values, read when one is first touched.
import { changed } from '../../extensions/gradlab-plotly/static/outputs.js';
import { json } from './data.mjs';

/** The controls of one call of `interact`, and the figure that they change. */
export class Controls {
  constructor(node, figure) {
    Object.assign(this, { node, figure });
    this.inputs = [...node.querySelectorAll('input, select')];
    this.starts = this.inputs.map(indexOf);
    node.hidden = false;
    node.nextElementSibling.hidden = true; // the still ones
    for (const type of ['pointerdown', 'focusin'])
      node.addEventListener(type, () => this.load().catch(() => {}), { once: true, passive: true });
    node.addEventListener('input', ({ target }) => this.move(target));
  }

  load() {
    this.loading ??= json(this.node.dataset.controls);
    this.loading.catch(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  async move(input) {
    tell(input);
    try {
      const recorded = await this.load();
      if (!recorded.isGrid) this.startOthers(input);
      const changes = recorded.changes[this.place(recorded)];
      this.say(changes === null ? 'With this value the notebook’s code gives no figure.' : '');
      const first = await this.figure.load();
      if (changes !== null) await this.figure.change(changed(first, changes));
    } catch (error) {
      this.say(`The values could not be loaded (${error.message}). Move it again to try once more.`);
    }
  }

  /** Where only one control at a time was moved, the others go back. */
  startOthers(input) {
    for (const [i, other] of this.inputs.entries()) {
      if (other === input || indexOf(other) === this.starts[i]) continue;
      if (other.type === 'checkbox') other.checked = this.starts[i] === 1;
      else other.value = String(this.starts[i]);
      tell(other);
    }
    this.moved = this.inputs.indexOf(input);
  }

  /** The place of what the controls say among the recorded changes. */
  place({ isGrid, controls }) {
    const at = this.inputs.map(indexOf);
    if (isGrid) return controls.reduce((place, { count }, i) => place * count + at[i], 0);
    const before = controls.slice(0, this.moved).reduce((sum, { count }) => sum + count, 0);
    return before + at[this.moved];
  }

  say(text) {
    this.message ??= Object.assign(document.createElement('p'), { className: 'note' });
    this.message.setAttribute('role', 'status');
    if (text !== this.message.textContent) this.message.textContent = text;
    if (text !== '') this.node.append(this.message);
    else this.message.remove();
  }
}

const indexOf = (input) => (input.type === 'checkbox' ? Number(input.checked) : Number(input.value));

/** Writes a slider's value beside it. */
function tell(input) {
  if (input.type !== 'range') return;
  const text = JSON.parse(input.dataset.labels)[indexOf(input)];
  input.setAttribute('aria-valuetext', text);
  input.nextElementSibling.value = text;
}
