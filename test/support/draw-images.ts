// Images made for tests: smooth enough for every encoder, and headers that claim what is not there.
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { makePngChunk, makeWebpChunk } from '../../widget/image/make-chunk.js';

/** Slow colours and soft waves. */
export function drawSmooth(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    data[pixel * 3] = (255 * x) / width;
    data[pixel * 3 + 1] = (255 * y) / height;
    data[pixel * 3 + 2] = 128 + 100 * Math.sin(x / 30 + y / 40);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A black grey-scale PNG. @param rowCount - So many rows it really has. */
export function makeFlatPng(width: number, height: number, { bits = 1, rowCount = height } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil((width * bits) / 8)) * rowCount));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    makePngChunk('IHDR', Uint8Array.from(header)),
    makePngChunk('IDAT', Uint8Array.from(rows)),
    makePngChunk('IEND', new Uint8Array()),
  ]);
}

function claimSize(jpeg: Buffer, width: number, height: number): void {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
}

/** A small JPEG whose header claims another size. */
export async function makeLyingJpeg(width: number, height: number): Promise<Buffer> {
  const jpeg = Buffer.from(await drawSmooth(64, 64).jpeg().toBuffer());
  claimSize(jpeg, width, height);
  return jpeg;
}

/**
 * A JPEG of any size, without the time to encode it: 128 grey above, 192 below. Sides are multiples of 16, rows of
 * blocks even in number.
 */
export async function makeTwoGreysJpeg(width: number, height: number): Promise<Buffer> {
  const options = { quality: 50, chromaSubsampling: '4:2:0', optimiseCoding: false };
  const jpeg = Buffer.from(await drawSmooth(16, 16).jpeg(options).toBuffer());
  claimSize(jpeg, width, height);
  const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const head = jpeg.subarray(0, scan + 2 + jpeg.readUInt16BE(scan + 2));
  // By the usual Huffman tables, four blocks of brightness and two of colour that are as those before take 32 bits, and
  // a step by 32 times the divisor of 16 eight more.
  const half = Buffer.alloc((width * height) / 128, Buffer.from([0x28, 0xa2, 0x8a, 0x00]));
  const step = Buffer.from([0xe8, 0x28, 0xa2, 0x8a, 0x00]);
  return Buffer.concat([head, half, step, half.subarray(4), Buffer.from([0xff, 0xd9])]);
}

/** One pixel on a canvas of any size. */
export function makeLyingGif(width: number, height: number): Buffer {
  const screen = [0, 0, 0, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
  const pixel = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
  const gif = Buffer.from([...Buffer.from('GIF89a'), ...screen, ...pixel]);
  gif.writeUInt16LE(width, 6);
  gif.writeUInt16LE(height, 8);
  return gif;
}

/** A small WebP on a canvas that claims another size. */
export async function makeLyingWebp(width: number, height: number): Promise<Buffer> {
  const header = Buffer.alloc(10);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  const small = (await drawSmooth(64, 64).webp().toBuffer()).subarray(12);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  const file = Buffer.concat([head, makeWebpChunk('VP8X', Uint8Array.from(header)), small]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}

/** Puts segments of notes in front of everything else in a JPEG. */
export function addNotes(jpeg: Buffer, byteCount: number): Buffer {
  const note = Buffer.alloc(0xffff + 2, 'note');
  note.writeUInt16BE(0xffe5);
  note.writeUInt16BE(0xffff, 2);
  const notes = Array.from({ length: Math.ceil(byteCount / note.length) }, () => note);
  return Buffer.concat([jpeg.subarray(0, 2), ...notes, jpeg.subarray(2)]);
}

/** Frames of changing grey. */
export async function drawAnimation(frameCount: number, side: number): Promise<Buffer> {
  const data = Buffer.alloc(side * side * 3 * frameCount);
  for (let frame = 0; frame < frameCount; frame += 1)
    data.fill((frame * 37) % 256, side * side * 3 * frame, side * side * 3 * (frame + 1));
  const raw = { width: side, height: side * frameCount, channels: 3 as const, pageHeight: side };
  return sharp(data, { raw }).webp({ effort: 0 }).toBuffer();
}
