// The text of docs/training.md: the calls made by `fit`, in order, traced during a training.

/** @param {typeof import('gradlab')} gradlab the library, built or from its sources */
export function trainingReference({ Generator, manualSeed, nn, optim, randn, training }) {
  manualSeed(1);
  const x = randn([24, 2], { generator: new Generator().manualSeed(1) });
  const data = { x, y: x.sum(1, { keepdim: true }) };
  const trace = (options) => {
    const net = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
    const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, 0.9);
    const all = { loss: nn.functional.mseLoss, optimizer, scheduler, epochs: 3, batchSize: 6, ...options };
    return training.trace(net, data, all).table().markdown();
  };
  const simple = trace({
    validationSplit: 0.25,
    metrics: { mae: training.metrics.mae() },
    clip: { norm: 1 },
    callbacks: [training.earlyStopping({ monitor: 'valLoss', patience: 2 })],
  });
  const gathered = trace({ accumulate: 3, interval: 'batch' });
  return `<!-- Written by \`npm run generate\` from a training that is traced. -->

# What \`training.fit\` calls, and when

\`training.trace(net, data, options)\` trains as \`fit\` does and lists what that calls, in order; calls that repeat are listed once. *every hook* is a callback
that has all hooks and does nothing: there a hook of one's own comes, before those of the callbacks given. \`trace.drawing()\` draws it.

A training with validation, a metric, clipping, a scheduler and early stopping, of 18 rows in batches of 6:

${simple}

Gradients gathered over three batches, with a scheduler that is stepped after each step of the optimizer. The fourth batch of an epoch has a step of
its own:

${gathered}

A hook that returns \`false\` ends the training. \`onTrainEnd\` comes whatever ended it, an error and *Stop* included; \`restore\` of a callback, when a
training is resumed, between its \`onTrainBegin\` and the first epoch. A checkpoint is written when all callbacks have had their turn.
`;
}
