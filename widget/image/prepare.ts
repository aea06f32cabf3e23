// Makes the engine's `prepare` port: images go through the pipeline, everything else passes untouched. Loaded with the first image.
import { extensionOf } from '../../server/rules/accept.js';
import { EXTENSION_TYPES, TYPE_EXTENSIONS } from '../../server/rules/file-types.js';
import type { Prepare, PreparedFile } from '../engine/ports.js';
import { readBytes } from './bytes.js';
import { createWorker } from './create-worker.js';
import { ImagePipeline } from './image-pipeline.js';
import { labelTruly } from './label-truly.js';
import { sniffImage } from './sniff.js';
import type { ImageSet } from './transform-all.js';
import type { ImageSetWishes } from './transform-plan.js';

const SNIFFED_BYTES = 64 * 1024;

/** Transforms one image; `ImagePipeline.transform` is the one for browsers. */
export type Transform = (blob: Blob, wishes: ImageSetWishes, signal: AbortSignal) => Promise<ImageSet>;

/**
 * @param transform - A pipeline of workers by default; its workers start with the first image and end when idle.
 * @returns A port that throws `ImageError`, whose `code` says why, when an image must not be sent as it is.
 */
export function createPrepare(transform: Transform = createTransform()): Prepare {
  return labelTruly(async (file, image, signal) => {
    const untouched = { blob: file, name: file.name, type: file.type };
    if (!image || !(await isRasterImage(file))) return untouched;
    const images = await transform(file, { ...image, hasPlaceholder: true }, signal);
    return { ...untouched, ...describe(file, images) };
  });
}

function describe(file: File, { main, renditions, placeholder, notice }: ImageSet): Partial<PreparedFile> {
  const { blob, type, width, height, changed } = main;
  return {
    ...(changed ? { blob, name: renameFor(file, type), type } : {}),
    ...(width === null || height === null ? {} : { width, height }),
    ...(renditions.length > 0 ? { renditions } : {}),
    ...(placeholder ? { placeholder } : {}),
    ...(notice ? { notice } : {}),
  };
}

function createTransform(): Transform {
  const pipeline = new ImagePipeline({ createWorker });
  return (blob, wishes, signal) => pipeline.transform(blob, wishes, signal);
}

/** By type, by extension where the browser gave no type, and by its first bytes where neither tells. SVG is a document. */
async function isRasterImage(file: File): Promise<boolean> {
  const known = file.type || (EXTENSION_TYPES.get(extensionOf(file.name)) ?? '');
  if (known.startsWith('image/')) return !known.startsWith('image/svg');
  if (known !== '' && known !== 'application/octet-stream') return false;
  return sniffImage(await readBytes(file, SNIFFED_BYTES)) !== undefined;
}

/** The name with the type's own extension, unless it has one of its extensions already. */
function renameFor({ name, type: before }: File, type: string): string {
  const extension = extensionOf(name);
  if (type === before || EXTENSION_TYPES.get(extension) === type) return name;
  const stem = extension ? name.slice(0, -extension.length - 1) : name;
  return `${stem}.${TYPE_EXTENSIONS.get(type) ?? 'bin'}`;
}
