// Somebody who uploads, and does meanwhile what people do: pause, go on, load the page again, change their mind.
import { setTimeout as wait } from 'node:timers/promises';
import type { ResumeStore } from '../../widget/engine/resume/resume-store.js';
import type { FileSnapshot, UploadChangeEvent, Uploader } from '../../widget/engine/uploader.js';
import type { FaultStage } from '../support/fault-stage.js';
import { createQuickTime } from '../support/quick-time.js';
import { makeFile, pickSize } from './bodies.js';
import type { Diary } from './diary.js';
import type { Ledger } from './ledger.js';

export interface VisitorWorld {
  readonly stage: FaultStage;
  readonly ledger: Ledger;
  readonly diary: Diary;
  readonly store: ResumeStore;
  readonly random: () => number;
  readonly seed: number;
  readonly name: string;
  /** Ends the visits: what was begun is finished, nothing new is chosen. */
  readonly closing: AbortSignal;
  /** Told of each file that the engine gave up, and the visitor tries again. */
  readonly gaveUp: (code: string) => void;
}

/** How much faster than the wall's clock the engine waits. */
const HASTE = 20;
const MAX_FILES = 25;
const MAX_ACTION_PAUSE_MS = 400;
const UNLOAD_MS = 300;

export class Visitor {
  readonly #world: VisitorWorld;
  #uploader: Uploader;
  /** Ends with the page that the uploader is on. */
  #page = new AbortController();
  #visits = 0;
  #pages = 0;

  constructor(world: VisitorWorld) {
    this.#world = world;
    this.#uploader = this.#open();
  }

  /** Visits until the world closes. */
  async run(): Promise<void> {
    const { closing } = this.#world;
    while (!closing.aborted) {
      this.#choose();
      while (this.#uploader.files.length > 0) {
        await wait(this.#draw(MAX_ACTION_PAUSE_MS));
        if (closing.aborted) this.#uploader.resume();
        else await this.#act();
        this.#retry();
      }
    }
  }

  #open(): Uploader {
    const { stage, store, ledger, diary, name } = this.#world;
    const page = new AbortController();
    const pageName = `${name}.${(this.#pages += 1)}`;
    const fetch: typeof globalThis.fetch = (input, init) => {
      const signals = [page.signal, ...(init?.signal ? [init.signal] : [])];
      return stage.network.fetch(input, { ...init, signal: AbortSignal.any(signals) });
    };
    const watched = {
      resumeStore: store,
      fetch: diary.watchFetch(pageName, fetch),
      send: diary.watchSend(pageName, stage.network.send),
    };
    const uploader = stage.createUploader({}, { ...createQuickTime(HASTE), ...watched });
    this.#page = page;
    uploader.addEventListener('change', (event) => {
      const { file, previous, removed } = event as UploadChangeEvent;
      if (removed || file.status !== previous?.status)
        diary.note(file.name, `${pageName} ${removed ? 'removed' : file.status}`);
      if (removed || file.status !== 'complete' || this.#uploader !== uploader) return;
      ledger.complete(file.name, file.key ?? '');
      // Off the list, so that nothing is kept of it.
      queueMicrotask(() => uploader.remove(file.id));
    });
    return uploader;
  }

  #choose(): void {
    const { ledger, seed, random, name } = this.#world;
    this.#visits += 1;
    const count = 1 + this.#draw(MAX_FILES);
    for (let index = 0; index < count; index += 1) {
      const recipe = { name: `${name}-${this.#visits}-${index}.bin`, sizeBytes: pickSize(random) };
      ledger.choose(recipe);
      this.#uploader.add([{ file: makeFile(recipe, seed) }]);
    }
  }

  async #act(): Promise<void> {
    const file = this.#any();
    const dice = this.#world.random();
    if (!file) return;
    if (dice < 0.1) this.#uploader.pause(file.id);
    else if (dice < 0.14) this.#uploader.pause();
    else if (dice < 0.5) this.#uploader.resume();
    else if (dice < 0.53) await this.#reload();
    else if (dice < 0.56) this.#remove(file);
  }

  /** The page goes away without a word, and everything is chosen again on the next. */
  async #reload(): Promise<void> {
    const { ledger, seed } = this.#world;
    const [before, page] = [this.#uploader, this.#page];
    this.#uploader = this.#open();
    for (const { name } of before.files) this.#world.diary.note(name, 'page goes away');
    before.pause();
    page.abort();
    // A page that is gone holds no claims; here its runs end a moment later.
    await wait(UNLOAD_MS);
    for (const { name } of before.files) {
      const recipe = ledger.recipe(name);
      if (recipe) this.#uploader.add([{ file: makeFile(recipe, seed) }]);
    }
  }

  #remove({ id, name, status }: FileSnapshot): void {
    if (status === 'complete') return;
    this.#uploader.remove(id);
    this.#world.ledger.remove(name);
  }

  #retry(): void {
    for (const { id, status, error } of this.#uploader.files) {
      if (status !== 'failed') continue;
      this.#world.gaveUp(error?.code ?? 'unknown');
      this.#uploader.retry(id);
    }
  }

  #any(): FileSnapshot | undefined {
    const { files } = this.#uploader;
    return files[this.#draw(files.length)];
  }

  /** 0 up to, not including, a number. */
  #draw(below: number): number {
    return Math.floor(this.#world.random() * below);
  }
}
