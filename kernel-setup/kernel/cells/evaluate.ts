import vm from 'node:vm';

/**
 * Returns the function with this source.
 * @param file its name in stack traces; columns of its first line are counted after `head`
 */
export const functionOf = (head: string, text: string, file: string): unknown =>
  vm.runInThisContext(head + text, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
