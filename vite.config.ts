// How sources become dist/: the script of the snippet, the npm entries, the server, and the demo; one mode each.
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { sitesJsonSchema } from './server/sites/json-schema.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * Bundles carry the workers inside: a page on another origin may not start one by address. Tests and
 * development start them by address, which needs no bundler.
 */
const inlineWorker: Plugin = {
  name: 'inline-worker',
  enforce: 'pre',
  resolveId: {
    filter: { id: /\/create-worker\.js$/ },
    handler: (_, importer = '') => join(dirname(importer), 'create-inline-worker.ts'),
  },
};

const LIBHEIF = path('node_modules/libheif-js');
const { version: libheifVersion } = JSON.parse(readFileSync(join(LIBHEIF, 'package.json'), 'utf8')) as {
  readonly version: string;
};

/** The HEIC decoder is others' work under the LGPL: it stays a file of its own, unchanged, beside its licence. */
const heicDecoder: Plugin = {
  name: 'heic-decoder',
  enforce: 'pre',
  load: {
    filter: { id: /\/heic\/decoder-address\.ts$/ },
    handler() {
      const emit = (fileName: string, file: string): string =>
        this.emitFile({ type: 'asset', fileName, source: readFileSync(join(LIBHEIF, 'libheif-wasm', file)) });
      const decoder = emit(`assets/libheif-${libheifVersion}.js`, 'libheif-bundle.mjs');
      emit(`assets/libheif-${libheifVersion}-LICENSE.txt`, 'LICENSE');
      return `export const decoderAddress = () => import.meta.ROLLUP_FILE_URL_${decoder};`;
    },
  },
};

/** Workers are told the decoder's address. */
const toldDecoder: Plugin = {
  name: 'told-decoder',
  enforce: 'pre',
  resolveId: {
    filter: { id: /\/decoder-address\.js$/ },
    handler: (_, importer = '') => join(dirname(importer), 'told-decoder-address.ts'),
  },
};

/** Editors complete and check sites.json by it; generated, so that it cannot drift from what the signer takes. */
const sitesSchema: Plugin = {
  name: 'sites-schema',
  generateBundle() {
    const source = JSON.stringify(sitesJsonSchema(), null, 2);
    this.emitFile({ type: 'asset', fileName: 'sites.schema.json', source });
  },
};

const minifyTemplates = minifyTemplateLiterals({ include: 'widget/**' });
const minify = { compress: true, mangle: true, codegen: { removeWhitespace: true } } as const;

const MODES: Readonly<Record<string, UserConfig>> = {
  /** What the script tag loads: everything inside, heavier parts as chunks loaded on first need. */
  widget: {
    base: './',
    publicDir: false,
    plugins: [inlineWorker, heicDecoder, minifyTemplates],
    build: {
      target: 'es2022',
      outDir: 'dist/widget',
      sourcemap: false,
      lib: { entry: path('widget/script.ts'), formats: ['es'], fileName: () => 'b2-uploader.js' },
      // The entry takes in what chunks share with it, so that a page asks for one file at first.
      rolldownOptions: {
        preserveEntrySignatures: 'allow-extension',
        // Hints for bundlers are of no use to browsers.
        output: { minify, comments: { annotation: false }, chunkFileNames: 'assets/[name]-[hash].js' },
      },
    },
  },
  /** What bundlers import: lit stays outside. */
  package: {
    // Addresses are found from the file that names them: bundlers follow those.
    base: './',
    publicDir: false,
    plugins: [inlineWorker, heicDecoder],
    build: {
      target: 'es2022',
      outDir: 'dist/npm',
      minify: false,
      lib: {
        entry: {
          index: path('widget/define.ts'),
          element: path('widget/index.ts'),
          engine: path('widget/engine/uploader.ts'),
          image: path('widget/image/transform.ts'),
        },
        formats: ['es'],
      },
      rolldownOptions: { external: /^lit/, output: { chunkFileNames: 'chunks/[name]-[hash].js' } },
    },
  },
  server: {
    publicDir: false,
    plugins: [sitesSchema],
    build: {
      ssr: true,
      target: 'node20',
      outDir: 'dist/server',
      minify: false,
      rolldownOptions: {
        input: {
          cli: path('server/cli.ts'),
          index: path('server/index.ts'),
          node: path('server/runtime/node.ts'),
          receipt: path('server/receipt.ts'),
        },
        output: { chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  demo: {
    root: path('demo'),
    base: '/demo/',
    publicDir: false,
    build: { target: 'es2022', outDir: path('dist/demo'), emptyOutDir: true },
  },
};

export default defineConfig(({ mode }) => {
  const config = MODES[mode];
  if (!config) throw new Error(`Build with --mode ${Object.keys(MODES).join(', ')}.`);
  // One file each: a worker that was started from its own text has no address to load a chunk from.
  const output = { codeSplitting: false };
  return { ...config, worker: { format: 'es', plugins: () => [toldDecoder], rolldownOptions: { output } } };
});
