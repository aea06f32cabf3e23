// Who gets a thumbnail next: files in view, in the order in which they came into it; whoever leaves before its turn is left out.
import { press } from '../engine/pressing.js';
import { loadLater } from '../engine/upload-runner.js';
import type { PreviewKind } from './preview-kind.js';

/** One way of making a picture; undefined when it does not work for this file. */
export type MakePreview = (file: File) => Promise<Blob | undefined>;

interface Step {
  /** Lower ones come first. Steps of the last rank wait until no other is waiting, and go one by one. */
  readonly rank: 0 | 1 | 2;
  readonly make: MakePreview;
}

interface Job {
  readonly id: string;
  readonly file: File;
  readonly steps: readonly Step[];
}

/** Two for each worker, so that none waits for the page between one picture and the next. */
const AT_ONCE = 4;
const MAX_GLANCES_IN_ROW = 8;
/** So long after the first files came, rows of theirs are in view, or none will be soon. */
const FIRST_LOOK_MS = 500;

const loadPool = loadLater(async () => new (await import('../image/preview/preview-pool.js')).PreviewPool());
const loadMedia = loadLater(() => import('./media-preview.js'));

/** There at once, until the real one is. */
const glance: Step = { rank: 0, make: async (file) => (await loadPool()).make(file, 'glance') };
const thumbnail: Step = { rank: 1, make: async (file) => (await loadPool()).make(file) };
const heic: Step = { rank: 2, make: async (file) => (await loadPool()).make(file, 'heic') };
const drawing: Step = { rank: 2, make: async (file) => (await loadMedia()).drawingPreview(file) };
const poster: Step = { rank: 2, make: async (file) => (await loadMedia()).videoPreview(file) };

const STEPS: Readonly<Record<PreviewKind, readonly Step[]>> = {
  photo: [glance, thumbnail],
  image: [thumbnail],
  heic: [glance, thumbnail, heic],
  drawing: [drawing],
  video: [poster],
};

/** What became of a file; no picture when there is none of it. */
export interface Made {
  readonly id: string;
  readonly picture: Blob | undefined;
  /** A better one follows. */
  readonly isEarly: boolean;
}

export class PreviewLoader {
  readonly #tell: (made: Made) => void;
  readonly #waiting = new Map<string, Job>();
  readonly #running = new Map<string, Job>();
  readonly #wanted = new Set<string>();
  #glancesInRow = 0;
  /** Ends what is pressing; undefined while nothing is. */
  #rest: (() => void) | undefined;

  constructor(tell: (made: Made) => void) {
    this.#tell = tell;
    // Here before the first file is, as far as possible.
    loadPool().catch(() => undefined);
  }

  /** Gets ready for pictures that will be wanted in a moment. */
  warm(): void {
    this.#rest ??= press();
    setTimeout(() => this.#restIfDone(), FIRST_LOOK_MS);
    void loadPool()
      .then((pool) => pool.warm())
      .catch(() => undefined);
  }

  want(id: string, file: File, kind: PreviewKind): void {
    this.#wanted.add(id);
    if (this.#waiting.has(id) || this.#running.has(id)) return;
    this.#rest ??= press();
    this.#waiting.set(id, { id, file, steps: STEPS[kind] });
    this.#proceed();
  }

  /** What is being made already is made to its end. */
  drop(id: string): void {
    this.#wanted.delete(id);
    this.#waiting.delete(id);
    this.#restIfDone();
  }

  #restIfDone(): void {
    if (this.#waiting.size + this.#running.size > 0) return;
    this.#rest?.();
    this.#rest = undefined;
  }

  #proceed(): void {
    for (let job = this.#next(); job; job = this.#next()) {
      this.#waiting.delete(job.id);
      this.#running.set(job.id, job);
      this.#glancesInRow = rankOf(job) === 0 ? this.#glancesInRow + 1 : 0;
      void this.#run(job);
    }
  }

  #next(): Job | undefined {
    const running = [...this.#running.values()];
    const isSlow = (job: Job): boolean => rankOf(job) === LAST_RANK;
    const [first, ...others] = this.#waiting.values();
    if (!first) return undefined;
    // Real pictures do not wait until hundred files were looked into.
    const isReal = (job: Job): boolean => rankOf(job) === 1;
    const due = this.#glancesInRow < MAX_GLANCES_IN_ROW ? undefined : [first, ...others].find(isReal);
    const next = due ?? others.reduce((best, job) => (rankOf(job) < rankOf(best) ? job : best), first);
    if (isSlow(next) && running.some(isSlow)) return undefined;
    return running.length < AT_ONCE ? next : undefined;
  }

  async #run(job: Job): Promise<void> {
    const { id } = job;
    const [step, ...steps] = job.steps;
    const picture = await step?.make(job.file).catch(() => undefined);
    this.#running.delete(id);
    const isEarly = steps.length > 0;
    if (picture || !isEarly) this.#tell({ id, picture, isEarly });
    if (isEarly && this.#wanted.has(id)) this.#waiting.set(id, { ...job, steps });
    this.#proceed();
    this.#restIfDone();
  }
}

const LAST_RANK = 2;

function rankOf({ steps }: Job): number {
  return steps[0]?.rank ?? LAST_RANK;
}
