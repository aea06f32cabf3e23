// `npm run bench resample`: processor time and likeness of the resampler alone, in WebAssembly and in plain JavaScript, beside sharp.
import sharp from 'sharp';
import { type Pixels, resample } from '../../../widget/image/resample/resample.js';
import type { Size } from '../../../widget/image/resize-plan.js';
import { drawPhoto, psnr, ssim } from '../../widget/image/resample/pictures.js';
import { scalePlainly } from '../../widget/image/resample/scale-plainly.js';

const SOURCES = [
  { megapixels: 12, width: 4032, height: 3024 },
  { megapixels: 48, width: 8064, height: 6048 },
];
const TARGETS = [
  { width: 2048, height: 1536 },
  { width: 320, height: 240 },
];
const REPETITIONS = 5;

for (const { megapixels, width, height } of SOURCES) {
  const source = drawPhoto(width, height);
  for (const target of TARGETS) {
    const wasm = await measure(() => resample(source, target));
    const plain = await measure(async () => scalePlainly(source, target));
    const reference = await measure(() => scaleWithSharp(source, target));
    console.log(
      [
        `${megapixels} MP to ${target.width} px`,
        `wasm ${wasm.ms.toFixed(0)} ms`,
        `JavaScript ${plain.ms.toFixed(0)} ms (× ${(plain.ms / wasm.ms).toFixed(1)})`,
        `sharp ${reference.ms.toFixed(0)} ms`,
        `PSNR-Y ${psnr(wasm.pixels, reference.pixels).toFixed(1)} dB`,
        `SSIM ${ssim(wasm.pixels, reference.pixels).toFixed(5)}`,
      ].join(' · '),
    );
  }
}

/** The least processor time of a few runs, of all threads. */
async function measure(scale: () => Promise<Pixels>): Promise<{ ms: number; pixels: Pixels }> {
  let ms = Infinity;
  let pixels = await scale();
  for (let run = 0; run < REPETITIONS; run += 1) {
    const start = process.cpuUsage();
    pixels = await scale();
    const { user, system } = process.cpuUsage(start);
    ms = Math.min(ms, (user + system) / 1000);
  }
  return { ms, pixels };
}

async function scaleWithSharp({ data, width, height }: Pixels, target: Size): Promise<Pixels> {
  const scaled = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .resize(target.width, target.height, { kernel: 'lanczos3', fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
  return { data: new Uint8ClampedArray(scaled), ...target };
}
