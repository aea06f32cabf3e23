// Who gets a thumbnail next: files in view, in the order in which they came into it; whoever leaves before its turn is left out.
import { loadLater } from '../engine/upload-runner.js';
import type { PreviewKind } from './preview-kind.js';

/** One way of making a picture; undefined when it does not work for this file. */
export type MakePreview = (file: File) => Promise<Blob | undefined>;

interface Step {
  /** Steps of a slow lane wait until no other is waiting, and go one by one. */
  readonly isSlow: boolean;
  readonly make: MakePreview;
}

interface Job {
  readonly id: string;
  readonly file: File;
  readonly steps: readonly Step[];
}

const AT_ONCE = 2;

const loadPool = loadLater(async () => new (await import('../image/preview/preview-pool.js')).PreviewPool());
const loadMedia = loadLater(() => import('./media-preview.js'));

const thumbnail: Step = { isSlow: false, make: async (file) => (await loadPool()).make(file) };
const drawing: Step = { isSlow: true, make: async (file) => (await loadMedia()).drawingPreview(file) };
const poster: Step = { isSlow: true, make: async (file) => (await loadMedia()).videoPreview(file) };

const STEPS: Readonly<Record<PreviewKind, readonly Step[]>> = {
  image: [thumbnail],
  heic: [thumbnail],
  drawing: [drawing],
  video: [poster],
};

export class PreviewLoader {
  readonly #done: (id: string, picture: Blob | undefined) => void;
  readonly #waiting = new Map<string, Job>();
  readonly #running = new Map<string, Job>();
  readonly #wanted = new Set<string>();

  /** @param done - Hears what became of a file; undefined when there is no picture of it. */
  constructor(done: (id: string, picture: Blob | undefined) => void) {
    this.#done = done;
  }

  want(id: string, file: File, kind: PreviewKind): void {
    this.#wanted.add(id);
    if (this.#waiting.has(id) || this.#running.has(id)) return;
    this.#waiting.set(id, { id, file, steps: STEPS[kind] });
    this.#proceed();
  }

  /** What is being made already is made to its end. */
  drop(id: string): void {
    this.#wanted.delete(id);
    this.#waiting.delete(id);
  }

  #proceed(): void {
    for (let job = this.#next(); job; job = this.#next()) {
      this.#waiting.delete(job.id);
      this.#running.set(job.id, job);
      void this.#run(job);
    }
  }

  #next(): Job | undefined {
    const isSlow = (job: Job): boolean => job.steps[0]?.isSlow ?? false;
    const running = [...this.#running.values()];
    const waiting = [...this.#waiting.values()];
    const quick = waiting.find((job) => !isSlow(job));
    if (quick) return running.length < AT_ONCE ? quick : undefined;
    return running.some(isSlow) ? undefined : waiting[0];
  }

  async #run(job: Job): Promise<void> {
    const [step, ...steps] = job.steps;
    const picture = await step?.make(job.file).catch(() => undefined);
    this.#running.delete(job.id);
    if (picture || steps.length === 0) this.#done(job.id, picture);
    else if (this.#wanted.has(job.id)) this.#waiting.set(job.id, { ...job, steps });
    this.#proceed();
  }
}
