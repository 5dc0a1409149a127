// `Jupyter.widgets`: a class for each model of the specification.
import { Box, Pages, Tabs } from './containers';
import { Button, Link, type Place } from './controls';
import { Bounded, BoundedLog, BoundedRange } from './numbers';
import { Output } from './output';
import { MultipleSelection, RangeSelection, Selection } from './selection';
import { readModels, type WidgetModel } from './specification';
import { defineProperties, type Values, Widget, type WidgetClass, widgetClasses } from './widget';

/** Models with behaviour that their attributes do not describe. */
const bases: Record<string, typeof Widget> = {
  FloatLogSlider: BoundedLog,
  IntRangeSlider: BoundedRange,
  FloatRangeSlider: BoundedRange,
  SelectMultiple: MultipleSelection,
  SelectionRangeSlider: RangeSelection,
  Accordion: Pages,
  Stack: Pages,
  Tab: Tabs,
  Button,
  Link,
  DirectionalLink: Link,
  Output,
} as Record<string, typeof Widget>;

function baseOf({ name, attributes }: WidgetModel): typeof Widget {
  if (bases[name] !== undefined) return bases[name];
  if (attributes.has('_options_labels')) return Selection;
  if (attributes.has('children')) return Box as typeof Widget;
  const isNumber = ['min', 'max', 'value'].every((p) => ['int', 'float'].includes(String(attributes.get(p)?.type)));
  return isNumber ? Bounded : Widget;
}

/** A class that may also be called without `new`, as in Python. */
function callable(of: WidgetClass): WidgetClass {
  function make(...args: [Values?]): Widget {
    return Reflect.construct(of, args, new.target ?? of) as Widget;
  }
  Object.setPrototypeOf(make, of);
  Object.defineProperties(make, { name: { value: of.model.name }, prototype: { value: of.prototype } });
  return make as unknown as WidgetClass;
}

for (const model of readModels()) {
  const Base = baseOf(model);
  const of = class extends Base {
    static override readonly model = model;
  };
  defineProperties(of);
  Object.defineProperty(of, 'name', { value: model.name });
  widgetClasses.set(model.name, of);
}

const link = (name: 'Link' | 'DirectionalLink') => (source: Place, target: Place) =>
  new (widgetClasses.get(name)!)({ source, target });

export const widgets = {
  Widget,
  ...Object.fromEntries([...widgetClasses].map(([name, of]) => [name, callable(of)])),
  jslink: link('Link'),
  jsdlink: link('DirectionalLink'),
};
