// Writes kernel/types/widgets.d.ts, which is not committed: the widgets' attributes, from the specification that ipywidgets
// publishes, as the kernel reads it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { writeIfChanged } from './files.mjs';

/** Writes the declarations of widgets, unless they are as they were. */
export async function writeWidgetTypes(paths) {
  const source = path.join(paths.kernelSources, 'cells', 'widgets', 'specification.ts');
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({ input: source, platform: 'node', external: /^[^./\\]/ });
  const { output } = await bundle.generate({ format: 'cjs' });
  await bundle.close();
  const module = { exports: /** @type {typeof import('../kernel/cells/widgets/specification')} */ ({}) };
  new Function('module', 'exports', 'require', output[0].code)(module, module.exports, createRequire(source));
  writeIfChanged(path.join(paths.kernelSources, 'types', 'widgets.d.ts'), widgetTypes(module.exports));
}

/** The purpose of a widget, if its name is not enough. */
const purposes = {
  IntSlider: 'A whole number on a slider.',
  FloatSlider: 'A number on a slider.',
  FloatLogSlider: 'A number on a logarithmic slider, between `base ** min` and `base ** max`.',
  IntRangeSlider: 'A range of whole numbers: two handles on a slider.',
  FloatRangeSlider: 'A range of numbers: two handles on a slider.',
  IntText: 'A whole number to type.',
  FloatText: 'A number to type.',
  BoundedIntText: 'A whole number between two bounds, to type.',
  BoundedFloatText: 'A number between two bounds, to type.',
  Dropdown: 'One of several options, in a list that opens.',
  SelectionSlider: 'One of several options, on a slider.',
  SelectionRangeSlider: 'From one of several options to another: two handles on a slider.',
  ToggleButtons: 'One of several options, each a button.',
  Checkbox: 'Yes or no.',
  Button: 'Something to click.',
  Text: 'A line of text.',
  Textarea: 'Several lines of text.',
  HTML: 'Formatted text.',
  HTMLMath: 'Formatted text with formulas.',
  Label: 'Text with formulas, to show beside controls.',
  IntProgress: 'A bar that shows a whole number between two bounds.',
  FloatProgress: 'A bar that shows a number between two bounds.',
  HBox: 'Widgets side by side.',
  VBox: 'Widgets one below the other.',
  Tab: 'Widgets on pages of which one is open.',
  Accordion: 'Widgets below titles of which one is open.',
  Output: 'Shows the output of functions.',
  Play: 'Counts up by itself, as an animation; link its value to a slider with `jslink`.',
};
const methods = {
  Button: 'ButtonMethods',
  Output: 'OutputMethods',
  Tab: 'PagesMethods',
  Accordion: 'PagesMethods',
  Stack: 'PagesMethods',
  Link: 'LinkMethods',
  DirectionalLink: 'LinkMethods',
};
const multiple = ['SelectMultiple', 'SelectionRangeSlider'];
const dom = ['domClasses', 'layout', 'tabbable', 'tooltip'];
const simple = {
  bool: 'boolean',
  int: 'number',
  float: 'number',
  string: 'string',
  object: 'Record<string, unknown>',
  bytes: 'Uint8Array',
  Date: 'Date',
  Datetime: 'Date',
  NaiveDatetime: 'Date',
  Time: '{ hours: number; minutes: number; seconds?: number; milliseconds?: number }',
};

function typeOf({ type, items, enum: choices, widget, allow_none }, model, property) {
  const orNull = allow_none ? ' | null' : '';
  if (choices) return choices.map((c) => `'${c}'`).join(' | ') + orNull;
  if (/Link$/.test(model)) return 'readonly [widget: AnyWidget, attribute: string]';
  if (type === 'reference') return (widget === 'Widget' ? 'AnyWidget' : widget) + orNull;
  if (type === 'array' && /Range/.test(model)) return 'readonly [lower: number, upper: number]';
  if (type === 'array') return `readonly ${itemType(items, model, property)}[]${orNull}`;
  return (
    [type]
      .flat()
      .map((t) => simple[t])
      .join(' | ') + orNull
  );
}

/** The specification does not declare the content of lists of tags. */
function itemType(items, model, property) {
  if (items) return typeOf(items, model, property);
  return /^(Ints|Floats)Input$/.test(model) ? 'number' : 'string';
}

function defaultText(value) {
  if (value === undefined || value instanceof Uint8Array) return '';
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return `Default: ${text === "'\u200b'" ? "''" : text}.`;
}

function memberOf(attribute, model) {
  const { property, help, default: value } = attribute;
  const type = typeOf(attribute, model, property);
  // The start of a range follows from its bounds.
  const initial = /RangeSlider$/.test(model) && property === 'value' ? 'Default: the middle half.' : defaultText(value);
  const sentence = help && !/[.?!]$/.test(help) ? `${help}.` : help;
  const doc = [sentence, initial].filter(Boolean).join(' ');
  const comment = doc ? `    /** ${doc} */\n` : '';
  if (attribute.type !== 'reference') return `${comment}    ${property}: ${type};`;
  return `${comment}    get ${property}(): ${type};\n    set ${property}(value: ${type} | Options<${type}Attributes>);`;
}

function declare({ name, attributes }, isHidden) {
  const seen = [...attributes.values()].filter((a) => !isHidden(a) && !a.local);
  const isSelection = attributes.has('options') && attributes.get('options').local;
  const isSeen = dom.every((property) => attributes.has(property));
  const own = seen.filter((a) => !(isSeen && dom.includes(a.property)) && !(isSelection && a.property === 'index'));
  const members = own.map((a) => memberOf(a, name)).join('\n');
  const doc = `  /** ${purposes[name] ?? `ipywidgets' \`${name}\`.`} */\n`;
  const settings = `${name}${isSelection ? 'Settings' : 'Attributes'}`;
  const bases = isSeen ? ' extends DomAttributes' : '';
  const more = methods[name] ? `, ${methods[name]}` : '';
  const text = `  interface ${settings}${bases} {\n${members}\n  }\n`;
  if (isSelection) {
    const kind = multiple.includes(name) ? 'MultipleSelectionAttributes<T>' : 'SelectionAttributes<T>';
    return `${text}  interface ${name}Attributes<T> extends ${settings}, ${kind} {}
  interface ${name}<T> extends Widget<${name}Attributes<T>>, ${name}Attributes<T>${more} {}
${doc}  const ${name}: SelectionConstructor<Options<${settings}>, '${name}'>;\n`;
  }
  const kind = attributes.has('children') ? 'BoxConstructor' : 'WidgetConstructor';
  return `${text}  interface ${name} extends Widget<${settings}>, ${settings}${more} {}
${doc}  const ${name}: ${kind}<${name}, Options<${settings}>>;\n`;
}

function widgetTypes({ readModels, isHidden }) {
  const models = readModels();
  const selections = models.filter(({ attributes }) => attributes.get('options')?.local).map(({ name }) => name);
  return `// Written by kernel-setup/setup/widget-types.mjs from ipywidgets' specification.
declare namespace Jupyter.widgets {
  interface SelectionByName<T> {
${selections.map((name) => `    ${name}: ${name}<T>;`).join('\n')}
  }
  interface MultipleByName {
${multiple.map((name) => `    ${name}: true;`).join('\n')}
  }

${models.map((model) => declare(model, isHidden)).join('\n')}}
`;
}
