// What most would write: the browser decodes and scales, in two workers.
import { registerWorkers } from './two-workers.js';

registerWorkers(`async (file) => {
  const bitmap = await createImageBitmap(file, { resizeWidth: 213, resizeQuality: 'medium' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}`);
