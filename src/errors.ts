/** Base class of every error that gradlab throws on purpose; `name` is the class's name. */
export class GradlabError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Shapes that do not fit each other or the operation. The message names the op and every shape. */
export class ShapeError extends GradlabError {}

/** A dtype that the operation cannot take, or a conversion that would lose what the dtype means. */
export class DtypeError extends GradlabError {}

/** A dimension, index or position outside its range. */
export class IndexError extends GradlabError {}

/** An argument of the right type with a value outside the allowed range. */
export class ValueError extends GradlabError {}

/** A matrix without the requested result: singular, not positive definite, or with elements that are not finite. */
export class LinAlgError extends GradlabError {}

/** A step that automatic differentiation cannot take: no graph, a freed graph, a saved tensor that was modified. */
export class AutogradError extends GradlabError {}

/** A derivative or feature that exists but that gradlab does not implement. */
export class NotImplementedError extends GradlabError {}

/** Analytical and numerical gradients differ; the message shows where and by how much. */
export class GradcheckError extends GradlabError {}

/** A claim that has no measurement or bound, is not in the list of claims, or fails. */
export class ClaimError extends GradlabError {}

/** A figure, or data for a figure, that cannot be drawn. */
export class PlotError extends GradlabError {}

/** A file that is damaged, truncated or of another format. The message names the file, the fault and its position. */
export class FormatError extends GradlabError {}

/**
 * A search that cannot continue: a trial or journal of another study, one that another process holds, or a missing server or
 * package. The message says what to do; nothing is lost.
 */
export class StudyError extends GradlabError {}
