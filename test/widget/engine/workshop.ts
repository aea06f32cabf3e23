// A `prepare` port whose works are under way until a test ends them.
import type { FileRequest } from '../../../server/protocol.js';
import type {
  Prepare,
  PreparedFile,
  UploaderOptions,
  UploaderPorts,
} from '../../../widget/engine/uploader.js';
import { FakeWorld } from './fake-world.js';

export interface Work {
  readonly name: string;
  readonly maxWidth: number | null;
  /** The image is made: five bytes, unless told otherwise. */
  readonly finish: (made?: Partial<PreparedFile>) => void;
  readonly fail: (error: Error) => void;
  /** True when the engine gave it up. */
  isStopped: boolean;
}

export class Workshop {
  /** Every work that was begun, in order. */
  readonly works: Work[] = [];
  atOnce = 0;
  /** The most that were under way together. */
  mostAtOnce = 0;

  readonly prepare: Prepare = (file, image, signal) =>
    new Promise((resolve, reject) => {
      this.atOnce += 1;
      this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
      const end = (): void => {
        this.atOnce -= 1;
      };
      const { name, type } = file;
      const work: Work = {
        name,
        maxWidth: image?.maxWidth ?? null,
        finish: (made = {}) => {
          end();
          resolve({ blob: new Blob(['small']), name, type, ...made });
        },
        fail: (error) => {
          end();
          reject(error);
        },
        isStopped: false,
      };
      signal.addEventListener('abort', () => {
        work.isStopped = true;
        work.fail(signal.reason as Error);
      });
      this.works.push(work);
    });

  get names(): readonly string[] {
    return this.works.map(({ name }) => name);
  }

  /** The latest work on a file. */
  on(name: string): Work {
    const work = this.works.findLast((one) => one.name === name);
    if (!work) throw new Error(`Nothing was begun for ${name}.`);
    return work;
  }
}

export function photo(name = 'a.jpg', size = 20): File {
  return new File(['x'.repeat(size)], name, { type: 'image/jpeg' });
}

/** An Uploader whose files wait for `start`. */
export function openShop(options: Partial<UploaderOptions> = {}, ports: Partial<UploaderPorts> = {}) {
  const world = new FakeWorld();
  const shop = new Workshop();
  const uploader = world.uploader({ autoStart: false, ...options }, { prepare: shop.prepare, ...ports });
  const idles: Event[] = [];
  uploader.addEventListener('idle', (event) => idles.push(event));
  const planned = () => world.callsOf('/v1/uploads').flatMap(({ body }) => body.files as FileRequest[]);
  return { world, shop, uploader, idles, planned };
}
