// The compiler: TypeScript 5.9, by its public interface.
import ts = require('typescript');

export { ts };
