import { escapeHtml } from '../../display';
import type { Setting } from './controls';

/**
 * HTML of controls in their present state, for pages on which no cell has run. It contains only elements and attributes
 * that JupyterLab shows in untrusted notebooks; without the elements, names and values remain readable.
 */
export function previewOf(settings: ReadonlyMap<string, Setting>): string {
  const rows = [...settings].flatMap(([name, setting]) => {
    const control = controlOf(setting);
    return control === undefined ? [] : [`<div><span style="${nameStyle}">${escapeHtml(name)}</span>${control}</div>`];
  });
  return `<div style="opacity: 0.7">${rows.join('')}<div><em>${hint}</em></div></div>`;
}

/** How to get controls that move. */
export const hint = 'Run the cell to move them.';

const nameStyle = 'display: inline-block; min-width: 80px; margin-right: 8px; text-align: right';

function controlOf(setting: Setting): string | undefined {
  if (setting.kind === 'fixed') return undefined;
  const value = escapeHtml(String(setting.value));
  switch (setting.kind) {
    case 'IntSlider':
    case 'FloatSlider': {
      const { min, max, step } = setting;
      const range = `min="${min}" max="${max}" step="${step}" value="${value}"`;
      return `<input type="range" ${range} style="width: 320px; vertical-align: middle" disabled> ${value}`;
    }
    case 'Dropdown': {
      const [label = value] = setting.options.find((option) => Object.is(option[1], setting.value)) ?? [];
      return `<select disabled><option>${escapeHtml(label)}</option></select>`;
    }
    case 'Checkbox':
      return `<input type="checkbox"${setting.value ? ' checked' : ''} disabled> ${value}`;
    default:
      return `<code>${value}</code>`;
  }
}
