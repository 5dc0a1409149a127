import { type Controllable, show } from '../display';
import { kernelWidgets } from './notebook/kernel';

/**
 * Buttons that pause, resume and stop a run, if the kernel has widgets. Returns a callback for changes of its state;
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
