import { GradlabError } from '../errors';

/**
 * Graphviz's drawing, as SVG without prologue.
 * @throws {GradlabError} if Graphviz cannot be loaded, as in a page whose network is broken.
 */
export async function drawGraph(dot: string): Promise<string> {
  // Heavier than the library, so it is loaded by the first drawing.
  const graphviz = await import('@viz-js/viz')
    .then(({ instance }) => instance())
    .catch((cause: Error) => {
      throw new GradlabError(`Graphviz could not be loaded: ${cause.message}; run the cell again to try once more`, {
        cause,
      });
    });
  const svg = graphviz.renderString(dot, { format: 'svg' });
  return svg.slice(svg.indexOf('<svg'));
}
