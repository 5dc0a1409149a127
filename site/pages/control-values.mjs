// Chooses the values of a notebook's controls to precompute.

/** The maximum number of values per control, and of combinations. */
const mostValues = 25;
const mostCombinations = 800;
/** If controls would have fewer values than this, sliders are moved separately instead of together. */
const fewestValues = 9;

/** Multiples of a slider's step that may be used here, so that round numbers stay round. */
const strides = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];

/** Selects `most` values of a slider: multiples of a round step, both ends, and the start. */
export function thinned({ min, max, step, value }, most) {
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const round = (x) => Number(x.toFixed(digits + 1));
  for (const stride of strides) {
    const wide = stride * step;
    // Zero is included if it is in range; otherwise steps are counted from the minimum.
    const origin = min <= 0 && max >= 0 && Number.isInteger(round(min / step)) ? 0 : min;
    const from = Math.ceil((min - origin) / wide - 1e-9);
    const to = Math.floor((max - origin) / wide + 1e-9);
    const even = Array.from({ length: to - from + 1 }, (_, i) => round(origin + (from + i) * wide));
    const last = round(min + Math.floor((max - min) / step + 1e-9) * step);
    const all = [...new Set([min, ...even, last, value])].sort((a, b) => a - b);
    if (all.length <= most) return all;
  }
  return [...new Set([min, value, max])].sort((a, b) => a - b);
}

/**
 * @typedef {object} Movable a control that can be moved
 * @property {string} model the id of its widget
 * @property {string} key the attribute that is set
 * @property {string} name
 * @property {unknown[]} values
 * @property {string[]} labels of the values
 * @property {number} start the index of its initial value
 */

/** A control that can be moved, by its widget; undefined for any other. */
function controlOf(model, { state, model_name: kind = state._model_name }, most) {
  const base = { model, name: state.description };
  if (/^(Int|Float)SliderModel$/.test(kind)) {
    const values = thinned(state, most);
    return { ...base, key: 'value', values, labels: values.map(String), start: values.indexOf(state.value) };
  }
  if (kind === 'DropdownModel') {
    const labels = state._options_labels;
    return { ...base, key: 'index', values: labels.map((_, i) => i), labels, start: state.index };
  }
  if (kind === 'CheckboxModel')
    return { ...base, key: 'value', values: [false, true], labels: ['no', 'yes'], start: Number(state.value) };
  return undefined;
}

/** All combinations of indices. */
const product = (counts) =>
  counts.reduce((all, count) => all.flatMap((one) => Array.from({ length: count }, (_, i) => [...one, i])), [[]]);

/** Each control separately, with the others at their start. */
const oneByOne = (controls) =>
  controls.flatMap(({ values }, i) =>
    values.map((_, index) => controls.map(({ start }, j) => (i === j ? index : start))),
  );

/**
 * The plans for the controls in a box: all together if they are few, else one at a time, with fewer and fewer values.
 * @param {string} box the id of its widget
 * @param {Record<string, object>} states of all widgets, by id
 * @returns {{ controls: Movable[], still: string[], isGrid: boolean, combinations: number[][] }[]} `still`: names of
 *   controls that are not moved; a combination has the index of each control's value
 */
export function planOf(box, states) {
  const inside = (states[box].state ?? states[box]).children.map((child) => child.replace('IPY_MODEL_', ''));
  const stateOf = (id) => (states[id].state === undefined ? { state: states[id] } : states[id]);
  const all = (most) => inside.map((id) => controlOf(id, stateOf(id), most)).filter(Boolean);
  const movable = new Set(all(mostValues).map(({ model }) => model));
  const still = inside
    .filter((id) => !movable.has(id) && 'value' in stateOf(id).state)
    .map((id) => stateOf(id).state.description);
  const plans = [];
  for (let most = mostValues; most >= fewestValues && plans.length === 0; most--) {
    const controls = all(most);
    const counts = controls.map(({ values }) => values.length);
    if (counts.reduce((size, count) => size * count, 1) <= mostCombinations)
      plans.push({ controls, still, isGrid: true, combinations: product(counts) });
  }
  const alone = [mostValues, 13, 7].map(all);
  return [...plans, ...alone.map((controls) => ({ controls, still, isGrid: false, combinations: oneByOne(controls) }))];
}
