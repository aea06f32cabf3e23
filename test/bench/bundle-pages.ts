// The pages' scripts of a bench, each bundled into one file as a site would ship it.
import { build } from 'esbuild';
import { resolve } from 'node:path';

export interface PageScripts {
  /** Holds a file for each name. */
  readonly folder: string;
  readonly names: readonly string[];
  /** Where the peers are installed; empty for none. */
  readonly peers: string;
  readonly format: 'iife' | 'esm';
}

/** @returns By address, `/name.js`, with the styles that a script brings. */
export async function bundlePages(scripts: PageScripts): Promise<ReadonlyMap<string, Uint8Array>> {
  const { folder, names, peers, format } = scripts;
  const { outputFiles } = await build({
    entryPoints: names.map((name) => resolve(folder, `${name}.ts`)),
    outdir: '/',
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: peers ? [peers] : [],
    write: false,
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents] as const));
}
