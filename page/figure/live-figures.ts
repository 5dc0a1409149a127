// The figures whose states the page computes: descents and races.
import { Descent, descentHeights } from './descent';
import { withRoomForControls } from './live';
import { LiveRace, raceHeights } from './live-race';
import type { PlotFigure, PlotLayout, PlotNode } from './plotly';

type Shown = { layout: Partial<PlotLayout> };

const descentOn = (node: PlotNode, figure: PlotFigure) => new Descent(node, figure);
const liveRaceOn = (node: PlotNode, figure: PlotFigure) => new LiveRace(node, figure);

/** What makes the player of a figure; undefined if the page does not compute its states. */
export function livePlayerOf({ layout }: Shown): typeof descentOn | typeof liveRaceOn | undefined {
  if (layout?.meta?.race !== undefined) return liveRaceOn;
  return layout?.meta?.descent === undefined ? undefined : descentOn;
}

/** A figure without what the overlay draws, and with room for the controls. */
export const withOwnControls = (figure: PlotFigure): PlotFigure =>
  withRoomForControls(figure, figure.layout.meta.race ? raceHeights(figure.layout.meta.race) : descentHeights);
