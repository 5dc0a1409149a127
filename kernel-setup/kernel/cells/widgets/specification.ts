// The models of ipywidgets' published specification: attributes, types, defaults.

export interface AttributeType {
  type: string | readonly string[];
  /** The model of a reference. */
  widget?: string;
  items?: AttributeType;
  enum?: readonly string[];
  allow_none?: boolean;
}

export interface Attribute extends AttributeType {
  /** Its name on the wire. */
  name: string;
  /** Its name in cells. */
  property: string;
  default: unknown;
  help: string;
  /** Only in cells: not sent to front ends. */
  local?: true;
}

export interface WidgetModel {
  /** The class in cells, such as `IntSlider`. */
  name: string;
  /** By property; hidden attributes by their wire name. */
  attributes: ReadonlyMap<string, Attribute>;
}

interface PublishedModel {
  model: { name: string };
  attributes: readonly Omit<Attribute, 'property'>[];
}

/** Classes whose name in ipywidgets differs from their model's. */
const classNames: Record<string, string> = {
  Datetime: 'DatetimePicker',
  NaiveDatetime: 'NaiveDatetimePicker',
  Time: 'TimePicker',
};
/** Excluded: models without a view, and those that only front ends create. */
const left = /^(DOMWidget|Controller.*)$/;

/** Sent by ipywidgets but missing in the specification. */
const viewCount = { name: '_view_count', type: 'int', allow_none: true, default: null, help: 'Number of views.' };

/** Attributes of selections for cells; front ends get the labels and the index. */
const selectionAttributes: Attribute[] = ['options', 'value', 'label'].map((name) => ({
  name,
  property: name,
  type: 'any',
  default: null,
  help: '',
  local: true,
}));

/** Defaults that ipywidgets sets in code, where the specification has those of the base class. */
const ownDefaults: Record<string, Record<string, unknown>> = { FileUpload: { description: 'Upload' } };

/** `continuous_update` in cells is `continuousUpdate`. */
const propertyOf = (name: string): string =>
  name.replace(/^_/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Whether cells do not see an attribute. */
export const isHidden = ({ name }: Attribute): boolean => name.startsWith('_') && name !== '_dom_classes';

export function readModels(): WidgetModel[] {
  const published = require('@jupyter-widgets/schema/jupyterwidgetmodels.latest.json') as PublishedModel[];
  return published.flatMap(({ model, attributes }) => {
    const short = model.name.replace(/Model$/, '');
    if (left.test(short)) return [];
    const all = [...attributes, viewCount]
      .map(
        (a): Attribute => ({
          ...a,
          property: propertyOf(a.name),
          default: ownDefaults[short]?.[a.name] ?? defaultOf(a),
        }),
      )
      .map((a) => (isHidden(a) ? { ...a, property: a.name } : a))
      .map((a) => (short === 'NaiveDatetime' && a.type === 'Datetime' ? { ...a, type: short } : a))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (all.some(({ name }) => name === '_options_labels')) all.push(...selectionAttributes);
    return [{ name: classNames[short] ?? short, attributes: new Map(all.map((a) => [a.property, a])) }];
  });
}

function defaultOf(attribute: Omit<Attribute, 'property'>): unknown {
  if (attribute.type === 'bytes') return new Uint8Array();
  // References have no default: each widget creates its own.
  return attribute.type === 'reference' ? undefined : attribute.default;
}
