// The compiler: TypeScript 5.9, by its declared interface alone.
import ts = require('typescript');

export { ts };
