// The pages of the reference that are generated from declarations. Each public function and class is on one of them, except
// operations, which have docs/ops.md, and errors.

/**
 * @typedef {object} Family A page.
 * @property {string} name of its file in docs/reference/
 * @property {string} title
 * @property {string} about
 * @property {string[]} names of functions and classes in the order of the page; `*` is the rest of a name
 * @property {boolean} [draws] whether its functions draw: their examples have figures
 * @property {string} [words] search terms that the text lacks
 */

/** @type {Family[]} */
export const FIGURE_PAGES = [
  {
    name: 'figures-curves',
    title: 'Figures of curves, bars and counts',
    about: 'Numbers over steps, compared side by side, or counted.',
    names: ['plot.curves', 'plot.bars', 'plot.pairs', 'plot.histogram', 'plot.histograms'],
  },
  {
    name: 'figures-points',
    title: 'Figures of points and arrows',
    about: 'Numbers on a line, points in a plane, and what pulls them.',
    names: ['plot.scatter', 'plot.plane', 'plot.dots', 'plot.strip', 'plot.field'],
  },
  {
    name: 'figures-maps',
    title: 'Figures of surfaces, matrices and pictures',
    about: 'Functions of two numbers, matrices in colours, pictures.',
    names: [
      'plot.surface',
      'plot.contour',
      'plot.heatmap',
      'plot.matrices',
      'plot.confusion',
      'plot.images',
      'plot.lamps',
      'plot.tiles',
    ],
  },
  {
    name: 'figures-nets',
    title: 'Figures of nets, graphs and trees',
    about: 'A net, its layers, the graph of autograd, a decision tree.',
    names: ['plot.network', 'plot.layerGraph', 'plot.tape', 'plot.tree'],
  },
  {
    name: 'figures-descent',
    title: 'Figures of descent and races',
    about: 'Optimizers on the surface of a loss, alone or against each other.',
    names: ['plot.descent', 'plot.liveRace', 'plot.race', 'plot.raceMap', 'plot.raceBars'],
  },
  {
    name: 'figures-search',
    title: 'Figures of a training and of a search',
    about: 'Curves that grow while a net trains, and the trials of a study.',
    names: [
      'trainingDisplay',
      'studyDisplay',
      'plot.optimizationHistory',
      'plot.slice',
      'plot.parallelCoordinate',
      'plot.timeline',
    ],
  },
  {
    name: 'figures-together',
    title: 'Several figures in one',
    about: 'A slider, buttons, or panels side by side.',
    names: ['plot.slider', 'plot.settings', 'plot.panels'],
  },
].map((page) => ({ ...page, draws: true }));

/** @type {Family[]} */
const OTHER_PAGES = [
  {
    name: 'making-tensors',
    title: 'Making tensors and random numbers',
    about:
      'New tensors of numbers that you give, of a pattern, or of chance. [Differences from PyTorch](differences.md) begin here: numbers are `float32`.',
    words: 'create a tensor, seed, random numbers, array',
    names: [
      ...['tensor', 'zeros', 'ones', 'full', 'empty', 'eye', 'arange', 'linspace', 'logspace', '*Like'],
      ...['trilIndices', 'triuIndices', 'meshgrid', 'rand', 'randn', 'randint', 'randperm', 'normal', 'betaSample'],
      ...['dirichletSample', 'gammaSample', 'manualSeed', 'seed', 'initialSeed', 'Generator', 'getRngState'],
      ...['setRngState', 'slice', 'Slice', 'isFloat', 'promoteTypes'],
    ],
  },
  {
    name: 'autograd',
    title: 'Gradients',
    about:
      'Gradients of results, derivatives of functions, operations of your own, and what helps to find a mistake in them. Tasks: [an operation of your own](../how-to/own-operation.md), [find out why a net does not learn](../how-to/debug-a-net.md).',
    words: 'gradient, autograd, derivative, automatic differentiation, backpropagation, custom operation',
    names: [
      ...['grad', 'backward', 'noGrad', 'enableGrad', 'setGradEnabled', 'isGradEnabled', 'recompute', 'jacobian'],
      ...['hessian', 'vjp', 'jvp', 'hvp', 'vhp', 'gradcheck', 'gradgradcheck', 'detectAnomaly', 'setDetectAnomaly'],
      ...['isAnomalyEnabled', 'defineOp', 'withSaved', 'WithSaved', 'notImplemented', 'explain'],
      ...['graph', 'Graph', 'depth', 'tapeMemory', 'TapeMemory', 'Node', 'RemovableHandle'],
    ],
  },
  {
    name: 'func',
    title: 'Functions of functions',
    about: 'A module as a function of its parameters, and derivatives of functions as functions.',
    words: 'functorch, vmap, per-sample gradients',
    names: ['func.*'],
  },
  {
    name: 'linalg',
    title: 'Linear algebra',
    about:
      'Systems of equations, factorizations, eigenvalues and norms, for batches too. All have derivatives. [Operations](../ops.md) has their formulas.',
    words: 'matrix inverse, eigenvalues, singular values, solve a linear system',
    names: ['linalg.*'],
  },
  {
    name: 'nn-modules',
    title: 'Nets and their parts',
    about:
      'The base class of all nets, containers of layers, parameters, and what a net consists of. Tasks: [train a net](../how-to/train.md), [load weights of PyTorch](../how-to/pytorch-weights.md).',
    words: 'define a net, model, network, layers, neural network class',
    names: [
      ...['nn.Module', 'nn.Sequential', 'nn.ModuleList', 'nn.ModuleDict', 'nn.Parameter', 'nn.Buffer'],
      ...['nn.ParameterList', 'nn.ParameterDict', 'nn.isParameter', 'nn.isBuffer', 'nn.summary', 'nn.Summary'],
    ],
  },
  {
    name: 'nn-layers',
    title: 'Linear layers, embedding, dropout, normalization',
    about: 'Layers without a neighbourhood: each output depends on all inputs, or on one of them.',
    words: 'dense layer, fully connected layer, batch norm, layer norm',
    names: [
      ...['nn.Linear', 'nn.Bilinear', 'nn.Embedding', 'nn.EmbeddingBag', 'nn.Identity', 'nn.Flatten', 'nn.Unflatten'],
      ...['nn.Dropout*', 'nn.AlphaDropout', 'nn.FeatureAlphaDropout', 'nn.BatchNorm*', 'nn.LayerNorm', 'nn.GroupNorm'],
      ...['nn.InstanceNorm*', 'nn.RMSNorm', 'nn.LocalResponseNorm', 'nn.CosineSimilarity', 'nn.PairwiseDistance'],
    ],
  },
  {
    name: 'nn-convolution',
    title: 'Convolution, pooling, padding',
    about: 'Layers for pictures and series: each output depends on neighbouring inputs.',
    words: 'convolution, convolutional layer, cnn, kernel size, stride, max pooling, upsampling',
    names: [
      ...['nn.Conv1d', 'nn.Conv2d', 'nn.Conv3d', 'nn.ConvTranspose*', 'nn.MaxPool*', 'nn.AvgPool*'],
      ...['nn.AdaptiveAvgPool*', 'nn.AdaptiveMaxPool*', 'nn.LPPool*', 'nn.MaxUnpool*', 'nn.ZeroPad*'],
      ...['nn.ConstantPad*', 'nn.ReflectionPad*', 'nn.ReplicationPad*', 'nn.CircularPad*', 'nn.Upsample*'],
      ...['nn.UpsamplingNearest2d', 'nn.UpsamplingBilinear2d', 'nn.PixelShuffle', 'nn.PixelUnshuffle', 'nn.Unfold'],
      'nn.Fold',
    ],
  },
  {
    name: 'nn-activations',
    title: 'Activations',
    about: 'Functions between layers, as modules.',
    words: 'activation function, relu, sigmoid, nonlinearity',
    names: [
      ...['nn.ReLU', 'nn.LeakyReLU', 'nn.PReLU', 'nn.RReLU', 'nn.ReLU6', 'nn.ELU', 'nn.CELU', 'nn.SELU', 'nn.GELU'],
      ...['nn.SiLU', 'nn.Mish', 'nn.GLU', 'nn.Sigmoid', 'nn.LogSigmoid', 'nn.Hardsigmoid', 'nn.Tanh', 'nn.Hardtanh'],
      ...['nn.Tanhshrink', 'nn.Softmax', 'nn.Softmax2d', 'nn.LogSoftmax', 'nn.Softmin', 'nn.Softplus', 'nn.Softsign'],
      ...['nn.Softshrink', 'nn.Hardshrink', 'nn.Hardswish', 'nn.Threshold'],
    ],
  },
  {
    name: 'nn-losses',
    title: 'Losses',
    about: 'How far an output is from its target, as modules. Each has a function of nn.functional too.',
    words: 'loss function, criterion, objective',
    names: [
      ...['nn.MSELoss', 'nn.L1Loss', 'nn.SmoothL1Loss', 'nn.HuberLoss', 'nn.CrossEntropyLoss', 'nn.NLLLoss'],
      ...['nn.BCELoss', 'nn.BCEWithLogitsLoss', 'nn.KLDivLoss', 'nn.*Loss'],
    ],
  },
  {
    name: 'nn-sequences',
    title: 'Recurrent nets, attention, transformers',
    about: 'Layers for sequences.',
    words: 'rnn, lstm, gru, attention, transformer, time series',
    names: ['nn.RNN', 'nn.LSTM', 'nn.GRU', 'nn.*Cell', 'nn.MultiheadAttention', 'nn.Transformer*'],
  },
  {
    name: 'nn-functional',
    title: 'Layers as functions',
    about:
      'The functions of nn.functional: layers and losses without parameters of their own. [Operations](../ops.md) has their formulas and derivatives.',
    words: 'functional api',
    names: ['nn.functional.*'],
  },
  {
    name: 'nn-init',
    title: 'Initialization and parameters',
    about: 'Initial values of weights, clipping of gradients, parametrizations, padding of sequences.',
    words: 'initial weights, xavier, kaiming, he, gradient clipping, weight norm',
    names: ['nn.init.*', 'nn.utils.*'],
  },
  {
    name: 'optim',
    title: 'Optimizers',
    about:
      'They change parameters by their gradients. Initial learning rates and what they do: [train a net](../how-to/train.md).',
    words: 'optimizer, learning rate, momentum, weight decay',
    names: [
      ...['optim.SGD', 'optim.Adam', 'optim.AdamW', 'optim.RMSprop', 'optim.Adagrad', 'optim.Adadelta'],
      ...['optim.Adamax', 'optim.NAdam', 'optim.RAdam', 'optim.ASGD', 'optim.Rprop', 'optim.LBFGS', 'optim.Optimizer'],
      ...['optim.swaUtils.AveragedModel', 'optim.swaUtils.updateBn', 'optim.swaUtils.get*'],
    ],
  },
  {
    name: 'schedulers',
    title: 'Learning-rate schedulers',
    about:
      'They change the learning rate of an optimizer while it trains. `training.fit` steps the one that you give as [`scheduler`](training.md).',
    words: 'learning rate schedule, lr scheduler, decay, warmup, annealing',
    names: ['optim.lrScheduler.StepLR', 'optim.lrScheduler.MultiStepLR', 'optim.lrScheduler.*', 'optim.swaUtils.SWALR'],
  },
  {
    name: 'training',
    title: 'Training and evaluation',
    about:
      'The training loop, its callbacks and metrics, and the model with Keras’ conventions. Tasks: [train a net](../how-to/train.md), [resume a training](../how-to/resume.md), [Keras’ conventions](../how-to/keras.md). What `fit` calls, in order: [the calls of a training](../training.md).',
    words: 'train, fit, train a model, training loop, options of fit, epochs, batch size, callbacks, metrics',
    names: [
      ...['training.fit', 'training.fitAsync', 'training.evaluate', 'training.lrFinder', 'training.trace'],
      ...['training.Trace', 'training.TextTable', 'training.earlyStopping', 'training.checkpoints', 'training.csv'],
      ...['training.reduceOnPlateau', 'training.weightAveraging', 'training.metrics.*', 'training.Model'],
      'training.Keras*',
    ],
  },
  {
    name: 'data',
    title: 'Data sets and loaders',
    about: 'Data sets, their batches and order, and two data sets that come along.',
    words: 'dataloader, dataset, mini-batch, shuffle, train test split, digits, mnist',
    names: [
      ...['data.TensorDataset', 'data.DataLoader', 'data.randomSplit', 'data.digits', 'data.fashionMnist'],
      ...['data.mixup', 'data.Dataset', 'data.IterableDataset', 'data.StackDataset', 'data.ConcatDataset'],
      ...['data.Subset', 'data.*Sampler', 'data.defaultCollate', 'data.readBytes', 'data.readText'],
    ],
  },
  {
    name: 'io',
    title: 'Files of tensors',
    about:
      'What writes and reads npy, npz and safetensors, and translates states from and to PyTorch. Tasks: [files of NumPy](../how-to/numpy-files.md), [weights of PyTorch](../how-to/pytorch-weights.md). The formats: [file formats](files.md).',
    words: 'save, load, save a model, numpy file, safetensors, load pytorch weights',
    names: [
      ...['io.save', 'io.load', 'io.saveNpy', 'io.loadNpy', 'io.saveNpz', 'io.loadNpz', 'io.saveSafetensors'],
      ...['io.loadSafetensors', 'io.toPytorch', 'io.fromPytorch', 'io.openNpy', 'io.openSafetensors', 'io.FileRows'],
      ...['io.SafetensorsFile', 'io.encode*', 'io.decode*'],
    ],
  },
  {
    name: 'tuner',
    title: 'Searching for hyperparameters',
    about:
      'A space of parameters, a study of trials in it, samplers, pruners, and programs that share the trials. How samplers and pruners decide: [the search](../search.md).',
    words: 'hyperparameter search, tuning, grid search, random search, optuna, pruning, hyperband',
    names: [
      ...['tuner.space', 'tuner.float', 'tuner.int', 'tuner.categorical', 'tuner.when', 'tuner.Space', 'tuner.study'],
      ...['tuner.Study', 'tuner.Search', 'tuner.random', 'tuner.grid', 'tuner.tpe', 'tuner.median', 'tuner.asha'],
      ...['tuner.hyperband', 'tuner.hyperbandTable', 'tuner.processes', 'tuner.redis', 'tuner.arrays', 'tuner.csv'],
    ],
  },
  {
    name: 'trees',
    title: 'Decision trees and forests',
    about: 'Trees, random forests, bagging and boosting, with scikit-learn’s names.',
    words: 'decision tree, random forest, gradient boosting, scikit-learn, feature importance',
    names: [
      ...['trees.DecisionTree*', 'trees.RandomForest*', 'trees.GradientBoosting*', 'trees.Bagging*'],
      ...['trees.permutationImportance', 'trees.impurity', 'trees.Tree'],
    ],
  },
  {
    name: 'notebooks',
    title: 'Questions, exercises, claims, controls',
    about:
      'Functions of `gradlab/lab` for a notebook that asks, checks and moves. Tasks: [a notebook of your own](../how-to/own-notebook.md), [sliders](../how-to/sliders.md), [teach a class](../how-to/teach-a-class.md).',
    words: 'quiz, question, slider, widget, exercise, display',
    names: [
      ...['show', 'html', 'markdown', 'progress', 'interact', 'interactive', 'fixed', 'Fixed', 'ask', 'predict'],
      ...['exercise', 'claim', 'claims', 'read', 'aboutTheNote', 'recorded', 'TrainingDisplay', 'StudyDisplay'],
    ],
  },
  {
    name: 'lab-tools',
    title: 'Data, numerics and races for lessons',
    about: 'Functions of `gradlab/lab` that make data, compute in plain numbers, and let optimizers race.',
    words: 'toy data, synthetic data, bisection, integral',
    names: ['datasets.*', 'numeric.*', 'classic.*', 'races.*', 'signalPropagation.*'],
  },
  {
    name: 'settings',
    title: 'Settings of the library',
    about: 'Threads, and results that are the same each time.',
    words: 'number of threads, deterministic',
    names: [
      'getNumThreads',
      'setNumThreads',
      'useDeterministicAlgorithms',
      'areDeterministicAlgorithmsEnabled',
      'RichOutput',
    ],
  },
];

export const FAMILIES = [...OTHER_PAGES, ...FIGURE_PAGES];

const isPattern = (name) => name.includes('*');
const patternOf = (name) =>
  new RegExp(`^${name.replaceAll('.', '\\.').replace('*', name.endsWith('.*') ? '.*' : '\\w*')}$`);

/** Whether a name is on a page. */
export const hasFamily = (name) =>
  FAMILIES.some(({ names }) => names.some((one) => (isPattern(one) ? patternOf(one).test(name) : one === name)));

/**
 * The declarations of each page, in its order. A name that several patterns match is where it is spelt out, else where it is
 * matched first.
 * @template {{ name: string }} D
 * @param {readonly D[]} declared
 * @returns {Map<Family, D[]>}
 */
export function byFamily(declared) {
  const spelt = new Set(FAMILIES.flatMap(({ names }) => names.filter((name) => !isPattern(name))));
  const taken = new Set();
  const take = (name) => {
    const found = isPattern(name)
      ? declared.filter((one) => patternOf(name).test(one.name) && !spelt.has(one.name) && !taken.has(one.name))
      : declared.filter((one) => one.name === name);
    if (found.length === 0) throw new Error(`tools/reference/families.mjs: nothing is named ${name}`);
    for (const one of found) taken.add(one.name);
    return found;
  };
  return new Map(FAMILIES.map((family) => [family, family.names.flatMap(take)]));
}
