// Sliders, buttons, legends and cameras of figures, by the keyboard, by touch and for screen readers. plotly.js has them for the
// mouse alone. Sliders over frames are those of player.ts; those that turn cameras are plotly's.

import { makeLegible } from './legible';
import { tellLines } from './lines';
import { type DrawnFor, type PlotLayout, type PlotNode, type PlotTrace, plotly } from './plotly';

interface Gestures {
  layout: PlotLayout;
  config: Record<string, unknown>;
}

const byTouch = () => window.matchMedia('(hover: none) and (pointer: coarse)').matches;

/**
 * A layout and a config for touch screens: no finger selects a part of a figure, which would keep the page from scrolling, and no
 * buttons cover its title.
 */
export function withOwnGestures({ layout, config }: Gestures): Gestures {
  if (!byTouch()) return { layout, config };
  const scenes = Object.entries(layout).filter(([key]) => /^scene\d*$/.test(key));
  const turning = scenes.map(([key, scene]) => [key, { dragmode: 'turntable', ...(scene as object) }]);
  return {
    layout: { ...layout, dragmode: false, ...Object.fromEntries(turning) },
    config: { ...config, displayModeBar: false },
  };
}

/**
 * A finger that goes up or down on a figure in space scrolls the page, and two go on meaning what they mean there; plotly.js
 * would turn the figure with all of them.
 */
export function leaveScrolling(node: HTMLElement): void {
  let from: Touch | undefined;
  let isScrolling: boolean | undefined;
  const inSpace = ({ target }: Event) => target instanceof Element && target.closest('.gl-container') !== null;
  const start = (event: TouchEvent) => {
    from = event.touches[0];
    isScrolling = undefined;
  };
  const move = (event: TouchEvent) => {
    if (!from || !inSpace(event)) return;
    const { clientX: x, clientY: y } = event.touches[0]!;
    isScrolling ??= Math.abs(y - from.clientY) > Math.abs(x - from.clientX);
    if (isScrolling || event.touches.length > 1) event.stopPropagation();
  };
  // plotly.js would zoom by every turn of the wheel, without end and without a way back.
  const turn = (event: WheelEvent) => {
    if (inSpace(event) && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  };
  node.addEventListener('wheel', turn, { capture: true, passive: true });
  node.addEventListener('touchstart', start, { capture: true, passive: true });
  node.addEventListener('touchmove', move, { capture: true, passive: true });
}

interface Slider {
  active?: number;
  steps: { method: string; args: unknown[]; label?: string }[];
  currentvalue?: { prefix?: string };
}

const sliderAt = (node: PlotNode, i: number): Slider => node.layout.sliders[i];

/** Goes to a step of a slider, as a click on it would. */
async function go(node: PlotNode, slider: number, to: number): Promise<void> {
  const { steps } = sliderAt(node, slider);
  const step = Math.min(steps.length - 1, Math.max(0, to));
  const { method, args } = steps[step]!;
  // A step that the next one overtakes is refused.
  const methods = plotly() as unknown as Record<string, (node: PlotNode, ...args: unknown[]) => Promise<unknown>>;
  await methods[method]!(node, ...args).catch(() => {});
  await plotly().relayout(node, { [`sliders[${slider}].active`]: step });
}

/** The step to which a key moves a slider; undefined for any other key. */
function moved(key: string, active: number, count: number): number | undefined {
  const far = Math.max(1, Math.round(count / 10));
  const to: Record<string, number> = {
    ArrowRight: active + 1,
    ArrowUp: active + 1,
    ArrowLeft: active - 1,
    ArrowDown: active - 1,
    PageUp: active + far,
    PageDown: active - far,
    Home: 0,
    End: count - 1,
  };
  return to[key];
}

/** Degrees that a key turns a camera, and the share that it comes nearer. */
const turnsBy = 10;
const nearerBy = 0.9;

type Vector = Record<'x' | 'y' | 'z', number>;

/** A camera of plotly's. */
interface Camera {
  eye: Vector;
  center?: Vector;
}

/** Where a camera goes by a key; undefined for any other key. */
function movedEye(key: string, { eye, center }: Camera): Vector | undefined {
  const [x, y, z] = [eye.x - (center?.x ?? 0), eye.y - (center?.y ?? 0), eye.z - (center?.z ?? 0)];
  const far = Math.hypot(x, y, z);
  const spherical = { azim: Math.atan2(y, x), elev: Math.asin(z / far), far };
  const step = (turnsBy * Math.PI) / 180;
  const steepest = Math.PI / 2 - 0.01;
  const by = (change: Partial<typeof spherical>) => ({ ...spherical, ...change });
  const { azim, elev } = spherical;
  const all: Record<string, typeof spherical> = {
    ArrowLeft: by({ azim: azim - step }),
    ArrowRight: by({ azim: azim + step }),
    ArrowUp: by({ elev: Math.min(steepest, elev + step) }),
    ArrowDown: by({ elev: Math.max(-steepest, elev - step) }),
    '+': by({ far: far * nearerBy }),
    '-': by({ far: far / nearerBy }),
  };
  const to = all[key === '=' ? '+' : key];
  if (to === undefined) return undefined;
  const flat = to.far * Math.cos(to.elev);
  return {
    x: flat * Math.cos(to.azim) + (center?.x ?? 0),
    y: flat * Math.sin(to.azim) + (center?.y ?? 0),
    z: to.far * Math.sin(to.elev) + (center?.z ?? 0),
  };
}

/** A scene of a plot: its name and the element that it is drawn in. */
interface Scene {
  key: string;
  scene: { getCamera(): Camera };
  element: HTMLElement;
}

const scenesOf = (node: PlotNode): Scene[] =>
  Object.entries(node._fullLayout ?? {})
    .filter(([key, scene]) => /^scene\d*$/.test(key) && scene._scene?.container)
    .map(([key, { _scene }]) => ({ key, scene: _scene, element: _scene.container }));

/** An entry of a legend. */
type Entry = DrawnFor<[{ trace: PlotTrace }], SVGElement>;

/** The entries of legends that a click switches off and on, by legend. */
function legendsOf(node: PlotNode): Entry[][] {
  return [...node.querySelectorAll('g[class^="legend"]')].flatMap((legend) => {
    const { itemclick } = node._fullLayout?.[legend.classList[0]!] ?? {};
    const entries = [...legend.querySelectorAll<Entry>('.traces')].filter((entry) =>
      entry.querySelector('.legendtoggle'),
    );
    return itemclick === false || entries.length === 0 ? [] : [entries];
  });
}

/** A legend is one stop of the keyboard; within it go the arrows. */
function moveInLegend(node: PlotNode, entry: Entry, key: string): boolean {
  const entries = legendsOf(node).find((all) => all.includes(entry)) ?? [];
  const at = entries.indexOf(entry);
  const [on, back] = [at + 1, at - 1];
  const all: Record<string, number> = {
    ArrowDown: on,
    ArrowRight: on,
    ArrowUp: back,
    ArrowLeft: back,
    Home: 0,
    End: Infinity,
  };
  const to = all[key];
  if (at < 0 || to === undefined) return false;
  const next = entries[Math.min(entries.length - 1, Math.max(0, to))]!;
  for (const one of entries) one.setAttribute('tabindex', one === next ? '0' : '-1');
  next.focus();
  return true;
}

function toggle(entry: Entry): void {
  const target = entry.querySelector('.legendtoggle');
  for (const type of ['mousedown', 'mouseup'])
    target?.dispatchEvent(new MouseEvent(type, { bubbles: true, button: 0 }));
}

const slidersOf = (node: PlotNode): Element[] => [...node.querySelectorAll('.slider-group')];

/** Listens to the keyboard at a figure's node, from the first plot on. */
export function hearKeys(node: PlotNode): void {
  node.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    const button = target.closest('.updatemenu-button');
    const group = target.closest('.slider-group');
    const slider = group ? slidersOf(node).indexOf(group) : -1;
    const scene = scenesOf(node).find(({ element }) => element === target);
    const entry = target.closest<Entry>('.legend .traces, [class^="legend"] .traces');
    const isPress = event.key === 'Enter' || event.key === ' ';
    if (button && isPress) {
      button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    } else if (entry && isPress) {
      toggle(entry);
    } else if (entry) {
      if (!moveInLegend(node, entry, event.key)) return;
    } else if (scene) {
      const eye = movedEye(event.key, scene.scene.getCamera());
      if (eye === undefined) return;
      void plotly().relayout(node, { [`${scene.key}.camera.eye`]: eye });
    } else if (slider >= 0) {
      const { active = 0, steps } = sliderAt(node, slider);
      const to = moved(event.key, active, steps.length);
      if (to === undefined) return;
      void go(node, slider, to);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Gives the controls of a plot that has just been made their names and values, and keeps these true. */
export function tellControls(node: PlotNode): void {
  tellLines(node);
  const tell = () => {
    makeLegible(node);
    for (const [i, group] of slidersOf(node).entries()) {
      const { active = 0, steps, currentvalue } = sliderAt(node, i);
      set(group, {
        role: 'slider',
        'aria-label': (currentvalue?.prefix ?? '').replace(/:\s*$/, ''),
        'aria-valuemin': 0,
        'aria-valuemax': steps.length - 1,
        'aria-valuenow': active,
        'aria-valuetext': steps[active]?.label ?? '',
      });
    }
    for (const { key, element } of scenesOf(node)) {
      const title: string | undefined = node.layout[key]?.zaxis?.title?.text;
      set(element, {
        role: 'application',
        'aria-label': `Camera${title ? ` on ${title.replace(/<[^>]*>/g, '')}` : ''}: arrow keys turn it, plus and minus move it`,
      });
    }
    for (const entries of legendsOf(node))
      for (const [i, entry] of entries.entries()) {
        const [{ trace }] = entry.__data__!;
        const current = entries.some((one) => one.getAttribute('tabindex') === '0')
          ? entry.getAttribute('tabindex')
          : null;
        set(entry, {
          tabindex: current ?? (i === 0 ? 0 : -1),
          role: 'button',
          'aria-label': entry.textContent,
          'aria-pressed': trace.visible === true,
        });
      }
    // Buttons with a sign have a name, too.
    const menus: { buttons?: { label?: string; name?: string }[] }[] = node.layout.updatemenus ?? [];
    const buttons = menus.flatMap((menu) => menu.buttons ?? []);
    for (const button of node.querySelectorAll('.updatemenu-button')) {
      const { textContent: text } = button;
      set(button, { role: 'button', 'aria-label': buttons.find(({ label }) => label === text)?.name ?? text });
    }
  };
  for (const event of ['afterplot', 'relayout', 'sliderchange', 'animatingframe']) node.on(`plotly_${event}`, tell);
  tell();
}

function set(element: Element, attributes: Record<string, string | number | boolean | null>): void {
  // The last one keeps JupyterLab from taking the keys for its own.
  const all = { tabindex: 0, ...attributes, 'data-lm-suppress-shortcuts': true };
  for (const [name, value] of Object.entries(all))
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Shows on a page where the keyboard is in its figures, and in the sliders and lists of ipywidgets, which leave that out; gives
 * plotly's bar of buttons the page's colours, and keeps it off titles.
 */
export function styleControls(): void {
  if (document.getElementById('gradlab-plotly-controls')) return;
  const style = document.createElement('style');
  style.id = 'gradlab-plotly-controls';
  const ring = 'outline: 2px solid var(--accent, var(--jp-brand-color1, #0b5fa5)) !important; outline-offset: 1px';
  style.textContent = `
    :is(.gradlab-plotly, .jupyter-widgets) :focus-visible { ${ring} }
    .gradlab-plotly .gl-container :focus-visible { outline-offset: -2px }
    /* Plotly derives the colours of its bar from the figure's ground, which is clear: a dark plate with pale signs on every page. */
    .gradlab-plotly .modebar-group {
      background: var(--page, var(--jp-layout-color0, #fff)) !important;
    }
    .gradlab-plotly .modebar-btn .icon path {
      fill: color-mix(in srgb, var(--jp-content-font-color1, #000) 60%, transparent) !important;
    }
    .gradlab-plotly .modebar-btn:is(:hover, .active) .icon path {
      fill: var(--jp-content-font-color1, #000) !important;
    }
    /* In a narrow place plotly's bar would lie on the title. */
    @media (max-width: 599px) { .gradlab-plotly .modebar-container { display: none } }`;
  document.head.append(style);
}
