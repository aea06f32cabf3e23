// Prepares files that wait for their start, a few at once: what is told of them at selection is true of what will be sent.
import type { ErrorCode, SitePolicy } from '../../server/protocol.js';
import { nextTask } from './next-task.js';
import { untilCalm } from './pressing.js';
import { admit } from './run/admit.js';
import { prepareContent } from './run/prepare-content.js';
import type { Run } from './run/run.js';
import type { SiteAccess } from './site-access.js';
import type { FileSnapshot } from './snapshot.js';
import { snapshotOf, type Upload } from './upload.js';
import { UploadError } from './upload-error.js';
import type { RunnerWorld, UploadRunner } from './upload-runner.js';

type Runner = Pick<UploadRunner, 'resting' | 'open' | 'isStarted' | 'refresh'>;
type World = Pick<RunnerWorld, 'site' | 'ports'>;

/** As many as the largest pool of image workers; what is no image is through at once. */
const AT_ONCE = 4;
/** Of images that were made and not sent: a phone has to hold them. */
const MAX_HELD_BYTES = 192 * 2 ** 20;
/** After as many the page has a turn: ten thousand documents are looked at, too. */
const SLICE = 100;

/** A part of the script did not come: the start tries again. */
const UNTOLD: ReadonlySet<ErrorCode> = new Set(['offline', 'signer-unreachable']);

const aheadOf = new WeakMap<Runner, PrepareAhead>();

/** Goes on with what rests, as far as there is room; later calls find the room that was left. */
export function prepareAhead(runner: Runner, world: World): void {
  const ahead = aheadOf.get(runner) ?? new PrepareAhead(runner, world);
  aheadOf.set(runner, ahead);
  void ahead.goOn();
}

class PrepareAhead {
  readonly #runner: Runner;
  readonly #world: World;
  #atWork = 0;
  /** Since the page had its last turn. */
  #begun = 0;
  #turn: Promise<void> | undefined;
  /** It did not say what it accepts; who starts a file asks again, and tells. */
  #silentSite: SiteAccess | undefined;
  /** What holds images that were made and not sent. */
  readonly #made = new Set<Upload>();

  constructor(runner: Runner, world: World) {
    this.#runner = runner;
    this.#world = world;
  }

  async goOn(): Promise<void> {
    if (!this.#hasRoom()) return;
    const site = this.#world.site();
    const policy = await this.#policyOf(site);
    if (!policy) return;
    await untilCalm();
    const { resting } = this.#runner;
    for (const upload of resting) {
      if (!this.#hasRoom() || site !== this.#world.site()) return;
      resting.delete(upload);
      void this.#begin(upload, policy);
    }
  }

  #hasRoom(): boolean {
    if (this.#atWork >= AT_ONCE || this.#world.ports.mayPrepare?.() === false) return false;
    let bytes = 0;
    for (const upload of this.#made) bytes += heldBytes(upload);
    return bytes < MAX_HELD_BYTES;
  }

  async #policyOf(site: SiteAccess): Promise<SitePolicy | undefined> {
    if (site.policy || site === this.#silentSite) return site.policy;
    try {
      return await site.loadPolicy();
    } catch {
      this.#silentSite = site;
      return undefined;
    }
  }

  async #begin(upload: Upload, policy: SitePolicy): Promise<void> {
    const run = this.#runner.open(upload);
    if (upload.state.status !== 'queued' || !run.list.has(upload)) return;
    this.#atWork += 1;
    this.#begun += 1;
    try {
      await this.#prepare(run, policy);
    } catch (error) {
      this.#tell(run, error);
    }
    await this.#pageTurn();
    this.#atWork -= 1;
    void this.goOn();
  }

  /** Once in a while all that goes on here waits for it. */
  async #pageTurn(): Promise<void> {
    if (this.#begun < SLICE) return;
    this.#turn ??= nextTask();
    await this.#turn;
    this.#turn = undefined;
    this.#begun = 0;
  }

  async #prepare(run: Run, policy: SitePolicy): Promise<void> {
    const { upload, site, options, ports, signal } = run;
    const { picked } = upload;
    admit(run, policy);
    const remember: Run['remember'] = (memory) => {
      if (this.#isWaiting(run)) run.remember(memory);
    };
    const memory = () => upload.memory;
    const job = { picked, site, options, ports, signal, memory, remember, report: ignore };
    await prepareContent(job, policy);
    if (!this.#isWaiting(run)) return;
    this.#count(run);
    if (isNews(upload.snapshot, snapshotOf(upload))) this.#runner.refresh(upload);
  }

  /** Until it is given up; of what is stored nothing is held any more. */
  #count({ upload, signal }: Run): void {
    if (heldBytes(upload) === 0) return;
    this.#made.add(upload);
    signal.addEventListener('abort', () => this.#made.delete(upload), { once: true });
  }

  /** What was started meanwhile is its run's business, which goes on with the same work. */
  #isWaiting({ upload, signal }: Run): boolean {
    return !signal.aborted && !this.#runner.isStarted(upload);
  }

  #tell(run: Run, error: unknown): void {
    if (!(error instanceof UploadError) || UNTOLD.has(error.code) || !this.#isWaiting(run)) return;
    run.report({ type: 'fail', error: error.toFailure() });
  }
}

/** It stays queued for those who look at it: what it waits for is its start. */
function ignore(): void {}

function heldBytes({ memory, picked }: Upload): number {
  const { body, renditions = [] } = memory;
  const made = body === picked.file ? 0 : (body?.size ?? 0);
  return renditions.reduce((sum, rendition) => sum + (rendition.memory.body?.size ?? 0), made);
}

const PREPARED = [
  'name',
  'type',
  'size',
  'width',
  'height',
  'placeholder',
  'notice',
] as const satisfies readonly (keyof FileSnapshot)[];

function isNews(before: FileSnapshot, after: FileSnapshot): boolean {
  return PREPARED.some((fact) => before[fact] !== after[fact]);
}
