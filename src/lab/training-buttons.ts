import { type Controllable, show } from '../display';
import { kernelWidgets } from './notebook/kernel';

/**
 * A button that pauses and lets go on, and one that ends, where the kernel has widgets; what it gives is to be called when the state has changed.
 * `undefined` elsewhere.
 */
export function trainingButtons(run: Controllable): (() => void) | undefined {
  const widgets = kernelWidgets();
  if (widgets === undefined) return undefined;
  const wait = widgets.Button({ description: 'Pause', icon: 'pause', tooltip: 'Wait after this batch' });
  const end = widgets.Button({
    description: 'End',
    icon: 'flag-checkered',
    tooltip: 'End after this batch, keeping what was learnt',
  });
  wait.onClick(() => (run.state === 'paused' ? run.resume() : run.pause()));
  end.onClick(() => run.stop());
  show(widgets.HBox({ children: [wait, end] }), { volatile: true });
  return () => {
    const isPaused = run.state === 'paused';
    Object.assign(wait, { description: isPaused ? 'Go on' : 'Pause', icon: isPaused ? 'play' : 'pause' });
    if (run.state === 'ended') for (const button of [wait, end]) button.disabled = true;
  };
}
