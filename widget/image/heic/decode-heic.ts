// HEIC to pixels where the browser cannot: by libheif, which is loaded with the first such image.
import { type Bytes, viewOf } from '../bytes.js';
import { walkBoxes } from '../formats/isobmff-boxes.js';
import { isDecodable } from '../resize-plan.js';
import { sniffImage } from '../sniff.js';
import { convertFromDisplayP3 } from './convert-colours.js';
import { loadLibheif } from './load-libheif.js';
import type { HeifHandle, HeifImage, Libheif } from './libheif.js';

/** RGBA, alpha not multiplied in. */
export interface HeicPixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

const HEAD_BYTES = 256 * 1024;

/**
 * Decodes the main image: upright, eight bits per channel, in sRGB. Busy for a second or more, so call it in a worker.
 * @throws {Error} When it cannot: the decoder did not load, a content security policy refuses WebAssembly, the image is
 * too large, damaged, or in colours that nobody here can convert. @throws The signal's reason when aborted.
 */
export async function decodeHeic(blob: Blob, signal?: AbortSignal): Promise<HeicPixels> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const profile = sniffImage(bytes.subarray(0, HEAD_BYTES))?.profile ?? 'none';
  if (profile === 'other')
    throw new Error('The HEIC image has colours that are neither sRGB nor Display P3.');
  if (isCutOff(bytes)) throw new Error('The HEIC file is cut off.');
  const makeLibheif = await loadLibheif(signal);
  // One for each image: its memory only grows, and goes with it.
  const pixels = decodePrimary(makeLibheif(), bytes);
  signal?.throwIfAborted();
  if (profile === 'display-p3') convertFromDisplayP3(pixels.data);
  return pixels;
}

/** The library would leave out the tiles that are not there, and say nothing. */
function isCutOff(bytes: Bytes): boolean {
  const boxes = [...walkBoxes(viewOf(bytes), 0, bytes.length)];
  return boxes.some(({ type, end }) => type === 'mdat' && end > bytes.length);
}

function decodePrimary(libheif: Libheif, bytes: Uint8Array): HeicPixels {
  const context = libheif.heif_context_alloc();
  const { code, message } = libheif.heif_context_read_from_memory(context, bytes);
  if (code !== libheif.heif_error_code.heif_error_Ok)
    throw new Error(`The HEIC file cannot be read: ${message}`);
  const handle = libheif.heif_js_context_get_primary_image_handle(context);
  if ('code' in handle) throw new Error(`The HEIC file has no image: ${handle.message}`);
  // What the header says: nothing is decoded yet.
  const size = {
    width: libheif.heif_image_handle_get_width(handle),
    height: libheif.heif_image_handle_get_height(handle),
  };
  if (!isDecodable(size)) throw new Error('The HEIC image is too large.');
  const { heif_colorspace, heif_chroma } = libheif;
  const image = libheif.heif_js_decode_image2(
    handle,
    heif_colorspace.heif_colorspace_RGB,
    heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if ('code' in image) throw new Error(`The HEIC image cannot be decoded: ${image.message}`);
  return readPixels(libheif, handle, image);
}

function readPixels(libheif: Libheif, handle: HeifHandle, { channels }: HeifImage): HeicPixels {
  const { heif_channel } = libheif;
  const channel = channels.find(({ id }) => id === heif_channel.heif_channel_interleaved);
  if (!channel) throw new Error('The HEIC image has no pixels.');
  const { width, height, stride } = channel;
  const data = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row += 1) {
    const start = row * stride;
    data.set(channel.data.subarray(start, start + width * 4), row * width * 4);
  }
  if (libheif.heif_image_handle_is_premultiplied_alpha(handle)) divideByAlpha(data);
  return { data, width, height };
}

function divideByAlpha(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel += 1)
      data[channel] = ((data[channel] ?? 0) * 255) / alpha;
  }
}
