// npm run notebooks: executes notebooks without a browser. See runner/options.mjs for the options.
import './setup/node-version.mjs';

import('./runner/main.mjs');
