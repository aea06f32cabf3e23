// Reads the short marks that formats are told apart by.

/** ASCII text at an offset; shorter, or empty, where the bytes end. */
export function readText(bytes: DataView, offset: number, length: number): string {
  let text = '';
  for (let at = offset; at < offset + length && at < bytes.byteLength; at += 1) {
    text += String.fromCharCode(bytes.getUint8(at));
  }
  return text;
}
