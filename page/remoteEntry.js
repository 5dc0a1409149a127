// JupyterLab's renderer for plotly figures, written as the module-federation container that a bundler would make:
// JupyterLab loads this file, calls init(shareScope) with the packages it shares, then get('./mimeExtension').
// plotly.min.js lies beside it and is loaded at the first figure. outputs.js is about outputs that change, stills.js about pictures beside
// figures in files, learner.js about a learner's own notebooks, run-all.js about Run All, editing.js about what TypeScript changes in
// cells, names.js about controls and pictures without names, links.js about links to cells, lesson.js about questions and the figures that
// answer them, controls.js about keys, wheel and fingers, fit.js about narrow places, race.js and player.js about figures that move.
(() => {
  const extensionName = 'gradlab-plotly';
  const mimeType = 'application/vnd.plotly.v1+json';
  const lessonMime = 'application/vnd.gradlab.lesson+json';
  const defaultHeight = 450;
  const here = document.currentScript.src.replace(/[^/]*$/, '');

  // A browser keeps 16 WebGL contexts a page and blanks the oldest beyond that. Up to this many canvases stay live
  // (a surface has one, a scattergl three, making a PNG takes one); older figures become pictures until pointed at.
  const liveCanvases = 12;

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

  let shareScope;
  let plotlyLoading;

  /** The newest copy of a package that the application shares. */
  async function shared(packageName) {
    const versions = shareScope[packageName];
    const byNumber = (a, b) => a.localeCompare(b, 'en', { numeric: true });
    const newest = Object.keys(versions).sort(byNumber).at(-1);
    const factory = await versions[newest].get();
    return factory();
  }

  function loadScript(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = address;
      script.onload = resolve;
      script.onerror = () => {
        script.remove();
        reject(new Error(`${address.slice(here.length).replace(/\?.*/, '')} could not be loaded`));
      };
      document.head.append(script);
    });
  }

  /** Milliseconds after which a download counts as stalled. */
  const longest = 30_000;
  const stalled = (file) => new Error(`${file} could not be loaded: nothing came for ${longest / 1000} seconds`);

  /** Until all of a file is in the browser's cache, however slowly it comes. */
  async function arrival(address, file) {
    const control = new AbortController();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(stalled(file)), longest);
    };
    try {
      wait();
      const reader = (await fetch(address, { signal: control.signal })).body.getReader();
      while (!(await reader.read()).done) wait();
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Tries a download again after growing pauses, once if it stalls; browsers may keep that it has failed, so each try has its own
   * address.
   */
  async function persistently(load, file, tries = 0) {
    const address = `${here}${file}${tries === 0 ? '' : `?${tries}`}`;
    let timer;
    try {
      // The first one may have been slow, and no more than that.
      if (tries > 0) await arrival(address, file);
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(stalled(file)), longest);
      });
      return await Promise.race([load(address), late]);
    } catch (error) {
      const hasStalled = error.message === stalled(file).message;
      if (tries === 3 || (hasStalled && tries > 0)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 3 ** tries));
      return persistently(load, file, tries + 1);
    } finally {
      clearTimeout(timer);
    }
  }

  async function loadPlotly() {
    if (window.Plotly) return;
    plotlyLoading ??= persistently(loadScript, 'plotly.min.js');
    try {
      await plotlyLoading;
    } catch (error) {
      plotlyLoading = undefined; // the next figure tries again
      throw new Error(`${error.message}. Where JupyterLab runs on this computer, \`npm start\` installs it`);
    }
    // Such as the page of a public network in its place.
    if (!window.Plotly) {
      plotlyLoading = undefined;
      throw new Error('plotly.min.js is damaged');
    }
  }

  let upngLoading;

  /** Loads the library that writes PNGs with palettes, at the first picture. */
  function loadUpng() {
    upngLoading ??= persistently(loadScript, 'pako.min.js').then(() => persistently(loadScript, 'upng.js'));
    return upngLoading.then(() => window.UPNG);
  }

  // Drawing and freezing run one after the other: plotly shares one hidden WebGL context for pictures.
  let queue = Promise.resolve();
  function oneAfterAnother(action) {
    queue = queue.then(action, action);
    return queue;
  }

  /** Live figures that hold WebGL contexts, oldest first. */
  const live = [];
  const canvasesOf = (figure) => figure.node.querySelectorAll('canvas:not(.gradlab-race)').length;

  async function makeRoomFor(newest) {
    while (live.reduce((sum, figure) => sum + canvasesOf(figure), 0) > liveCanvases) {
      const oldest = live.find((figure) => figure !== newest && !figure.onScreen) ?? live.find((f) => f !== newest);
      if (!oldest) return;
      forget(oldest);
      await oldest.freeze();
    }
  }

  /** Ends a plot and gives its WebGL contexts back. */
  function release(node) {
    const canvases = [...node.querySelectorAll('canvas')];
    window.Plotly?.purge(node);
    for (const canvas of canvases) {
      const context = canvas.getContext('webgl') ?? canvas.getContext('webgl2');
      context?.getExtension('WEBGL_lose_context')?.loseContext(); // otherwise it counts until it is collected
    }
  }

  function forget(figure) {
    const position = live.indexOf(figure);
    if (position >= 0) live.splice(position, 1);
  }

  /** The theme that the page has: each figure notes at its node, as data-theme, the one that it was last drawn for. */
  const pageTheme = () => document.body.dataset.jpThemeName ?? '';

  /** All figures that have been drawn. */
  const drawn = new Set();
  let watchingTheme;
  /** What is drawn in ink (src/lab/plot/theme.ts), upon a map's pale ground, has the text's colour in the legend below the map. */
  const inkInLegends = `.gradlab-plotly .legendlines path[style*="stroke: rgb(43, 43, 43)"] {
    stroke: var(--jp-content-font-color1) !important;
  }
  .gradlab-plotly .legendpoints path[style*="stroke-width: 0px"][style*="fill: rgb(43, 43, 43)"] {
    fill: var(--jp-content-font-color1) !important;
  }`;

  /** JupyterLab writes the theme's name to the page's body when its style sheets are there. */
  function followTheme() {
    if (watchingTheme) return;
    document.head.append(Object.assign(document.createElement('style'), { textContent: inkInLegends }));
    watchingTheme = new MutationObserver(() => {
      for (const figure of drawn) oneAfterAnother(() => figure.followPage());
    });
    watchingTheme.observe(document.body, { attributeFilter: ['data-jp-theme-name', 'data-jp-theme-light'] });
  }

  const nextFrame = () => new Promise(requestAnimationFrame);

  /** Milliseconds after which a figure that is off the screen is drawn when the browser has time. */
  const patience = 2000;
  // Safari has none.
  const whenIdle = window.requestIdleCallback ?? ((action) => setTimeout(action, 50));

  /** Until a node is on the screen or less than a screen away; else until other work is done: drawing takes long. */
  function whenNear(node) {
    return new Promise((resolve) => {
      const end = () => {
        observer.disconnect();
        clearTimeout(timer);
        resolve();
      };
      const observer = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && end(), {
        rootMargin: '50%',
      });
      const timer = setTimeout(() => whenIdle(end), patience);
      observer.observe(node);
    });
  }

  /** A colour of the page's theme as plotly reads it, or undefined. */
  function pageColour(node, variable) {
    const probe = document.createElement('span');
    probe.style.cssText = `forced-color-adjust: none; color: var(${variable})`;
    node.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return /^rgba?\(/.test(color) ? color : undefined;
  }

  /** The page's colours at the places of a template that `meta.theme: 'page'` asks to be filled in. */
  function themeOf(node, { flat }) {
    const axis = (grid, line) => ({ gridcolor: grid, linecolor: line });
    const [text, grid, line] = ['--jp-content-font-color1', '--jp-border-color2', '--jp-border-color1'].map((name) =>
      pageColour(node, name),
    );
    const wall = axis(grid, line);
    const plane = { ...wall, tickcolor: line };
    const layout = {
      font: { color: text },
      xaxis: plane,
      yaxis: plane,
      scene: { xaxis: wall, yaxis: wall, zaxis: wall },
    };
    return flat({ template: { layout } }).filter(([, colour]) => colour !== undefined);
  }

  const scenesOf = (layout) => Object.entries(layout).filter(([key]) => /^scene\d*$/.test(key));

  /** All of a figure but where its cameras stand, as text. */
  function withoutCameras({ layout = {}, ...rest }) {
    const still = scenesOf(layout).map(([key, scene]) => [key, { ...scene, camera: undefined }]);
    return JSON.stringify({ ...rest, layout: { ...layout, ...Object.fromEntries(still) } });
  }

  /** Nodes that hear keys and fingers. */
  const hearing = new WeakSet();

  /**
   * The figure that was taken out of the page last, until the page has gone on: an Output widget, as `interact` has it in
   * Voila, takes out what it shows before it shows another, which goes on with the plot that is there.
   */
  let left;
  function leave(figure) {
    left = figure;
    setTimeout(() => {
      if (left === figure) left = undefined;
      if (!figure.isFollowed) release(figure.node);
    });
  }

  function takeLeft() {
    const figure = left;
    left = undefined;
    return figure;
  }

  /** What a figure takes over from the one whose node it goes on with. */
  const keptOnMove = [
    ...['cameras', 'stillPart', 'race', 'controls', 'races', 'players', 'fitting', 'lessons', 'pages'],
    ...['source', 'setting', 'given', 'figure', 'step'],
  ];

  /** The widget class for one figure; its node's data-state is new, done, frozen or failed. */
  const figureClass = (Widget) =>
    class PlotlyFigure extends Widget {
      /** @param before a figure whose place this one takes, with its plot, where the widget can take over a node */
      constructor(before) {
        super({ node: before?.node });
        this.addClass(extensionName);
        /** Whether the choice at its question has been made. */
        this.isTold = false;
        /** The cameras that the figure asks for, as JSON, by scene. */
        this.cameras = new Map();
        if (before && before.node === this.node) {
          before.isFollowed = true;
          for (const name of keptOnMove) this[name] = before[name];
          if (canvasesOf(this) > 0) live.push(this);
          this.watch();
        } else this.node.dataset.state = 'new';
      }

      /** JupyterLab calls it for a new output, and again whenever the output is updated. */
      async renderModel(model) {
        const words = model.data['text/plain'] ?? 'figure';
        const isShown = ['done', 'frozen'].includes(this.node.dataset.state) && !this.isOutdated;
        // A picture was put beside it.
        if (isShown && this.arrived === model.data[mimeType] && this.node.ariaLabel === words) return;
        this.arrived = model.data[mimeType];
        this.source = structuredClone(this.arrived);
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
          const parts = ['controls.js', 'race.js', 'player.js', 'fit.js', 'lesson.js', 'page.js'].map((file) =>
            persistently((address) => import(address), file),
          );
          [this.controls, this.races, this.players, this.fitting, this.lessons, this.pages] = await Promise.all([
            ...parts,
            loadPlotly(),
          ]);
          this.figure = this.shown();
          await oneAfterAnother(() => this.bringUpToDate());
          if (!this.isDisposed && this.lessons.lessonIn(this.given)) this.lessons.waitForChoice(this);
        } catch (error) {
          this.node.dataset.state = 'failed';
          this.node.replaceChildren(`The figure could not be drawn: ${error.message ?? error}. `, this.again(model));
          console.error(extensionName, error);
        }
      }

      reserve(height) {
        Object.assign(this.node.style, { width: '100%', height: `${height}px`, minHeight: `${height}px` });
      }

      /** A button that draws it after all. */
      again(model) {
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = 'Try again';
        button.onclick = () => {
          this.node.dataset.state = 'new';
          this.node.textContent = '';
          this.renderModel(model);
        };
        return button;
      }

      /** Draws the figure; of several updates, only the newest. A plot that is there stays and takes over what changes. */
      async bringUpToDate() {
        if (this.isDisposed || !this.isOutdated) return;
        this.isOutdated = false;
        if (this.node.dataset.state === 'done') await this.react();
        else {
          this.node.replaceChildren();
          await this.draw();
        }
      }

      async draw() {
        if (this.isDisposed) return;
        const { data, layout, frames, config } = this.prepared();
        for (const [key, scene] of scenesOf(layout))
          if (!this.cameras.has(key)) this.cameras.set(key, JSON.stringify(scene.camera));
        this.stillPart = this.stillPartNow();
        await window.Plotly.newPlot(this.node, data, layout, config);
        if (this.isDisposed) return;
        this.players.keepMaps(this.node);
        this.node.on('plotly_afterplot', () => this.players.keepMaps(this.node));
        this.controls.tellControls(this.node);
        await this.takeFrames(frames);
        await this.player?.catchUp();
        this.race = this.races.raceOn(this.node);
        if (canvasesOf(this) > 0) {
          live.push(this);
          await makeRoomFor(this);
        }
        this.node.dataset.state = 'done';
        this.node.dataset.theme = pageTheme();
        this.watch();
      }

      /** What is to be seen of the figure: all of it, but before the choice at its question. */
      shown(at) {
        return this.players.withOwnPlayer(this.isTold ? this.lessons.uncovered(this.given, at) : this.given);
      }

      /** Uncovers what answers a question, at a value of its slider or that which decides; or covers it again. */
      async tell(isTold, at = this.lessons.lessonIn(this.given).deciding) {
        // What plays belongs to the choice before: asked again, the figure would go on to what decides.
        this.player?.stop();
        this.isTold = isTold;
        this.figure = this.shown(at);
        this.isOutdated = true;
        await oneAfterAnother(() => this.bringUpToDate());
        await this.player?.go(isTold ? at : this.player.first);
      }

      /** Shows the figure of another setting; its slider stays where it is, where it has that value. */
      async choose(setting) {
        this.player?.stop();
        this.setting = setting;
        this.given = this.pages.settingAt(this.source, setting);
        this.figure = this.shown();
        this.isOutdated = true;
        await oneAfterAnother(() => this.bringUpToDate());
      }

      /** All but the cameras, and whether the choice at its question has been made. */
      stillPartNow() {
        return `${this.isTold} ${withoutCameras(this.given)}`;
      }

      /** Turns the camera where nothing else has changed: plotly does not look through the figure then. */
      async turn(layout) {
        const cameras = scenesOf(layout).map(([key, { camera }]) => [`${key}.camera`, structuredClone(camera)]);
        await window.Plotly.relayout(this.node, Object.fromEntries(cameras));
      }

      async react() {
        const still = this.stillPart;
        this.stillPart = this.stillPartNow();
        const { data, layout, frames, config } = this.prepared();
        for (const [key, scene] of scenesOf(layout)) {
          // A camera that a person has turned stays, unless the figure itself moves it.
          const isMoved = JSON.stringify(scene.camera) !== this.cameras.get(key);
          this.cameras.set(key, JSON.stringify(scene.camera));
          if (!isMoved) scene.camera = this.cameraOf(key) ?? scene.camera;
        }
        if (still === this.stillPart && scenesOf(layout).length > 0) {
          await this.turn(layout);
          return;
        }
        await window.Plotly.react(this.node, data, layout, config);
        this.race?.read();
        await this.takeFrames(frames);
        await this.player?.catchUp();
      }

      /** What sliders will show: the player's, or plotly's own. */
      async takeFrames(frames) {
        this.player = this.players.playerOn(this.node, { ...this.given, frames });
        if (this.player) this.lessons.furnish(this.player, this.given, this.isTold);
        else if (frames.length > 0) await window.Plotly.addFrames(this.node, frames);
        this.pages.putSettings(this.node, this.source, {
          at: this.setting,
          isWaiting: Boolean(this.lessons.lessonIn(this.given)?.waits) && !this.isTold,
          choose: (at) => this.choose(at),
        });
      }

      /** What a figure becomes on this page: its colours, and what makes it fit its place. */
      pageChanges(figure) {
        // A page that is not shown has no width.
        const place = this.node.offsetWidth || Number.POSITIVE_INFINITY;
        this.step = this.fitting.stepOf(figure, place);
        const { layout, traces: fitted } = this.fitting.changesFor(figure, place);
        const isOfPage = figure.layout?.meta?.theme === 'page';
        const dark = isOfPage && this.pages.isDarkPage() ? this.pages.darkChanges(figure.data ?? []) : [];
        const traces = [...fitted, ...dark];
        return {
          theme: isOfPage ? themeOf(this.node, this.fitting) : [],
          layout,
          traces,
        };
      }

      /** Follows the page: its theme has changed, or its width by so much that something moves. Sliders stay where they are. */
      async followPage() {
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
        const restored = [...before.layout.keys()].map((path) => [path, valueAt(this.figure.layout, path) ?? null]);
        const changes = Object.fromEntries([...restored, ...layout]);
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
          // plotly asks how wide the place is where it is told nothing.
          delete changes.width;
          delete shown.width;
        }
        this.reserve(changes.height ?? shown.height);
        // A whole template, because plotly takes none of its parts.
        const template = structuredClone(shown.template ?? {});
        for (const [path, value] of theme) setAt({ template }, path, value);
        await window.Plotly.relayout(this.node, { ...changes, template });
        // To plotly a new height is a size of one's own; the width goes on following the page.
        if (this.isFlexible()) await window.Plotly.relayout(this.node, { autosize: true });
        this.node.dataset.theme = pageTheme();
      }

      /**
       * Undoes what made the traces of a plot fit, and does what makes them now; and the same for what sliders will show. What stays
       * is left alone: of a colour bar that is turned and turned back plotly keeps the room.
       */
      async refit(before, now) {
        const { restyle } = window.Plotly;
        const placed = (changes) => new Map(changes.map(([i, path, value]) => [`${i} ${path}`, JSON.stringify(value)]));
        const [old, next] = [placed(before), placed(now)];
        const gone = before.filter(([i, path]) => !next.has(`${i} ${path}`));
        const changed = now.filter(([i, path]) => old.get(`${i} ${path}`) !== next.get(`${i} ${path}`));
        // A colour bar that is turned would keep its old numbers beside the new ones.
        if (gone.length > 0 || changed.length > 0)
          for (const bar of this.node.querySelectorAll('.infolayer > .colorbar')) bar.remove();
        for (const [i, path] of gone)
          await restyle(this.node, { [path]: [this.fitting.valueAt(this.figure.data[i], path) ?? null] }, [i]);
        for (const [i, path, value] of changed) await restyle(this.node, { [path]: [value] }, [i]);
        const { frames = [] } = structuredClone(this.figure);
        await this.takeFrames(this.withFittedTexts(frames));
      }

      fittedLayout() {
        const layout = structuredClone(this.figure.layout);
        for (const [path, value] of structuredClone([...this.fitted.layout]))
          this.fitting.setAt(layout, path, value ?? undefined);
        return layout;
      }

      withFittedTexts(frames) {
        const isFitted = this.fitted.layout.has('margin.t');
        return isFitted ? this.fitting.withWrappedTexts(frames, this.fittedLayout(), this.step) : frames;
      }

      /** Whether its width is that of its place. */
      isFlexible() {
        return this.figure.layout?.width === undefined || this.fitted.layout.get('width') === null;
      }

      /** What plotly gets, which it may change. */
      prepared() {
        const { data = [], layout = {}, frames = [], config } = structuredClone(this.figure);
        const { setAt } = this.fitting;
        const { theme, ...fitted } = this.pageChanges(this.figure);
        this.fitted = fitted;
        for (const [path, value] of [...theme, ...structuredClone([...fitted.layout])]) setAt(layout, path, value);
        for (const [i, path, value] of structuredClone(fitted.traces)) setAt(data[i], path, value);
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
      watch() {
        if (this.resizing) return;
        this.resizing = new ResizeObserver(() => {
          const width = this.node.offsetWidth;
          if (width === 0) return;
          if (this.fitting.stepOf(this.figure, width) !== this.step) oneAfterAnother(() => this.followPage());
          else if (this.node.layout?.autosize) window.Plotly.Plots.resize(this.node);
        });
        this.resizing.observe(this.node);
        this.seeing = new IntersectionObserver((entries) => {
          this.onScreen = entries.at(-1).isIntersecting;
        });
        this.seeing.observe(this.node);
        drawn.add(this);
        followTheme();
        if (hearing.has(this.node)) return;
        hearing.add(this.node);
        this.controls.hearKeys(this.node);
        this.controls.styleControls();
        this.controls.leaveScrolling(this.node);
      }

      /** Replaces the figure by a picture of itself and gives its WebGL contexts back. */
      async freeze() {
        const width = this.node.offsetWidth || 700;
        const height = this.node.offsetHeight || defaultHeight;
        const scale = window.devicePixelRatio || 1;
        const plot = await window.Plotly.toImage(this.node, { format: 'png', width, height, scale });
        const source = (await this.player?.pictureWith?.(plot)) ?? plot;
        if (this.isDisposed) return;
        this.player?.stop();
        this.keepView();
        release(this.node);
        this.node.replaceChildren(this.picture(source, width, height));
        this.node.dataset.state = 'frozen';
      }

      picture(source, width, height) {
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
            if (isHere) this.node.querySelector('[role="application"]')?.focus();
          });
        };
        image.onpointerenter = thaw;
        image.onclick = thaw;
        image.onkeydown = (event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          event.stopPropagation();
          thaw();
        };
        return image;
      }

      /** Camera positions are part of what was frozen: a figure that a person turned comes back as it was. */
      /** Where a scene is seen from now: its layout lags behind a hand that turns it. */
      cameraOf(key) {
        return this.node._fullLayout?.[key]?._scene?.getCamera();
      }

      keepView() {
        for (const [key, scene] of scenesOf(this.node.layout ?? {})) {
          if (!scene.camera) continue;
          this.figure.layout = { ...this.figure.layout, [key]: { ...this.figure.layout?.[key], camera: scene.camera } };
        }
      }

      dispose() {
        if (this.isDisposed) return;
        this.resizing?.disconnect();
        this.seeing?.disconnect();
        forget(this);
        drawn.delete(this);
        this.player?.stop();
        if (this.node.dataset.state === 'done') leave(this);
        else release(this.node);
        super.dispose();
      }
    };

  async function mimeExtension() {
    const { Widget } = await shared('@lumino/widgets');
    const PlotlyFigure = figureClass(Widget);
    const plugin = {
      id: `${extensionName}:plugin`,
      description: 'Shows plotly figures',
      dataType: 'json',
      rank: 0,
      rendererFactory: {
        safe: true, // figures are data, not code: shown in notebooks that are not trusted, too
        mimeTypes: [mimeType],
        defaultRank: 0,
        createRenderer: () => new PlotlyFigure(takeLeft()),
      },
      fileTypes: [
        {
          name: 'plotly',
          displayName: 'Plotly figure',
          mimeTypes: [mimeType],
          extensions: ['.plotly', '.plotly.json'],
        },
      ],
      documentWidgetFactoryOptions: {
        name: 'Plotly',
        primaryFileType: 'plotly',
        fileTypes: ['plotly', 'json'],
        defaultFor: ['plotly'],
      },
    };
    /** A question is text, of which lesson.js makes nodes: nothing of it is read as HTML. */
    class Asked extends Widget {
      constructor(typesetter) {
        super();
        this.typeset = (node) => typesetter?.typeset(node);
      }

      async renderModel({ data }) {
        const { Question, withMarks } = await persistently((address) => import(address), 'lesson.js');
        this.question = new Question(this.node, data[lessonMime], { rich: withMarks, typeset: this.typeset });
      }
    }
    const questions = {
      id: `${extensionName}:questions`,
      description: 'Asks questions whose answers move figures',
      dataType: 'json',
      rank: 0,
      rendererFactory: {
        safe: true,
        mimeTypes: [lessonMime],
        defaultRank: 0,
        createRenderer: ({ latexTypesetter }) => new Asked(latexTypesetter),
      },
    };
    return () => ({ __esModule: true, default: [plugin, questions] });
  }

  const widgetMime = 'application/vnd.jupyter.widget-view+json';
  const notFound = 'Error displaying widget: model not found';

  /**
   * ipywidgets looks two seconds for the widget of an output and then gives up for good if it has restored its widgets
   * meanwhile: where a page is busy, that happens between the last look and the end. Then it has to look once more.
   */
  function showRestoredWidgets(panel) {
    const tried = new WeakSet();
    const observer = new MutationObserver((changes) => {
      for (const { target } of changes) {
        if (target.textContent !== notFound || tried.has(target)) continue;
        const found = widgetOutput(panel, target);
        if (!found) continue;
        tried.add(target);
        target.classList.remove('jupyter-widgets'); // which marks the error
        found.renderer.renderModel(found.model);
      }
    });
    observer.observe(panel.content.node, { childList: true, subtree: true });
    panel.disposed.connect(() => observer.disconnect());
  }

  /** The renderer of a widget that owns a node, and the output that it shows. */
  function widgetOutput(panel, node) {
    for (const { model, outputArea } of panel.content.widgets) {
      const outputs = model.type === 'code' ? outputArea.widgets : [];
      for (const [i, output] of outputs.entries())
        for (const renderer of output.children())
          if (renderer.node === node && renderer.mimeType === widgetMime)
            return { renderer, model: model.outputs.get(i) };
    }
    return undefined;
  }

  /** Where what a reader does is kept: below the path that the notebook has, on a site that of the site's own. */
  async function nameNotebook({ content, context }) {
    await context.ready;
    const { site } = context.model.sharedModel.metadata?.gradlab ?? {};
    content.node.dataset.notebook = typeof site?.path === 'string' ? site.path : context.path;
  }

  async function extension() {
    const { INotebookTracker, NotebookActions } = await shared('@jupyterlab/notebook');
    const files = [
      'outputs.js',
      'names.js',
      'spoken.js',
      'links.js',
      'editing.js',
      'page.js',
      'stills.js',
      'learner.js',
      'run-all.js',
      'reading.js',
    ];
    const [
      { followUpdates, takeChanges },
      { nameControls },
      { sayChecks },
      { holdLinkedCells },
      { addEditing },
      { watchMarksOfPanel },
      { keepStills },
      { learnerFolder, takeNotebook },
      { keepPlace },
      { addSaving },
    ] = await Promise.all(files.map((file) => persistently((address) => import(address), file)));
    const editing = {
      id: `${extensionName}:editing`,
      description: 'Quick fixes, formatting, sorted imports and other names for cells in TypeScript',
      autoStart: true,
      optional: [INotebookTracker],
      activate: async (app, notebooks) => {
        if (!notebooks) return;
        const packages = ['@jupyterlab/apputils', '@jupyterlab/services'];
        const [Dialogs, { KernelMessage }] = await Promise.all(packages.map(shared));
        const palette = await app.resolveOptionalService(Dialogs.ICommandPalette);
        addEditing({ app, notebooks, palette, Dialogs, KernelMessage });
        addSaving(app, palette);
      },
    };
    const plugin = {
      id: `${extensionName}:updates`,
      description: 'Updates outputs, shows widgets after a reload of the page, saves pictures of figures',
      autoStart: true,
      optional: [INotebookTracker], // Voila's pages have none
      activate: (_, notebooks) => {
        if (!notebooks) return;
        keepPlace(NotebookActions);
        const folder = learnerFolder(shared);
        notebooks.widgetAdded.connect((__, panel) => {
          followUpdates(panel);
          takeChanges(panel);
          showRestoredWidgets(panel);
          nameControls(panel);
          nameNotebook(panel);
          holdLinkedCells(panel);
          watchMarksOfPanel(panel);
          folder.then((own) => own && takeNotebook(panel, own, NotebookActions.executed));
          keepStills(panel, { loadPlotly, loadUpng, inTurn: oneAfterAnother });
        });
        NotebookActions.executed.connect((__, { cell }) => sayChecks(cell.model.outputs?.toJSON() ?? []));
      },
    };
    // Voila shares none.
    const launcher = shareScope['@jupyterlab/launcher'] ? [typeScriptFile(await shared('@jupyterlab/launcher'))] : [];
    return () => ({ __esModule: true, default: [plugin, editing, ...launcher] });
  }

  /** The launcher has a new file in TypeScript, as JupyterLab has one of its own for Python. */
  const typeScriptFile = ({ ILauncher }) => ({
    id: `${extensionName}:launcher`,
    description: 'Offers a new file in TypeScript',
    autoStart: true,
    optional: [ILauncher],
    activate: (_, launcher) =>
      launcher?.add({
        command: 'fileeditor:create-new',
        args: {
          fileExt: 'ts',
          iconName: 'ui-components:text-editor',
          launcherLabel: 'TypeScript File',
          isLauncher: true,
        },
        category: 'Other',
        rank: 3,
      }),
  });

  const modules = { './mimeExtension': mimeExtension, './extension': extension };
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[extensionName] = {
    init(scope) {
      shareScope = scope;
    },
    get(name) {
      return modules[name]?.() ?? Promise.reject(new Error(`${extensionName} has no module ${name}`));
    },
  };
})();
