// The WebAssembly in the repository is what its source compiles to.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

test('resample-wasm.ts is compiled from assembly/kernels.ts', () => {
  const build = fileURLToPath(
    new URL('../../../../widget/image/resample/assembly/build.mjs', import.meta.url),
  );

  const { status, stderr } = spawnSync(process.execPath, [build, '--check'], { encoding: 'utf8' });

  assert.equal(status, 0, stderr);
});
