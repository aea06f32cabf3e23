// Looks for marks in bytes that nobody can take apart.

/** @param marks - A byte for each character. */
export function containsText(bytes: Uint8Array, marks: readonly string[]): boolean {
  const text = new TextDecoder('latin1').decode(bytes);
  return marks.some((mark) => text.includes(mark));
}
