// Where the HEIC decoder lies, in a worker that was started from its own text: it has no address that another could be
// found from, so the page that starts it says it as its name.

export function decoderAddress(): string {
  return self.name;
}
