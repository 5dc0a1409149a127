// The widget that shows a plotly figure in JupyterLab, in an output or a file.
import { loadModule, loadPlotly } from '../download/modules';
import type { MimeBundle } from '../jupyterlab';
import type { Change, TraceChange } from './fit';
import type { FigurePlayer, Position } from './player';
import { type PlotFigure, type PlotFrame, type PlotLayout, type PlotNode, plotly } from './plotly';
import { enter, leavePool, makeRoomFor, oneAfterAnother, release } from './pool';
import type { Race } from './race';
import { followTheme, leaveTheme, pageTheme, themeOf } from './theme';

export const extensionName = 'gradlab-plotly';
export const mimeType = 'application/vnd.plotly.v1+json';
const defaultHeight = 450;

declare global {
  interface Window {
    /** Settles when the kernel of this page has started. */
    gradlabStarting?: Promise<unknown>;
  }
}

// What a figure, of whatever notebook, may ask of plotly. The other options name servers and links.
const harmlessOptions = [
  'displayModeBar',
  'displaylogo',
  'doubleClick',
  'doubleClickDelay',
  'editable',
  'edits',
  'fillFrame',
  'frameMargins',
  'locale',
  'modeBarButtonsToRemove',
  'responsive',
  'scrollZoom',
  'showAxisDragHandles',
  'showAxisRangeEntryBoxes',
  'showTips',
  'staticPlot',
  'toImageButtonOptions',
];

const nextFrame = () => new Promise(requestAnimationFrame);

/** Milliseconds after which a figure that is off the screen is drawn when the browser has time. */
const patience = 2000;
// Safari has none.
const whenIdle: (action: () => void) => unknown =
  window.requestIdleCallback ?? ((action: () => void) => setTimeout(action, 50));

/** Settles when a node is on the screen or less than a screen away; else when other work is done: drawing takes long. */
function whenNear(node: Element): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      observer.disconnect();
      clearTimeout(timer);
      resolve();
    };
    const observer = new IntersectionObserver((entries) => entries.at(-1)!.isIntersecting && end(), {
      rootMargin: '50%',
    });
    const timer = setTimeout(() => whenIdle(end), patience);
    observer.observe(node);
  });
}

/** A scene of a layout. */
interface Scene {
  camera?: object;
}

const scenesOf = (layout: Partial<PlotLayout>): [key: string, scene: Scene][] =>
  Object.entries(layout).filter(([key]) => /^scene\d*$/.test(key));

/** All of a figure but its cameras, as text. */
function withoutCameras({ layout, ...rest }: PlotFigure): string {
  const still = scenesOf(layout ?? {}).map(([key, scene]) => [key, { ...scene, camera: undefined }]);
  return JSON.stringify({ ...rest, layout: { ...layout, ...Object.fromEntries(still) } });
}

/** Nodes with listeners for keys and touch. */
const hearing = new WeakSet<Node>();

/**
 * The figure that was removed from the page last, until the end of this task: an Output widget, as `interact` has it in Voila, removes
 * what it shows before it shows another figure, which takes over the plot.
 */
let left: PlotlyFigure | undefined;
function leave(figure: PlotlyFigure): void {
  left = figure;
  setTimeout(() => {
    if (left === figure) left = undefined;
    if (!figure.isFollowed) release(figure.node);
  });
}

export function takeLeft(): PlotlyFigure | undefined {
  const figure = left;
  left = undefined;
  return figure;
}

/** What a figure takes over from the one whose node it goes on with. */
const keptOnMove = [
  ...(['cameras', 'stillPart', 'race', 'controls', 'races', 'players', 'fitting', 'lessons', 'pages'] as const),
  ...(['source', 'setting', 'given', 'figure', 'step'] as const),
];

/** JupyterLab's widgets, or the site's. */
interface WidgetBase {
  readonly node: HTMLElement;
  readonly isDisposed: boolean;
  addClass(name: string): void;
  dispose(): void;
}
export type WidgetClass = new (options: { node?: HTMLElement }) => WidgetBase;

/** What of a figure changes on this page, to make it fit its place. */
interface FittedChanges {
  layout: Map<string, unknown>;
  traces: TraceChange[];
}

/** What plotly gets. */
interface Prepared extends PlotFigure {
  frames: PlotFrame[];
  config: Record<string, unknown>;
}

export type PlotlyFigure = InstanceType<ReturnType<typeof figureClass>>;

/** The widget class for one figure; its node's data-state is new, done, frozen or failed. */
export const figureClass = (Widget: WidgetClass) =>
  class PlotlyFigure extends Widget {
    declare readonly node: PlotNode;
    /** Whether the choice at its question has been made. */
    isTold = false;
    /** The cameras that the figure asks for, as JSON, by scene. */
    cameras = new Map<string, string>();
    /** The figure as JupyterLab has it, a copy of it, the chosen setting of that, and as it is shown. */
    arrived: unknown;
    source!: PlotFigure;
    setting: number | undefined;
    given!: PlotFigure;
    figure!: PlotFigure;
    /** The width for which it is laid out, and what changes there. */
    step = 0;
    fitted: FittedChanges = { layout: new Map(), traces: [] };
    /** All that is shown but the cameras. */
    stillPart = '';
    isOutdated = false;
    /** Whether another figure has taken over the plot. */
    isFollowed = false;
    onScreen = false;
    player: FigurePlayer | undefined;
    race: Race | undefined;
    controls!: typeof import('./controls');
    races!: typeof import('./race');
    players!: typeof import('./player');
    fitting!: typeof import('./fit');
    lessons!: typeof import('../questions/lesson');
    pages?: typeof import('../index');
    resizing: ResizeObserver | undefined;
    seeing: IntersectionObserver | undefined;

    /** @param before a figure whose place this one takes, with its plot, where the widget can take over a node */
    constructor(before: PlotlyFigure | undefined) {
      super({ ...(before && { node: before.node }) });
      this.addClass(extensionName);
      if (before && before.node === this.node) {
        before.isFollowed = true;
        Object.assign(this, Object.fromEntries(keptOnMove.map((name) => [name, before[name]])));
        enter(this);
        this.watch();
      } else this.node.dataset.state = 'new';
    }

    /** JupyterLab calls it for a new output, and again whenever the output is updated. */
    async renderModel(model: { data: MimeBundle }): Promise<void> {
      const words = String(model.data['text/plain'] ?? 'figure');
      const isShown = ['done', 'frozen'].includes(this.node.dataset.state ?? '') && !this.isOutdated;
      // A picture was put beside it.
      if (isShown && this.arrived === model.data[mimeType] && this.node.ariaLabel === words) return;
      this.arrived = model.data[mimeType];
      this.source = structuredClone(this.arrived) as PlotFigure;
      this.given = this.pages?.settingAt(this.source, this.setting) ?? this.source;
      // In words, for readers who cannot see it.
      this.node.setAttribute('role', 'figure');
      this.node.setAttribute('aria-label', words);
      this.isOutdated = true;
      // At once, so that the notebook does not jump while plotly loads.
      if (this.node.dataset.state === 'new') this.reserve(this.given.layout?.height ?? defaultHeight);
      try {
        await nextFrame(); // the host attaches the node after this call
        if (this.node.dataset.state === 'new') {
          await whenNear(this.node);
          // Where the kernel starts in this page, two cores are few: what it says of that is waited for.
          await window.gradlabStarting;
        }
        [this.controls, this.races, this.players, this.fitting, this.lessons, this.pages] = await Promise.all([
          loadModule('controls.js'),
          loadModule('race.js'),
          loadModule('player.js'),
          loadModule('fit.js'),
          loadModule('lesson.js'),
          loadModule('page.js'),
          loadPlotly(),
        ]);
        this.figure = this.shown();
        await oneAfterAnother(() => this.bringUpToDate());
        if (!this.isDisposed && this.lessons.lessonIn(this.given)) this.lessons.waitForChoice(this);
      } catch (error) {
        this.node.dataset.state = 'failed';
        this.node.replaceChildren(
          `The figure could not be drawn: ${(error as Error).message ?? error}. `,
          this.again(model),
        );
        console.error(extensionName, error);
      }
    }

    reserve(height: number): void {
      Object.assign(this.node.style, { width: '100%', height: `${height}px`, minHeight: `${height}px` });
    }

    /** A button that draws it after all. */
    again(model: { data: MimeBundle }): HTMLButtonElement {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Try again';
      button.onclick = () => {
        this.node.dataset.state = 'new';
        this.node.textContent = '';
        void this.renderModel(model);
      };
      return button;
    }

    /** Draws the figure; of several updates, only the newest. A plot that is there stays and takes over what changes. */
    async bringUpToDate(): Promise<void> {
      if (this.isDisposed || !this.isOutdated) return;
      this.isOutdated = false;
      if (this.node.dataset.state === 'done') await this.react();
      else {
        this.node.replaceChildren();
        await this.draw();
      }
    }

    async draw(): Promise<void> {
      if (this.isDisposed) return;
      const { data, layout, frames, config } = this.prepared();
      for (const [key, scene] of scenesOf(layout))
        if (!this.cameras.has(key)) this.cameras.set(key, JSON.stringify(scene.camera));
      this.stillPart = this.stillPartNow();
      await plotly().newPlot(this.node, data, layout, config);
      if (this.isDisposed) return;
      this.players.keepMaps(this.node);
      this.node.on('plotly_afterplot', () => this.players.keepMaps(this.node));
      this.controls.tellControls(this.node);
      await this.takeFrames(frames);
      await this.player?.catchUp();
      this.race = this.races.raceOn(this.node);
      if (enter(this)) await makeRoomFor(this);
      this.node.dataset.state = 'done';
      this.node.dataset.theme = pageTheme();
      this.watch();
    }

    /** What is to be seen of the figure: all of it, but before the choice at its question. */
    shown(at?: Position): PlotFigure {
      return this.players.withOwnPlayer(this.isTold ? this.lessons.uncovered(this.given, at) : this.given);
    }

    /** Uncovers what answers a question, at a value of its slider or that which decides; or covers it again. */
    async tell(isTold: boolean, at = this.lessons.lessonIn(this.given)?.deciding): Promise<void> {
      // What plays belongs to the choice before: asked again, the figure would go on to what decides.
      this.player?.stop();
      this.isTold = isTold;
      this.figure = this.shown(at);
      this.isOutdated = true;
      await oneAfterAnother(() => this.bringUpToDate());
      const { player } = this;
      if (player) await player.go(isTold && at !== undefined ? at : player.first);
    }

    /** Shows the figure of another setting; its slider stays where it is, where it has that value. */
    async choose(setting: number): Promise<void> {
      this.player?.stop();
      this.setting = setting;
      this.given = this.pages!.settingAt(this.source, setting);
      this.figure = this.shown();
      this.isOutdated = true;
      await oneAfterAnother(() => this.bringUpToDate());
    }

    /** All but the cameras, and whether the choice at its question has been made. */
    stillPartNow(): string {
      return `${this.isTold} ${withoutCameras(this.given)}`;
    }

    /** Turns the camera where nothing else has changed: plotly does not look through the figure then. */
    async turn(layout: PlotLayout): Promise<void> {
      const cameras = scenesOf(layout).map(([key, { camera }]) => [`${key}.camera`, structuredClone(camera)]);
      await plotly().relayout(this.node, Object.fromEntries(cameras));
    }

    async react(): Promise<void> {
      const still = this.stillPart;
      this.stillPart = this.stillPartNow();
      const { data, layout, frames, config } = this.prepared();
      for (const [key, scene] of scenesOf(layout)) {
        // A camera that a person has turned stays, unless the figure itself moves it.
        const isMoved = JSON.stringify(scene.camera) !== this.cameras.get(key);
        this.cameras.set(key, JSON.stringify(scene.camera));
        const camera = isMoved ? undefined : this.cameraOf(key);
        if (camera) scene.camera = camera;
      }
      if (still === this.stillPart && scenesOf(layout).length > 0) {
        await this.turn(layout);
        return;
      }
      await plotly().react(this.node, data, layout, config);
      this.race?.read();
      await this.takeFrames(frames);
      await this.player?.catchUp();
    }

    /** What sliders will show: the player's, or plotly's own. */
    async takeFrames(frames: PlotFrame[]): Promise<void> {
      this.player = this.players.playerOn(this.node, { ...this.given, frames });
      if (this.player) this.lessons.furnish(this.player, this.given, this.isTold);
      else if (frames.length > 0) await plotly().addFrames(this.node, frames);
      this.pages!.putSettings(this.node, this.source, {
        at: this.setting,
        isWaiting: Boolean(this.lessons.lessonIn(this.given)?.waits) && !this.isTold,
        choose: (at) => this.choose(at),
      });
    }

    /** What a figure becomes on this page: its colours, and what makes it fit its place. */
    pageChanges(figure: PlotFigure): FittedChanges & { theme: Change[] } {
      // A page that is not shown has no width.
      const place = this.node.offsetWidth || Number.POSITIVE_INFINITY;
      this.step = this.fitting.stepOf(figure, place);
      const { layout, traces: fitted } = this.fitting.changesFor(figure, place);
      const isOfPage = figure.layout?.meta?.theme === 'page';
      const dark = isOfPage && this.pages!.isDarkPage() ? this.pages!.darkChanges(figure.data ?? []) : [];
      const traces = [...fitted, ...dark];
      return {
        theme: isOfPage ? themeOf(this.node, this.fitting.flat) : [],
        layout,
        traces,
      };
    }

    /** Follows the page: its theme has changed, or its width by so much that something moves. Sliders stay where they are. */
    async followPage(): Promise<void> {
      if (this.isDisposed || this.node.dataset.state === 'new') return;
      if (this.node.dataset.state === 'frozen') {
        this.node.replaceChildren();
        await this.draw();
        return;
      }
      const { valueAt, setAt, textsIn, originalTexts } = this.fitting;
      const { theme, layout, traces } = this.pageChanges(this.figure);
      const before = this.fitted;
      this.fitted = { layout, traces };
      await this.refit(before.traces, traces);
      // From here to plotly in one go: a figure that plays meanwhile would get back a title that it has left.
      const { layout: shown } = this.node;
      const restored = [...before.layout.keys()].map(
        (path): Change => [path, valueAt(this.figure.layout, path) ?? null],
      );
      const changes: Record<string, unknown> = Object.fromEntries([...restored, ...layout]);
      // Titles are those that a slider has brought.
      if (layout.has('margin.t')) {
        const now = this.fittedLayout();
        if (now.title) now.title.text = shown.title?.text;
        for (const [i, note] of (now.annotations ?? []).entries())
          note.text = shown.annotations?.[i]?.text ?? note.text;
        Object.assign(changes, Object.fromEntries(textsIn(now, this.step)));
      } else if (before.layout.has('margin.t'))
        Object.assign(changes, Object.fromEntries(originalTexts(this.figure, shown)));
      if (changes.width === null) {
        // Without a width, plotly measures the element.
        delete changes.width;
        delete (shown as Partial<PlotLayout>).width;
      }
      this.reserve((changes.height as number | undefined) ?? shown.height);
      // A whole template, because plotly takes none of its parts.
      const template = structuredClone(shown.template ?? {});
      for (const [path, value] of theme) setAt({ template }, path, value);
      await plotly().relayout(this.node, { ...changes, template });
      // To plotly a new height is a size of one's own; the width goes on following the page.
      if (this.isFlexible()) await plotly().relayout(this.node, { autosize: true });
      this.node.dataset.theme = pageTheme();
    }

    /**
     * Undoes what made the traces of a plot fit, and does what makes them now; and the same for what sliders will show. What stays
     * is left alone: of a colour bar that is turned and turned back plotly keeps the room.
     */
    async refit(before: TraceChange[], now: TraceChange[]): Promise<void> {
      const { restyle } = plotly();
      const placed = (changes: TraceChange[]) =>
        new Map(changes.map(([i, path, value]) => [`${i} ${path}`, JSON.stringify(value)]));
      const [old, next] = [placed(before), placed(now)];
      const gone = before.filter(([i, path]) => !next.has(`${i} ${path}`));
      const changed = now.filter(([i, path]) => old.get(`${i} ${path}`) !== next.get(`${i} ${path}`));
      // A colour bar that is turned would keep its old numbers beside the new ones.
      if (gone.length > 0 || changed.length > 0)
        for (const bar of this.node.querySelectorAll('.infolayer > .colorbar')) bar.remove();
      for (const [i, path] of gone)
        await restyle(this.node, { [path]: [this.fitting.valueAt(this.figure.data[i]!, path) ?? null] }, [i]);
      for (const [i, path, value] of changed) await restyle(this.node, { [path]: [value] }, [i]);
      const { frames = [] } = structuredClone(this.figure);
      await this.takeFrames(this.withFittedTexts(frames));
    }

    fittedLayout(): PlotLayout {
      const layout = structuredClone(this.figure.layout);
      for (const [path, value] of structuredClone([...this.fitted.layout]))
        this.fitting.setAt(layout, path, value ?? undefined);
      return layout;
    }

    withFittedTexts(frames: PlotFrame[]): PlotFrame[] {
      const isFitted = this.fitted.layout.has('margin.t');
      return isFitted ? this.fitting.withWrappedTexts(frames, this.fittedLayout(), this.step) : frames;
    }

    /** Whether its width is that of its place. */
    isFlexible(): boolean {
      return this.figure.layout?.width === undefined || this.fitted.layout.get('width') === null;
    }

    /** What plotly gets, which it may change. */
    prepared(): Prepared {
      const { data = [], layout = {} as PlotLayout, frames = [], config } = structuredClone(this.figure);
      const { setAt } = this.fitting;
      const { theme, ...fitted } = this.pageChanges(this.figure);
      this.fitted = fitted;
      for (const [path, value] of [...theme, ...structuredClone([...fitted.layout])]) setAt(layout, path, value);
      for (const [i, path, value] of structuredClone(fitted.traces)) setAt(data[i]!, path, value);
      this.reserve(layout.height ?? defaultHeight);
      const isFlexible = this.isFlexible();
      if (isFlexible) delete layout.width;
      const size = { height: layout.height ?? defaultHeight, autosize: isFlexible };
      const known = Object.entries(config ?? {}).filter(([name]) => harmlessOptions.includes(name));
      return {
        data: [...data, ...this.lessons.axisKeepers({ data, layout })],
        frames: this.withFittedTexts(frames),
        ...this.controls.withOwnGestures({
          layout: { ...layout, ...size },
          // plotly's own default has a button that sends the figure's data to a server.
          config: { displaylogo: false, showSendToCloud: false, ...Object.fromEntries(known) },
        }),
      };
    }

    /** Follows the cell's width, and notes whether the figure is on the screen. */
    watch(): void {
      if (this.resizing) return;
      this.resizing = new ResizeObserver(() => {
        const width = this.node.offsetWidth;
        if (width === 0) return;
        if (this.fitting.stepOf(this.figure, width) !== this.step) void oneAfterAnother(() => this.followPage());
        else if (this.node.layout?.autosize) plotly().Plots.resize(this.node);
      });
      this.resizing.observe(this.node);
      this.seeing = new IntersectionObserver((entries) => {
        this.onScreen = entries.at(-1)!.isIntersecting;
      });
      this.seeing.observe(this.node);
      followTheme(this);
      if (hearing.has(this.node)) return;
      hearing.add(this.node);
      this.controls.hearKeys(this.node);
      this.controls.styleControls();
      this.controls.leaveScrolling(this.node);
    }

    /** Replaces the figure by a picture of itself and gives its WebGL contexts back. */
    async freeze(): Promise<void> {
      const width = this.node.offsetWidth || 700;
      const height = this.node.offsetHeight || defaultHeight;
      const scale = window.devicePixelRatio || 1;
      const plot = await plotly().toImage(this.node, { format: 'png', width, height, scale });
      const source = (await this.player?.pictureWith?.(plot)) ?? plot;
      if (this.isDisposed) return;
      this.player?.stop();
      this.keepView();
      release(this.node);
      this.node.replaceChildren(this.picture(source, width, height));
      this.node.dataset.state = 'frozen';
    }

    picture(source: string, width: number, height: number): HTMLImageElement {
      const image = new Image(width, height);
      image.src = source;
      image.alt = `Point at it, or press Enter, to turn it. ${this.node.getAttribute('aria-label')}`;
      image.tabIndex = 0;
      image.setAttribute('role', 'button');
      image.dataset.lmSuppressShortcuts = 'true';
      const thaw = () => {
        image.onpointerenter = null;
        image.onclick = null;
        image.onkeydown = null;
        return oneAfterAnother(async () => {
          if (this.isDisposed || this.node.dataset.state !== 'frozen') return;
          const isHere = document.activeElement === image;
          this.node.replaceChildren();
          await this.draw();
          if (isHere) this.node.querySelector<HTMLElement>('[role="application"]')?.focus();
        });
      };
      image.onpointerenter = thaw;
      image.onclick = thaw;
      image.onkeydown = (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        void thaw();
      };
      return image;
    }

    /** The camera of a scene now: its layout is late while a reader turns it. */
    cameraOf(key: string): object | undefined {
      return this.node._fullLayout?.[key]?._scene?.getCamera();
    }

    /** Camera positions are part of a frozen figure: one that a reader turned comes back as it was. */
    keepView(): void {
      for (const [key, scene] of scenesOf(this.node.layout ?? {})) {
        if (!scene.camera) continue;
        this.figure.layout = { ...this.figure.layout, [key]: { ...this.figure.layout?.[key], camera: scene.camera } };
      }
    }

    followTheme(): void {
      void oneAfterAnother(() => this.followPage());
    }

    override dispose(): void {
      if (this.isDisposed) return;
      this.resizing?.disconnect();
      this.seeing?.disconnect();
      leavePool(this);
      leaveTheme(this);
      this.player?.stop();
      if (this.node.dataset.state === 'done') leave(this);
      else release(this.node);
      super.dispose();
    }
  };
