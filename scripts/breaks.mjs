// npm run breaks: searches for claims that do not detect errors. See tools/breaks/main.mjs for the options.
import '../kernel-setup/setup/node-version.mjs';

import('../tools/breaks/main.mjs');
