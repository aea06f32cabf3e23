// Two workers that take photos one after the other, and a list that shows what they make: the least that a page can do.
import { countPictures, register } from './harness.js';

/** @param make - Text of a function from File to Blob, as the workers run it. */
export function registerWorkers(make: string): void {
  const script = `const make = ${make};
    onmessage = async ({ data }) => { const { id, file } = data; postMessage({ id, blob: await make(file) }); };`;
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const workers = [new Worker(url), new Worker(url)];
  const list = document.createElement('div');
  document.body.append(list);
  register({
    add: (files) => {
      const waiting = [...files.entries()].toReversed();
      const images = files.map(() => Object.assign(new Image(), { width: 44, height: 44 }));
      list.append(...images);
      for (const worker of workers) {
        const next = (): void => {
          const [id, file] = waiting.pop() ?? [];
          if (file) worker.postMessage({ id, file }, []);
        };
        worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; blob: Blob }>) => {
          const image = images[data.id];
          if (image) image.src = URL.createObjectURL(data.blob);
          next();
        });
        next();
      }
    },
    countShown: () => countPictures(list, 'img'),
  });
}
