// A sourceURL with a blank in it is none to V8: `Cell [3]` is `Cell_[3]` to the engine, which frames.ts knows.
export const functionOf = (head: string, text: string, file: string): unknown =>
  // biome-ignore lint/complexity/noCommaOperator: evaluated like this it sees global names only
  (0, eval)(`${head}${text.replace(/\n\/\/# sourceMappingURL=\S+/, '')}\n//# sourceURL=${file.replace(' ', '_')}`);
