// Saved models: the JSON is checked as a whole before a model is made from it.

import { describe } from '../describe';
import { ValueError } from '../errors';
import { Tree } from './grown-tree';

/** A tree as JSON. */
export interface TreeJson {
  feature: number[];
  threshold: number[];
  childrenLeft: number[];
  childrenRight: number[];
  value: number[];
  impurity: number[];
  nNodeSamples: number[];
  weightedNNodeSamples: number[];
}

/** The common fields of saved models. */
export interface ModelJson {
  /** The name of the class. */
  model: string;
  /** The version of the format. */
  version: 1;
  /** The options, without the generator. */
  options: Record<string, unknown>;
  nFeaturesIn: number;
  /** The labels of a classifier. */
  classes?: number[];
  trees: TreeJson[];
}

/** Returns the common fields of a saved model. @internal */
export function toJson(model: string, options: object, nFeaturesIn: number, trees: readonly Tree[]): ModelJson {
  const { generator: _, ...kept } = options as Record<string, unknown>;
  return { model, version: 1 as const, options: kept, nFeaturesIn, trees: trees.map(treeToJson) };
}

function treeToJson(tree: Tree): TreeJson {
  return {
    feature: Array.from(tree.feature),
    threshold: Array.from(tree.threshold),
    childrenLeft: Array.from(tree.childrenLeft),
    childrenRight: Array.from(tree.childrenRight),
    value: Array.from(tree.value),
    impurity: Array.from(tree.impurity),
    nNodeSamples: Array.from(tree.nNodeSamples),
    weightedNNodeSamples: Array.from(tree.weightedNNodeSamples),
  };
}

/** The checked parts of a saved model. @internal */
export interface Loaded {
  json: ModelJson & Record<string, unknown>;
  trees: Tree[];
  classes: number[];
}

/** The expected content of a saved model. */
interface Expected {
  /** Number of trees. Default: at least one. */
  trees?: number;
  /** Number of values of a leaf, as a function of the number of classes. Default: 1. */
  outputs?: (classes: number) => number;
}

/** @throws {ValueError} if it is not a model of this name, or damaged. @internal */
export function fromJson(model: string, saved: unknown, expected: Expected = {}): Loaded {
  const fail = (what: string): never => {
    throw new ValueError(`${model}.fromJSON: ${what}; expected the result of JSON.stringify(model)`);
  };
  let json = saved as Loaded['json'];
  if (typeof saved === 'string') {
    try {
      json = JSON.parse(saved);
    } catch (error) {
      fail(`the text is not JSON (${(error as Error).message})`);
    }
  }
  if (typeof json !== 'object' || json === null) fail('this is not a saved model');
  if (json.model !== model) fail(`this is a saved ${describe(json.model)}, not a ${model}`);
  if (json.version !== 1) fail(`its format is ${describe(json.version)}, known is 1`);
  const { nFeaturesIn, options, classes = [], trees } = json;
  if (!isWhole(nFeaturesIn) || nFeaturesIn < 1) fail(`nFeaturesIn is ${describe(nFeaturesIn)}`);
  if (typeof options !== 'object' || options === null) fail('there are no options');
  const isOrdered =
    Array.isArray(classes) && classes.every((label, k) => isNumber(label) && !(label <= classes[k - 1]!));
  if (!isOrdered) fail('classes is not a list of different numbers in order');
  if (!Array.isArray(trees) || trees.length === 0) fail('there are no trees');
  if (expected.trees !== undefined && trees.length !== expected.trees)
    fail(`it has ${trees.length} trees, not ${expected.trees}`);
  const wanted = expected.outputs?.(classes.length) ?? 1;
  return {
    json,
    classes: [...classes],
    trees: trees.map((tree, i) => {
      const wrong = faultOf(tree, nFeaturesIn, wanted);
      return wrong ? fail(`tree ${i} is damaged: ${wrong}`) : treeOf(tree, wanted);
    }),
  };
}

const isWhole = (value: unknown): value is number => Number.isInteger(value);
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const lists = [
  'threshold',
  'childrenLeft',
  'childrenRight',
  'impurity',
  'nNodeSamples',
  'weightedNNodeSamples',
] as const satisfies readonly (keyof TreeJson)[];

/** Returns the fault of a tree; `undefined` if it is valid. */
function faultOf(tree: TreeJson, features: number, outputs: number): string | undefined {
  if (typeof tree !== 'object' || tree === null || !Array.isArray(tree.feature)) return 'it has no list of features';
  const nodes = tree.feature.length;
  if (nodes === 0) return 'it has no nodes';
  for (const name of [...lists, 'value'] as const) {
    const list = tree[name];
    const length = name === 'value' ? nodes * outputs : nodes;
    if (!Array.isArray(list) || list.length !== length || !list.every(isNumber))
      return `${name} must be ${length} finite numbers`;
  }
  if (tree.weightedNNodeSamples.some((weight) => weight <= 0)) return 'a node has no weight';
  // Each node but the root must be the child of exactly one earlier node: then all paths end in a leaf.
  const above = new Array<number>(nodes).fill(0);
  for (let node = 0; node < nodes; node++) {
    const feature = tree.feature[node];
    const children = [tree.childrenLeft[node]!, tree.childrenRight[node]!];
    if (feature === -1 && children.every((child) => child === -1)) continue;
    if (!isWhole(feature) || feature < 0 || feature >= features)
      return `node ${node} asks for column ${describe(feature)}`;
    for (const child of children) {
      if (!isWhole(child) || child <= node || child >= nodes) return `node ${node} leads to node ${child}`;
      above[child]!++;
    }
  }
  const strange = above.findIndex((count, node) => count !== (node === 0 ? 0 : 1));
  return strange < 0 ? undefined : `${above[strange]} nodes lead to node ${strange}`;
}

function treeOf(json: TreeJson, outputs: number): Tree {
  return new Tree({
    outputs,
    feature: Int32Array.from(json.feature),
    threshold: Float64Array.from(json.threshold),
    childrenLeft: Int32Array.from(json.childrenLeft),
    childrenRight: Int32Array.from(json.childrenRight),
    value: Float64Array.from(json.value),
    impurity: Float64Array.from(json.impurity),
    nNodeSamples: Int32Array.from(json.nNodeSamples),
    weightedNNodeSamples: Float64Array.from(json.weightedNNodeSamples),
  });
}
