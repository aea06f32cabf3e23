// Small tools for bytes, which readers and writers of metadata share.

/** Of a buffer of their own, as blobs want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** @param count - Of the first bytes; all by default. */
export async function readBytes(blob: Blob, count = blob.size): Promise<Bytes> {
  return new Uint8Array(await blob.slice(0, count).arrayBuffer());
}

export function joinBytes(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** UTF-8 where the bytes are that, else the Latin of Windows, which many cameras and editors mean. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
