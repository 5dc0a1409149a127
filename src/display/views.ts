/** A display of a training's numbers, updated after each epoch. */
export interface EpochDisplay {
  /** Takes the numbers of an epoch. */
  update(values: Readonly<Record<string, number>>): void;
  /** Shows the last state. */
  end?(): void;
}

/** A display of a search. */
export interface StudyView {
  /** Redraws after the search has progressed. */
  update(): void;
  /** Shows the last state. */
  end?(): void;
}

/** A running task that can be paused and stopped. */
export interface Controllable {
  readonly state: 'running' | 'paused' | 'ended';
  /** Has it wait. */
  pause(): void;
  /** Has it go on. */
  resume(): void;
  /** Ends it regularly. */
  stop(): void;
}

/** The drawings that the laboratory provides; the library itself draws nothing. */
export interface Views {
  /** Graphviz's drawing of a source text, as SVG without prologue. */
  drawing?: (dot: string) => Promise<string>;
  /**
   * Buttons that pause and stop a task. Returns a callback for changes of its state; `undefined` if buttons are not
   * available.
   */
  buttons?: (run: Controllable) => (() => void) | undefined;
  /** Curves that grow with each epoch. */
  curves?: (options: { total: number; history?: Readonly<Record<string, number[]>> }) => EpochDisplay;
  /** Figures of a search, a `Study` of `tuner`, that are updated. */
  study?: (study: object) => StudyView;
}

/** The registered views: empty until "gradlab/lab" is loaded, which adds its own. */
export const views: Views = {};
