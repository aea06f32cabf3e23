// pica as its readme says: from bitmap to canvas, one picture after the other, each in tiles on its workers.
import pica from 'pica';
import { register } from './harness.js';

register(({ maxSide, quality, type, variant }) => {
  const resizer = pica();
  const resizeOne = async (file: File): Promise<Blob> => {
    const bitmap = await createImageBitmap(file);
    const factor = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(bitmap.width * factor);
    canvas.height = Math.round(bitmap.height * factor);
    await resizer.resize(bitmap, canvas, variant === undefined ? {} : { filter: variant });
    bitmap.close();
    return resizer.toBlob(canvas, type, quality);
  };
  const resize = async (files: readonly File[]): Promise<readonly Blob[]> => {
    const results: Blob[] = [];
    for (const file of files) results.push(await resizeOne(file));
    return results;
  };
  return { ready: (_, warmUp) => resize([warmUp]), resize };
});
