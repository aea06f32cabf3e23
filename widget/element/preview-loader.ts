// Who gets a thumbnail next: files in view, in the order in which they came into it; whoever leaves before its turn is left out.
import { press } from '../engine/pressing.js';
import { loadLater } from '../engine/upload-runner.js';
import type { Preview, PreviewWay } from '../image/preview/preview-messages.js';
import type { PreviewKind } from './preview-kind.js';

interface Step {
  /** Lower ones come first. Steps of the last rank wait until no other is waiting, and go one by one. */
  readonly rank: 0 | 1 | 2;
  /** Undefined when it does not work for this file. */
  readonly make: (file: File) => Promise<Preview | undefined>;
  /** What makes a better picture than an early one. */
  readonly better?: Step;
  /** What may make one where this cannot. */
  readonly other?: Step;
}

interface Job {
  readonly id: string;
  readonly file: File;
  readonly step: Step;
}

/** Two for each worker, so that none waits for the page between one picture and the next. */
const AT_ONCE = 4;
const MAX_FIRSTS_IN_ROW = 8;

const loadPool = loadLater(async () => new (await import('../image/preview/preview-pool.js')).PreviewPool());
const loadMedia = loadLater(() => import('./media-preview.js'));

const make =
  (way: PreviewWay): Step['make'] =>
  async (file) =>
    (await loadPool()).make(file, way);
const asPreview = (picture: Blob | undefined): Preview | undefined => picture && { picture, isEarly: false };

const decode: Step = { rank: 1, make: make('decode') };
const heic: Step = { rank: 2, make: make('heic') };
const STEPS: Readonly<Record<PreviewKind, Step>> = {
  photo: { rank: 0, make: make('first'), better: decode },
  image: decode,
  heic: { rank: 0, make: make('first'), better: { ...decode, other: heic }, other: heic },
  drawing: { rank: 2, make: async (file) => asPreview(await (await loadMedia()).drawingPreview(file)) },
  video: { rank: 2, make: async (file) => asPreview(await (await loadMedia()).videoPreview(file)) },
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
  #firstsInRow = 0;
  /** Ends what is pressing; undefined while nothing is. */
  #rest: (() => void) | undefined;

  constructor(tell: (made: Made) => void) {
    this.#tell = tell;
    // Here before the first file is, as far as possible.
    loadPool().catch(() => undefined);
  }

  /** Gets ready for pictures that may be wanted in a moment. */
  warm(): void {
    void loadPool()
      .then((pool) => pool.warm())
      .catch(() => undefined);
  }

  want(id: string, file: File, kind: PreviewKind): void {
    this.#wanted.add(id);
    if (this.#waiting.has(id) || this.#running.has(id)) return;
    this.#rest ??= press();
    this.#waiting.set(id, { id, file, step: STEPS[kind] });
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
      this.#firstsInRow = job.step.rank === 0 ? this.#firstsInRow + 1 : 0;
      void this.#run(job);
    }
  }

  #next(): Job | undefined {
    const running = [...this.#running.values()];
    const isSlow = ({ step }: Job): boolean => step.rank === LAST_RANK;
    const [first, ...others] = this.#waiting.values();
    if (!first) return undefined;
    // Real pictures do not wait until hundred files were looked into.
    const isReal = ({ step }: Job): boolean => step.rank === 1;
    const due = this.#firstsInRow < MAX_FIRSTS_IN_ROW ? undefined : [first, ...others].find(isReal);
    const next = due ?? others.reduce((best, job) => (job.step.rank < best.step.rank ? job : best), first);
    if (isSlow(next) && running.some(isSlow)) return undefined;
    return running.length < AT_ONCE ? next : undefined;
  }

  async #run(job: Job): Promise<void> {
    const { id, file, step } = job;
    const made = await step.make(file).catch(() => undefined);
    this.#running.delete(id);
    const next = made ? made.isEarly && step.better : step.other;
    const isEarly = Boolean(next);
    if (made || !next) this.#tell({ id, picture: made?.picture, isEarly });
    if (next && this.#wanted.has(id)) this.#waiting.set(id, { ...job, step: next });
    this.#proceed();
    this.#restIfDone();
  }
}

const LAST_RANK = 2;
