// npm run notebooks: executes notebooks without a browser. See tools/notebooks/options.mjs for the options.
import '../kernel-setup/setup/node-version.mjs';

import('../tools/notebooks/main.mjs');
