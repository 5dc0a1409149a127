// Adds to TypeDoc's pages: families, formulas, and less repetition.
import path from 'node:path';
import { Comment, CommentTag, Converter, JSX, PageEvent, ReflectionKind } from 'typedoc';
import { withFormulas } from '../../../tools/notebooks/markdown.mjs';

/** Namespaces with many names: their source files are the families. */
const byFile = ['nn', 'nn.functional', 'optim.lrScheduler', 'lab.plot'];

/** Categories of top-level names, and of a tensor's methods, by the folder of the source; in the order of the pages. */
const byFolder = {
  tensor: 'Tensors',
  elementwise: 'Each element by itself',
  reduction: 'Reductions, sorting, searching',
  views: 'Views and shapes',
  indexing: 'Indexing',
  joining: 'Joining',
  functions: 'Joining', // of those functions only cat and stack are not methods
  products: 'Products',
  linalg: 'Linear algebra',
  networks: 'Parts of networks',
  filling: 'Filling, copying, random numbers',
  random: 'Filling, copying, random numbers',
  generator: 'Filling, copying, random numbers',
  autograd: 'Automatic differentiation',
  table: 'Operations of your own',
  'custom-ops': 'Operations of your own',
  transforms: 'Derivatives of functions, checking',
  inspection: 'Looking inside',
  training: 'Training',
  display: 'In notebooks',
  errors: 'Errors',
  kernels: 'The library itself',
  settings: 'The library itself',
  index: 'The library itself',
  moved: 'Moved to gradlab/lab',
};

/** The families in their order, for pages and navigation. */
export const familyOrder = ['Parts', ...new Set(Object.values(byFolder)), '*'];

/** Names of families that do not follow from a file's name. */
const words = {
  batchnorm: 'Batch normalization',
  conv: 'Convolution',
  init: 'Initialization',
  linear: 'Linear',
  loss: 'Losses',
};

/**
 * Makes an application put names into families, add the formulas of operations, omit inherited members, and link to the
 * rest of the site.
 * @param {import('typedoc').Application} app
 * @param {object} options
 * @param {ReturnType<import('../ops-entries.mjs').readOps>} options.ops
 * @param {(page: string) => { text: string, href: string }[]} options.around
 * @param {(name: string) => string} options.figuresOf HTML of the figures of a function by its name in `gradlab/lab`, if it has some
 */
export function arrange(app, { ops, around, figuresOf }) {
  const formulas = new Map();
  for (const { blocks } of ops.sections)
    for (const { name, formula } of blocks)
      if (formula !== undefined && !formulas.has(name)) formulas.set(name, formula);

  const methods = new Map();
  // After TypeDoc has found what is inherited, before it groups.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      leaveOutInherited(project);
      const tensor = project.children.find(({ name }) => name === 'Tensor');
      // The interfaces that declare its methods are not useful to readers.
      delete tensor.extendedTypes;
      delete tensor.typeHierarchy;
      for (const method of tensor.children) {
        methods.set(method.name, method);
        describe(method, project, formulas);
      }
      for (const child of project.children) {
        describe(child, project, formulas, methods);
        if (child.kindOf(ReflectionKind.Namespace)) arrangeNamespace(child, project);
      }
      for (const one of project.getReflectionsByKind(ReflectionKind.Function)) {
        const [, name] = /^lab\.(.*)$/.exec(one.getFullName()) ?? [];
        const html = name && figuresOf(name);
        if (html) commentOf(one).summary.push({ kind: 'text', text: `\n\n${html}\n\n` });
      }
      // Options are shown below the function that takes them.
      for (const one of project.getReflectionsByKind(ReflectionKind.Interface))
        if (/(Options|Settings)$/.test(one.name)) commentOf(one).modifierTags.add('@expand');
    },
    -50,
  );
  // Methods of tensors are linked by the interface that declares them.
  app.converter.addUnknownSymbolResolver(({ symbolReference }, _, link) => {
    const [, method] = symbolReference?.path?.map((part) => part.path) ?? [];
    return link !== undefined && methods.has(method) ? { target: methods.get(method), caption: method } : undefined;
  });
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = forEveryone(page.contents);
  });
  app.renderer.hooks.on('content.begin', ({ page }) =>
    JSX.createElement(
      'nav',
      { class: 'around', 'aria-label': 'The site' },
      around(page.url).map(({ text, href }) => JSX.createElement('a', { href }, text)),
    ),
  );
}

/**
 * Adds what TypeDoc's pages lack for the keyboard and screen readers: a main landmark, no links inside disclosure
 * summaries, and no gaps in heading levels, without changing their look.
 */
function forEveryone(html) {
  let level = 0;
  return html
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace('<div class="page-menu">', '<div class="page-menu" role="navigation" aria-label="This page">')
    .replace(/<summary[\s\S]*?<\/summary>/g, (summary) =>
      summary.replace(/<a [^>]*class="tsd-anchor-icon"[\s\S]*?<\/a>/g, ''),
    )
    .replace(/<h([1-6])\b/g, (heading, given) => {
      level = Math.min(Number(given), level + 1);
      return level === Number(given) ? heading : `${heading} aria-level="${level}"`;
    });
}

/** A member that another documented class declares as well is listed only there: a class names its base class. */
function leaveOutInherited(project) {
  const keyOf = (reflection, shorter = (name) => name) => {
    const id = project.getSymbolIdFromReflection(reflection);
    return `${id?.packagePath} ${shorter(id?.qualifiedName ?? '')}`;
  };
  const classes = project.getReflectionsByKind(ReflectionKind.Class);
  const declaring = new Set(classes.map((one) => keyOf(one)));
  const had = new Map(classes.map((one) => [one, new Set(one.children?.map((member) => keyOf(member)))]));
  for (const one of classes) {
    const parents = one.extendedTypes?.map(({ reflection }) => had.get(reflection)) ?? [];
    for (const member of [...(one.children ?? [])]) {
      const owner = keyOf(member, (name) => name.replace(/\.[^.]*$/, ''));
      const isElsewhere = owner !== keyOf(one) && declaring.has(owner);
      if (isElsewhere || parents.some((keys) => keys?.has(keyOf(member)))) project.removeReflection(member);
    }
  }
}

const sourceOf = (reflection, project) => project.getSymbolIdFromReflection(reflection)?.packagePath ?? '';

/** A function that is also a method belongs to the method's family: its own source is generated. */
function describe(reflection, project, formulas, methods) {
  if (reflection.kindOf(ReflectionKind.Namespace)) return putInto(reflection, 'Parts');
  const isFunction = reflection.kindOf(ReflectionKind.Function);
  const source = sourceOf((isFunction && methods?.get(reflection.name)) || reflection, project);
  const [folder, family] = source.replace(/\.ts$/, '').split('/').slice(1);
  putInto(reflection, byFolder[folder === 'ops' ? family : folder]);
  if (reflection.kindOf(ReflectionKind.FunctionOrMethod)) addFormula(reflection, formulas.get(reflection.name));
}

function arrangeNamespace(namespace, project) {
  for (const child of namespace.children ?? []) {
    if (child.kindOf(ReflectionKind.Namespace)) {
      putInto(child, 'Parts');
      arrangeNamespace(child, project);
    } else if (namespace.getFullName() === 'lab') {
      putInto(child, byFolder[sourceOf(child, project).split('/')[2]] ?? 'In notebooks');
    } else if (byFile.includes(namespace.getFullName())) {
      const file = path.basename(sourceOf(child, project), '.ts');
      const [first, ...rest] = file.replaceAll('-', ' ');
      putInto(child, words[file] ?? [first?.toUpperCase(), ...rest].join(''));
    }
  }
}

const commentOf = (reflection) => {
  const owner = reflection.signatures?.[0] ?? reflection;
  owner.comment ??= new Comment();
  return owner.comment;
};

function putInto(reflection, family) {
  if (family === undefined) return;
  commentOf(reflection).blockTags.push(new CommentTag('@category', [{ kind: 'text', text: family }]));
}

function addFormula(reflection, formula) {
  if (formula === undefined) return;
  // As an HTML block, in which Markdown is not parsed.
  commentOf(reflection).summary.push({
    kind: 'text',
    text: `\n\n<div class="formula">${withFormulas(formula)}</div>\n\n`,
  });
}
