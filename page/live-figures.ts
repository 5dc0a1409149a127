// The figures whose states the page computes: descents and races.
import { Descent, descentHeights } from './descent';
import { withRoomForControls } from './live';
import type { PlotFigure, PlotLayout, PlotNode } from './plotly';
import { LiveRace, raceHeights } from './race';

type Shown = { layout: Partial<PlotLayout> };

export const isLive = ({ layout }: Shown): boolean =>
  layout?.meta?.descent !== undefined || layout?.meta?.race !== undefined;

/** A figure without what the overlay draws, and with room for the controls. */
export const withOwnControls = (figure: PlotFigure): PlotFigure =>
  withRoomForControls(figure, figure.layout.meta.race ? raceHeights(figure.layout.meta.race) : descentHeights);

/** The player of a descent, or of a race. */
export const descentOn = (node: PlotNode, figure: PlotFigure): Descent => new Descent(node, figure);
export const liveRaceOn = (node: PlotNode, figure: PlotFigure): LiveRace => new LiveRace(node, figure);
