// Pieces of a file that together tell, cheaply, whether it is still the same.

export interface SampleSizes {
  /** Of the first and the last piece. */
  readonly edgeBytes: number;
  /** Of each piece between them. */
  readonly innerBytes: number;
  readonly innerCount: number;
}

/** First, last and evenly spread pieces as one blob; the whole when it is no larger than they. */
export function samplesOf(blob: Blob, { edgeBytes, innerBytes, innerCount }: SampleSizes): Blob {
  if (blob.size <= 2 * edgeBytes + innerCount * innerBytes) return blob;
  const room = blob.size - 2 * edgeBytes - innerBytes;
  const starts = Array.from(
    { length: innerCount },
    (_, index) => edgeBytes + Math.floor((room * (index + 0.5)) / innerCount),
  );
  return new Blob([
    blob.slice(0, edgeBytes),
    ...starts.map((start) => blob.slice(start, start + innerBytes)),
    blob.slice(blob.size - edgeBytes),
  ]);
}
