// The kernel's widgets send what ipywidgets sends: the same models, states, order and metadata.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { paths } from '../../../kernel-setup/setup/paths.mjs';
import { beginCell, type CommSent, taken, type Widget, widgets } from './session';

type Scenario = [name: string, values: Record<string, unknown>, changes?: [attribute: string, value: unknown][]];
interface Sent {
  type: string;
  id: string;
  data: object;
  metadata: object;
  buffers: number;
}

const options = ['a', 'b', 'c'];
const selections = [
  'Dropdown',
  'RadioButtons',
  'Select',
  'SelectionSlider',
  'ToggleButtons',
  'SelectMultiple',
  'SelectionRangeSlider',
];
/** Not exported by ipywidgets; these are the styles of the widgets below. */
const notExported = /^(Checkbox|Description|HTML|HTMLMath|Label|Progress|Text|ToggleButton)Style$/;
const all = Object.keys(widgets).filter((name) => /^[A-Z]/.test(name) && name !== 'Widget' && !notExported.test(name));

const scenarios: Scenario[] = [
  // Each widget with its defaults.
  ...all.filter((name) => !selections.includes(name) && !/Link$/.test(name)).map((name): Scenario => [name, {}]),
  ...selections.map((name): Scenario => [name, { options }]),
  ['IntSlider', { value: 3, min: 0, max: 10, description: 'n' }, [['value', 7]]],
  ['IntSlider', { min: 10, max: 20 }],
  ['IntSlider', { min: -20, max: -10 }],
  [
    'FloatSlider',
    { value: 0.5, min: 0, max: 1, step: 0.01 },
    [
      ['value', 0.25],
      ['description', 'x'],
      ['disabled', true],
    ],
  ],
  ['FloatLogSlider', { value: 100, min: 1, max: 3 }, [['value', 10]]],
  ['IntRangeSlider', { min: 0, max: 10 }, [['value', [3, 4]]]],
  ['FloatRangeSlider', { min: 0, max: 1 }],
  [
    'IntProgress',
    { value: 2, max: 5, bar_style: 'info' },
    [
      ['value', 5],
      ['bar_style', 'success'],
    ],
  ],
  ['Dropdown', { options: [] }],
  [
    'Dropdown',
    { options: { x: 1, y: 2 }, value: 2 },
    [
      ['value', 1],
      ['value', null],
    ],
  ],
  [
    'Dropdown',
    {
      options: [
        ['x', 10],
        ['y', 20],
      ],
      value: 20,
    },
    [
      ['label', 'x'],
      ['index', 1],
    ],
  ],
  ['Dropdown', { options, index: null }],
  ['ToggleButtons', { options, button_style: 'warning', tooltips: ['1', '2', '3'] }, [['value', 'c']]],
  ['SelectMultiple', { options: [1, 2, 3], value: [2] }, [['index', [0, 2]]]],
  ['SelectionRangeSlider', { options: [1, 2, 3], index: [0, 2] }, [['value', [2, 3]]]],
  ['Checkbox', { value: true, description: 'on', indent: false }, [['value', false]]],
  ['Text', { value: 'a', placeholder: 'type', continuous_update: false }, [['value', 'b']]],
  ['Button', { description: 'go', button_style: 'primary', icon: 'check' }],
  ['Box', { children: 2, box_style: 'info' }],
  ['Tab', { children: 2 }],
  ['Tab', { children: 2, titles: ['one', 'two'] }, [['selected_index', 1]]],
  ['Accordion', { children: 2, titles: ['one'] }],
  ['Stack', { children: 1, selected_index: 0 }],
  ['Layout', { width: '50%', grid_template_columns: '1fr 2fr' }, [['width', '10px']]],
  ['Play', { interval: 50, max: 10, repeat: true }],
  // Rejected by both.
  ['SelectionSlider', { options: [] }],
  ['IntSlider', { min: 5, max: 3 }],
  ['Dropdown', { options, value: 'd' }],
  ['Dropdown', { options, index: 3 }],
  ['SelectionRangeSlider', { options, index: [1] }],
  ['IntSlider', { orientation: 'diagonal' }],
  ['IntSlider', { value: 'three' }],
  ['Text', { value: 3 }],
  ['VBox', { box_style: 'plain' }],
  ['IntRangeSlider', { value: [3, 2] }],
];

const reference = JSON.parse(
  execFileSync(paths.venvPython, [fileURLToPath(new URL('ipywidgets_messages.py', import.meta.url))], {
    input: JSON.stringify(scenarios.map(([name, values, changes = []]) => [name, values, changes])),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }),
) as ({ messages: Sent[] } | { error: string })[];

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function messagesOf([name, values, changes = []]: Scenario): Sent[] {
  const given: Record<string, unknown> = Object.fromEntries(Object.entries(values).map(([k, v]) => [camel(k), v]));
  if ('children' in given) given.children = Array.from({ length: Number(given.children) }, () => widgets.Label());
  beginCell();
  const widget: Widget = new widgets[name](given);
  for (const [attribute, value] of changes) widget[camel(attribute)] = value;
  return (taken() as CommSent[]).map(({ action, commId, data, metadata, buffers }) => ({
    type: `comm_${action}`,
    id: commId,
    data,
    metadata,
    buffers: buffers.length,
  }));
}

/** Ids by their order of appearance. */
function numbered(messages: Sent[]): unknown {
  const ids: string[] = [];
  const text = JSON.stringify(messages).replace(/[0-9a-f]{32}/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `#${ids.indexOf(id)}`;
  });
  return JSON.parse(text);
}

test('has all widgets that the kernel promises', () => {
  expect(all).toEqual(
    expect.arrayContaining(
      'IntSlider FloatSlider FloatLogSlider IntRangeSlider IntText FloatText Dropdown SelectionSlider ToggleButtons Checkbox Button Text HTML Label IntProgress FloatProgress HBox VBox Tab Accordion Output Play Link DirectionalLink Layout'.split(
        ' ',
      ),
    ),
  );
});

describe('the same messages as ipywidgets', () => {
  test.each(
    scenarios.map(
      (scenario, i) => [`${scenario[0]} ${JSON.stringify(scenario.slice(1))}`, scenario, reference[i]] as const,
    ),
  )('%s', (_, scenario, expected) => {
    if ('error' in expected) {
      expect(() => messagesOf(scenario)).toThrow(/^\w+: /);
      expect(taken()).toEqual([]);
    } else expect(numbered(messagesOf(scenario))).toEqual(numbered(expected.messages));
  });
});
