// Pieces of a file that together tell, cheaply, whether it is still the same.
import { drop } from '../md5/drop.js';

export interface SampleSizes {
  /** Of the first and the last piece. */
  readonly edgeBytes: number;
  /** Of each piece between them. */
  readonly innerBytes: number;
  readonly innerCount: number;
}

/**
 * First, last and evenly spread pieces, one after the other; the whole when it is no larger than they.
 * @throws The read's own error.
 */
export async function readSamples(blob: Blob, sizes: SampleSizes): Promise<ArrayBuffer> {
  // Joined here: to make one blob of them costs the page more than to read them.
  const pieces = await Promise.all(piecesOf(blob, sizes).map((piece) => piece.arrayBuffer()));
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const joined = join(pieces);
  drop(...pieces);
  return joined;
}

function piecesOf(blob: Blob, { edgeBytes, innerBytes, innerCount }: SampleSizes): readonly Blob[] {
  if (blob.size <= 2 * edgeBytes + innerCount * innerBytes) return [blob];
  const room = blob.size - 2 * edgeBytes - innerBytes;
  const starts = Array.from(
    { length: innerCount },
    (_, index) => edgeBytes + Math.floor((room * (index + 0.5)) / innerCount),
  );
  return [
    blob.slice(0, edgeBytes),
    ...starts.map((start) => blob.slice(start, start + innerBytes)),
    blob.slice(blob.size - edgeBytes),
  ];
}

export function join(pieces: readonly ArrayBuffer[]): ArrayBuffer {
  const joined = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(new Uint8Array(piece), at);
    at += piece.byteLength;
  }
  return joined.buffer;
}
