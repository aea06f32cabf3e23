// Renditions in a list of files (pure): each names a source that is a file of its own, and no source gets one twice.
import { ProblemError } from './problem.js';
import type { FileRequest } from './protocol.js';
import { MAX_RENDITIONS } from './rules/renditions.js';

/** @throws {ProblemError} `invalid-request` with the place of the first fault. */
export function checkRenditions(files: readonly FileRequest[]): void {
  const named = new Map<number | string, Set<string>>();
  for (const [index, { renditionOf, rendition }] of files.entries()) {
    if (renditionOf === undefined && rendition === undefined) continue;
    const field = `files[${index}]`;
    if (rendition === undefined) throw invalid(`${field}.rendition`, 'expected the name of the rendition');
    if (renditionOf === undefined)
      throw invalid(`${field}.renditionOf`, 'expected the source of the rendition');
    if (typeof renditionOf === 'number' && !isSource(files[renditionOf])) {
      throw invalid(`${field}.renditionOf`, 'expected the index of a file that is no rendition itself');
    }
    const names = named.get(renditionOf) ?? new Set();
    if (names.has(rendition)) throw invalid(`${field}.rendition`, 'this source has such a rendition already');
    if (names.size >= MAX_RENDITIONS)
      throw invalid(`${field}.rendition`, `a source has at most ${MAX_RENDITIONS} renditions`);
    named.set(renditionOf, names.add(rendition));
  }
}

function isSource(file: FileRequest | undefined): boolean {
  return file !== undefined && file.rendition === undefined && file.renditionOf === undefined;
}

function invalid(field: string, expected: string): ProblemError {
  return new ProblemError('invalid-request', `${field}: ${expected}.`, { field });
}
