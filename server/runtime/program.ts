// Where the program itself lies: its assets are found from there, whatever the working folder is.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Program {
  /** Folder of the package. */
  readonly root: string;
  readonly version: string;
}

/** Walks up to the package's own package.json, from the bundle in `dist/` as from the sources. */
export function findProgram(start: string = fileURLToPath(import.meta.url)): Program {
  for (let folder = dirname(start); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    const content: unknown = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : undefined;
    if (isManifest(content)) return { root: folder, version: content.version };
    if (folder === dirname(folder)) throw new Error('The package.json of b2-uploader is missing.');
  }
}

function isManifest(content: unknown): content is { readonly version: string } {
  return (
    typeof content === 'object' &&
    content !== null &&
    'name' in content &&
    content.name === 'b2-uploader' &&
    'version' in content &&
    typeof content.version === 'string'
  );
}
