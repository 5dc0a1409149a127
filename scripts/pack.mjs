// npm run pack [OUT]: packs gradlab and gradlab-kernel, the kernel as a separate package, into a folder.
import path from 'node:path';
import { packAll } from '../tools/release/make-packages.mjs';

for (const { file, size, unpackedSize, files } of await packAll(path.resolve(process.argv[2] ?? '.')))
  console.log(
    `${file}: ${Math.round(size / 1e3)} kB, unpacked ${Math.round(unpackedSize / 1e3)} kB in ${files.length} files`,
  );
