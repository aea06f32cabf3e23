// Tests of the widget in a real Chrome or Chromium.
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner';
import { findChrome } from './support/ensure-browser.mjs';

const isRoot = process.getuid?.() === 0;

export default {
  files: 'test/widget/**/*.browser.test.ts',
  rootDir: fileURLToPath(new URL('..', import.meta.url)),
  // Without Lit's development mode: its notes drown the tests' own.
  nodeResolve: { exportConditions: ['production', 'default'] },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('../.tsconfig.base.json', import.meta.url)),
    }),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: { executablePath: findChrome(), args: isRoot ? ['--no-sandbox'] : [] },
    }),
  ],
  testFramework: { config: { timeout: 10_000 } },
};
