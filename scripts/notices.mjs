// Part of `npm pack`: writes the notices of third-party code in the package gradlab beside package.json.
import { paths } from '../kernel-setup/setup/paths.mjs';
import { writeNoticesOfLibrary } from '../tools/release/make-packages.mjs';

writeNoticesOfLibrary(paths.root);
