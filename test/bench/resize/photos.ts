// The pictures of the bench: made once, kept in the cache of node_modules, the same on every machine.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { drawLeaves, drawZonePlate, type Rgb } from './draw-pictures.js';

/** Raised when the pictures change, so that old ones are made anew. */
const VERSION = 1;
const FOLDER = resolve(
  import.meta.dirname,
  '../../../node_modules/.cache/b2-uploader-bench-photos',
  `v${VERSION}`,
);
const BATCH_COUNT = 20;
const TWELVE_MP = { width: 4032, height: 3024 };
const LYING = 6;

export const PHOTOS = ['12mp.jpg', '24mp.jpg', '48mp.jpg', '24mp.png', 'zone.png'] as const;
export const BATCH = Array.from({ length: BATCH_COUNT }, (_, index) => `batch-${index + 1}.jpg`);

/** @returns Where each picture lies, in the order of `names`. */
export async function makePhotos(names: readonly string[]): Promise<readonly string[]> {
  await mkdir(FOLDER, { recursive: true });
  for (const name of names) {
    if (existsSync(join(FOLDER, name))) continue;
    console.error(`Drawing ${name} …`);
    await draw(name);
  }
  return names.map((name) => join(FOLDER, name));
}

async function draw(name: string): Promise<void> {
  switch (name) {
    case '12mp.jpg':
      return save(name, await jpeg(drawLeaves({ ...TWELVE_MP, seed: 1 })));
    case '24mp.jpg':
      return save(name, await jpeg(drawLeaves({ width: 6000, height: 4000, seed: 3 })));
    case '48mp.jpg':
      return save(name, await jpeg(drawLeaves({ width: 8064, height: 6048, seed: 4 })));
    case '24mp.png':
      return save(name, await png(drawLeaves({ width: 6000, height: 4000, seed: 3 })));
    case 'zone.png':
      return save(name, await png(drawZonePlate(4096)));
    default:
      return drawBatch();
  }
}

/** Windows of one large picture: no two alike, and quicker than twenty pictures. Every fourth is stored lying. */
async function drawBatch(): Promise<void> {
  const large = drawLeaves({ width: 8064, height: 6048, seed: 100 });
  for (const [index, name] of BATCH.entries()) {
    const left = ((index % 5) * (large.width - TWELVE_MP.width)) >> 2;
    const top = Math.floor(index / 5) * Math.floor((large.height - TWELVE_MP.height) / 3);
    const window = open(large).extract({ left, top, ...TWELVE_MP });
    await save(name, await encode(index % 4 === 0 ? window.withMetadata({ orientation: LYING }) : window));
  }
}

function jpeg(picture: Rgb): Promise<Buffer> {
  return encode(open(picture));
}

function encode(image: Sharp): Promise<Buffer> {
  return image.jpeg({ quality: 92, chromaSubsampling: '4:2:0' }).toBuffer();
}

function png(picture: Rgb): Promise<Buffer> {
  return open(picture).png({ compressionLevel: 3 }).toBuffer();
}

function open({ data, width, height }: Rgb): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A bench that is broken off leaves no half picture behind. */
async function save(name: string, bytes: Buffer): Promise<void> {
  const half = join(FOLDER, `${name}.${process.pid}`);
  try {
    await writeFile(half, bytes);
    await rename(half, join(FOLDER, name));
  } finally {
    await rm(half, { force: true });
  }
}
