// Part of `npm pack`: writes what the package gradlab hands out of others beside package.json.
import { paths } from '../kernel-setup/setup/paths.mjs';
import { writeNoticesOfLibrary } from '../tools/release/make-packages.mjs';

writeNoticesOfLibrary(paths.root);
