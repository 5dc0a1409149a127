/** Numbers of a training, epoch by epoch, on their way to somebody's eyes. */
export interface EpochDisplay {
  /** Takes the numbers of an epoch. */
  update(values: Readonly<Record<string, number>>): void;
  /** Shows the last state. */
  end?(): void;
}

/** A search on its way to somebody's eyes. */
export interface StudyView {
  /** Says that the search has gone on. */
  update(): void;
  /** Shows the last state. */
  end?(): void;
}

/** Something that goes on for a while, and can be paused and ended. */
export interface Controllable {
  readonly state: 'running' | 'paused' | 'ended';
  /** Has it wait. */
  pause(): void;
  /** Has it go on. */
  resume(): void;
  /** Has it come to a good end. */
  stop(): void;
}

/** What the laboratory draws for the library, which draws nothing itself. */
export interface Views {
  /** Graphviz's drawing, as SVG without prologue, of what is written in its language. */
  drawing?: (dot: string) => Promise<string>;
  /** Buttons that pause and end something; what it gives is called when its state has changed. `undefined` where there are no buttons. */
  buttons?: (run: Controllable) => (() => void) | undefined;
  /** Curves that grow. */
  curves?: (options: { total: number; history?: Readonly<Record<string, number[]>> }) => EpochDisplay;
  /** Figures of a search, a `Study` of `tuner`, that grow. */
  study?: (study: object) => StudyView;
}

/** The views at hand: none, until "gradlab/lab" is loaded, which puts its own here. */
export const views: Views = {};
