/** Numbers of a training, epoch by epoch, on their way to somebody's eyes. */
export interface EpochDisplay {
  /** Takes the numbers of an epoch. */
  update(values: Readonly<Record<string, number>>): void;
  /** Shows the last state. */
  end?(): void;
}

/** What the laboratory draws for the library, which draws nothing itself. */
export interface Views {
  /** Graphviz's drawing, as SVG without prologue, of what is written in its language. */
  drawing?: (dot: string) => Promise<string>;
  /** Curves that grow. */
  curves?: (options: { total: number; history?: Readonly<Record<string, number[]>> }) => EpochDisplay;
}

/** The views at hand: none, until "gradlab/lab" is loaded, which puts its own here. */
export const views: Views = {};
