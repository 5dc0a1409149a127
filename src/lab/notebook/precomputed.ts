import { formatNumber, show } from '../../display';
import { PlotError } from '../../errors';
import { Figure, slider } from '../plot';
import { type Setting, samplesOf } from './controls';

/** Maximum number of precomputed figures. */
const most = 21;

/**
 * The display of `interact` under a kernel without widgets: a figure with its own slider if one control changes it,
 * else the initial result. A line explains this.
 */
export function precomputed(fn: (values: never) => unknown, settings: ReadonlyMap<string, Setting>): unknown {
  const start = Object.fromEntries([...settings].map(([name, { value }]) => [name, value]));
  const first = fn(start as never);
  const moving = [...settings].filter(([, { kind }]) => kind !== 'fixed');
  const [[name, setting]] = moving.length === 1 ? moving : [[undefined, undefined]];
  if (name !== undefined && first instanceof Figure && first.frames.length === 0) {
    const samples = samplesOf(setting, most);
    const draw = (value: unknown) =>
      Object.is(value, setting.value) ? first : fn({ ...start, [name]: value } as never);
    const labels = new Map(setting.kind === 'Dropdown' ? setting.options.map(([label, value]) => [value, label]) : []);
    const format = (value: unknown) => labels.get(value) ?? textOf(value);
    try {
      const at = samples.findIndex((value) => Object.is(value, setting.value));
      const figure = samples.length > 1 && slider(samples, draw as () => Figure, { label: name, start: at, format });
      if (figure) {
        show(
          `The slider has ${samples.length} figures drawn beforehand; any value needs the kernel TypeScript (gradlab).`,
        );
        return figure;
      }
    } catch (error) {
      if (!(error instanceof PlotError)) throw error; // figures of different kinds have no common slider
    }
  }
  const values = Object.entries(start).map(([key, value]) => `${key} = ${textOf(value)}`);
  show(`Controls need the kernel TypeScript (gradlab). Here: ${values.join(', ')}.`);
  return first;
}

const textOf = (value: unknown) => (typeof value === 'number' ? formatNumber(value, 6) : String(value));
