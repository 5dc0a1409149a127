// The state of widgets in a file, as short as JupyterLab writes it for ipywidgets: without default attributes.
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

export const WIDGET_STATE_MIME = 'application/vnd.jupyter.widget-state+json';

/**
 * Differences between the front end's defaults and those that ipywidgets publishes: attributes that are written at
 * their published default, each with the widgets.
 */
const written = {
  _model_name: 'FloatRangeSlider IntRangeSlider SelectionRangeSlider',
  _view_name: 'FloatRangeSlider IntRangeSlider SelectionRangeSlider',
  allowed_tags: 'ColorsInput FloatsInput IntsInput TagsInput',
  behavior: 'FloatLogSlider FloatRangeSlider FloatSlider IntRangeSlider IntSlider SelectionRangeSlider SelectionSlider',
  button_style: 'ToggleButtons',
  button_width: 'ToggleButtonsStyle',
  description: 'ColorsInput FloatsInput IntsInput TagsInput',
  description_allow_html: 'ColorsInput FileUpload FloatsInput IntsInput TagsInput',
  description_width:
    'CheckboxStyle DescriptionStyle HTMLMathStyle HTMLStyle LabelStyle ProgressStyle SliderStyle TextStyle ToggleButtonStyle ToggleButtonsStyle',
  disabled: 'Checkbox ColorPicker DatePicker',
  ensure_option: 'Combobox',
  font_family: 'ButtonStyle LabelStyle ToggleButtonStyle',
  font_size: 'ButtonStyle HTMLMathStyle HTMLStyle LabelStyle TextStyle ToggleButtonStyle',
  font_style: 'ButtonStyle LabelStyle ToggleButtonStyle',
  font_variant: 'ButtonStyle LabelStyle ToggleButtonStyle',
  font_weight: 'ButtonStyle LabelStyle ToggleButtonStyle',
  icons: 'ToggleButtons',
  index: 'SelectMultiple SelectionRangeSlider SelectionSlider',
  max: 'DatePicker',
  min: 'DatePicker',
  rows: 'SelectMultiple',
  source: 'DirectionalLink Link',
  step: 'BoundedFloatText DatePicker FloatRangeSlider FloatSlider FloatText IntText',
  target: 'DirectionalLink Link',
  text_color: 'ButtonStyle HTMLMathStyle HTMLStyle LabelStyle TextStyle ToggleButtonStyle',
  text_decoration: 'ButtonStyle LabelStyle ToggleButtonStyle',
  tooltip: 'Button ToggleButton',
  tooltips: 'ToggleButtons',
  value: 'Checkbox',
};

/** Defaults of the front end that other packages publish differently. */
const own = { FileUploadModel: { description: 'Upload' } };

const isWritten = (model, attribute) => written[attribute]?.split(' ').includes(model.replace(/Model$/, '')) === true;

let published;

/** The defaults of a model's attributes; undefined for a model that is not ipywidgets' own. */
function defaultsOf(model) {
  published ??= new Map(
    createRequire(import.meta.url)('@jupyter-widgets/schema/jupyterwidgetmodels.latest.json').map(
      ({ model: { name }, attributes }) => [name, Object.fromEntries(attributes.map((one) => [one.name, one.default]))],
    ),
  );
  const defaults = published.get(model);
  return defaults && { _view_count: null, ...defaults, ...own[model] };
}

function withoutDefaults(widget) {
  const model = widget.model_name;
  const defaults = defaultsOf(model);
  if (defaults === undefined) return widget;
  const isDefault = (name, value) =>
    name in defaults && isDeepStrictEqual(value, defaults[name]) && !isWritten(model, name);
  const state = Object.fromEntries(Object.entries(widget.state).filter(([name, value]) => !isDefault(name, value)));
  const { buffers = [], ...rest } = widget;
  const filled = buffers.filter(({ data }) => data !== '');
  return { ...rest, ...(filled.length > 0 && { buffers: filled }), state };
}

/**
 * Returns the metadata `widgets` of a notebook, without defaults of front ends.
 * @returns {object | undefined} undefined without widgets
 */
export function shortWidgets(widgets) {
  const kept = widgets?.[WIDGET_STATE_MIME];
  if (kept === undefined) return widgets;
  const state = Object.entries(kept.state).map(([id, widget]) => [id, withoutDefaults(widget)]);
  if (state.length === 0) return undefined;
  return { ...widgets, [WIDGET_STATE_MIME]: { ...kept, state: Object.fromEntries(state) } };
}
