// `npm run build:wasm`: compiles kernels.ts to WebAssembly and writes it as text into ../resample-wasm.ts; `--check` only compares.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const written = join(here, '../resample-wasm.ts');
const compiler = join(
  dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')),
  'bin/asc.js',
);

const text = `// SIMD WebAssembly made from assembly/kernels.ts by \`npm run build:wasm\`; do not edit.
export const RESAMPLE_WASM =
  '${compile().toString('base64')}';
`;

if (!process.argv.includes('--check')) writeFileSync(written, text);
else if (readFileSync(written, 'utf8') !== text) {
  console.error('resample-wasm.ts is not what kernels.ts compiles to: npm run build:wasm');
  process.exit(1);
}

function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'build-wasm-'));
  try {
    const output = join(folder, 'kernels.wasm');
    // No runtime, no allocator: the caller lays out the memory.
    const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--outFile', output];
    const { status } = spawnSync(process.execPath, [compiler, 'kernels.ts', ...options], {
      cwd: here,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (status !== 0) process.exit(1);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
