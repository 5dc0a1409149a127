import vm from 'node:vm';

/**
 * The function whose text this is.
 * @param file what stack traces call it; columns of its first line are counted from behind `head`
 */
export const functionOf = (head: string, text: string, file: string): unknown =>
  vm.runInThisContext(head + text, {
    filename: file,
    columnOffset: -head.length,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
