// `npm run bench [name]`: runs one bench, or tells which there are.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Each prints a table with ratios; what it needs beyond npm packages it says itself. */
const BENCHES: Readonly<Record<string, string>> = {
  'local-bucket': 'local-bucket/put-throughput.ts',
  resize: 'resize/resize-bench.ts',
  thumbs: 'thumbs/thumbs-bench.ts',
  resample: 'resize/resample-kernels.ts',
  upload: 'upload/upload-bench.ts',
};

const [name = '', ...args] = process.argv.slice(2);
const script = BENCHES[name];
if (script === undefined) {
  console.error(`npm run bench NAME\n\nBenches: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(name === '' ? 0 : 64);
}
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', resolve(import.meta.dirname, script), ...args],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
