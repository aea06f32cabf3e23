// Workers that do what browsers do by themselves: decode, draw, encode.
import type { PageConfig } from './harness.js';

interface Task extends PageConfig {
  readonly blob: Blob;
  /** `floor` encodes a canvas that was drawn before. */
  readonly does: 'canvas' | 'floor' | 'floor-ready';
}

export interface NativeWorkers {
  /** Spreads the pictures over the workers, one after the other in each. */
  all(files: readonly Blob[], does: Task['does']): Promise<readonly Blob[]>;
}

export function startNativeWorkers(count: number, config: PageConfig): NativeWorkers {
  const source = new Blob([`(${work.toString()})()`], { type: 'text/javascript' });
  const workers = Array.from({ length: count }, () => new Worker(URL.createObjectURL(source)));
  return {
    all: async (files, does) => {
      const results: Blob[] = [];
      let next = 0;
      const take = async (worker: Worker): Promise<void> => {
        for (let index = next++; index < files.length; index = next++) {
          const blob = files[index];
          if (blob) results[index] = await ask(worker, { ...config, blob, does });
        }
      };
      await Promise.all(workers.map(take));
      return results;
    },
  };
}

function ask(worker: Worker, task: Task): Promise<Blob> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Blob>) => resolve(data), { once: true });
    worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
    worker.postMessage(task, { transfer: [] });
  });
}

/** Runs in the worker: it takes nothing from outside, as only its text gets there. */
function work(): void {
  let kept: OffscreenCanvas | undefined;
  addEventListener('message', async ({ data }: MessageEvent<Task>) => {
    const { blob, does, maxSide, type, quality } = data;
    const bitmap = await createImageBitmap(blob);
    let canvas = does === 'floor' ? kept : undefined;
    if (!canvas) {
      const factor = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
      canvas = new OffscreenCanvas(Math.round(bitmap.width * factor), Math.round(bitmap.height * factor));
      const context = canvas.getContext('2d');
      if (context) context.imageSmoothingQuality = 'high';
      context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    }
    if (does === 'floor-ready') kept = canvas;
    bitmap.close();
    self.postMessage(await canvas.convertToBlob({ type, quality }), { transfer: [] });
  });
}
