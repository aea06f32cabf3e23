// Fixtures, pixels and made-up PNGs for the image tests.

/** A fixture as a file with a type. */
export async function fixture(name: string, type = typeOf(name)): Promise<File> {
  const response = await fetch(new URL(`../../fixtures/images/${name}`, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new File([await response.arrayBuffer()], name, { type });
}

/** RGBA of an image as it is shown, drawn at a small size. */
export async function readPixels(blob: Blob, width: number, height: number): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height).data;
}

/** Mean difference per channel, 0…255. */
export function difference(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

export async function contains(blob: Blob, text: string): Promise<boolean> {
  return new TextDecoder('latin1').decode(await blob.arrayBuffer()).includes(text);
}

/** An image painted by the test, encoded by the browser. */
export async function paint(
  size: { readonly width: number; readonly height: number; readonly type: string },
  draw: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  draw(context);
  return canvas.convertToBlob({ type: size.type, quality: 0.9 });
}

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  /** Chunks between header and pixels. */
  readonly chunks?: readonly Uint8Array[];
}

/** A black one-bit PNG of any size. */
export async function makePng({ width, height, chunks = [] }: PngOptions): Promise<Blob> {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 1);
  const pixels = await deflate(new Uint8Array(height * (1 + Math.ceil(width / 8))));
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    makeChunk('IHDR', new Uint8Array(header.buffer)),
    ...chunks,
    makeChunk('IDAT', pixels),
    makeChunk('IEND', new Uint8Array()),
  ];
  return new Blob(parts as BlobPart[], { type: 'image/png' });
}

export function makeChunk(name: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(name), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** Red grows to the right, green upwards, as rows are stored from below. */
export function makeBmp(width: number, height: number): Blob {
  const stride = 4 * Math.ceil((3 * width) / 4);
  const view = new DataView(new ArrayBuffer(54 + stride * height));
  view.setUint16(0, 0x424d);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      view.setUint8(54 + y * stride + 3 * x + 1, (255 * y) / height);
      view.setUint8(54 + y * stride + 3 * x + 2, (255 * x) / width);
    }
  }
  return new Blob([view.buffer], { type: 'image/bmp' });
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function typeOf(name: string): string {
  const extension = name.split('.').at(-1) ?? '';
  return `image/${extension === 'jpg' ? 'jpeg' : extension}`;
}
