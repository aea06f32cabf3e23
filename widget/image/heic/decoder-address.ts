// Where the HEIC decoder lies when nothing was built. The build puts its own file's address in its place.

export function decoderAddress(): string {
  const path = '../../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs';
  return new URL(path, import.meta.url).href;
}
