/**
 * The share of points that straight cuts get right, at best, where half lie on a circle of radius `inner` and half on one of radius
 * `outer` around it: each cut touches the inner circle and takes an arc of the outer one, which the inner has nothing of; arcs do not
 * overlap while there is room.
 */
export function shareByCuts(cuts: number, inner: number, outer: number): number {
  return 0.5 + Math.min(0.5, (cuts * Math.acos(inner / outer)) / (2 * Math.PI));
}

/** How many straight cuts it takes to fence one circle off from another around it: a polygon must fit between both. */
export function cutsNeeded(inner: number, outer: number): number {
  return Math.ceil(Math.PI / Math.acos(inner / outer) - 1e-9);
}
