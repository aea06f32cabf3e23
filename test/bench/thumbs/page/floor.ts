// The floor: JPEG decoded at an eighth of its size in two workers, and nothing else.
import { registerWorkers } from './two-workers.js';

registerWorkers(`async (file) => {
  const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: file.type, desiredWidth: 504, desiredHeight: 378 });
  const { image } = await decoder.decode();
  const canvas = new OffscreenCanvas(213, 160);
  canvas.getContext('2d').drawImage(image, 0, 0, 213, 160);
  image.close();
  decoder.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}`);
