// npm run breaks: looks for claims that do not notice what is wrong. See tools/breaks/main.mjs for the options.
import '../kernel-setup/setup/node-version.mjs';

import('../tools/breaks/main.mjs');
