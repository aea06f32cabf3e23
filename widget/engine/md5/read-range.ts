// Reads bytes of a file, all that were asked for or none.

/** @throws The read's own error, or `NotReadableError` when the body is shorter than it was. */
export async function readRange(body: Blob, start: number, end: number): Promise<ArrayBuffer> {
  const isWhole = start === 0 && end === body.size;
  const bytes = await (isWhole ? body : body.slice(start, end)).arrayBuffer();
  // A file that shrank since it was chosen: some browsers give what is left instead of an error.
  if (bytes.byteLength !== end - start)
    throw new DOMException('The file is shorter than it was.', 'NotReadableError');
  return bytes;
}
