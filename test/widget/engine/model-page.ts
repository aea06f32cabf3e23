// A page with one Uploader that can be reloaded, over a signer and a bucket that can be made to fail; it watches what must always hold.
import assert from 'node:assert/strict';
import { mock } from 'node:test';
// Here before the first command, which would otherwise wait for it.
import '../../../widget/engine/upload-run.js';
import type { PreparedFile, SendOptions } from '../../../widget/engine/ports.js';
import type { Uploader, UploaderPorts } from '../../../widget/engine/uploader.js';
import { idOf, partOf } from './fake-signer.js';
import { type Call, FakeWorld, json, pick, refusal, textFile, withOnline } from './fake-world.js';
import { forgetSlowDowns } from './held-sends.js';
import { ChangeWatch } from './model-watch.js';

export type Fault =
  | 'busy'
  | 'reset'
  | 'lost-answer'
  | 'refused'
  | 'gone'
  | 'damaged'
  | 'signer-garbage'
  | 'signer-down'
  | 'signer-answer-lost'
  | 'unreadable';

/** More than everything takes once the world is well: the longest pause between two tries, and what is left to send. */
const ENOUGH_MS = 5 * 60_000;
const STEP_MS = 10_000;
const SEND_MS = 300;
const PREPARE_MS = 200;
/** Of those that are not started. */
const MOST_AHEAD = 4;
const SITE = { signer: 'https://signer.test', siteKey: 'pk_test' };
const OPTIONS = { ...SITE, concurrency: 3 };

export class ModelPage {
  readonly world = new FakeWorld();
  readonly network = withOnline(true);
  faults = new Set<Fault>();
  uploader: Uploader;
  #watch: ChangeWatch;
  /** Files as they lie on the user's disk, by name. */
  readonly #files = new Map<string, File>();
  #isAlive = { now: true };
  #random: () => number;
  #names = 0;
  /** Uploads whose plan no page ever heard of: the signer's own sweep is for those. */
  readonly #unheard = new Set<string>();
  readonly #wrong: string[] = [];

  constructor(seed: number) {
    forgetSlowDowns();
    this.#random = randomFrom(seed);
    this.world.time.holdsPauses = true;
    this.world.time.onStep = (ms) => mock.timers.tick(ms);
    this.world.bucketOrigin = 'https://bucket.test';
    this.world.sending = (url, body, options) => this.#send(url, body, options);
    for (const path of ['', '/sign', '/status', '/complete', '/abort'])
      this.world.answers.set(`/v1/uploads${path}`, (call) => this.#answer(call));
    this.world.answers.set('/v1/sites/pk_test', (call) => this.#answer(call));
    this.world.answers.set('/healthz', (call) => this.#answer(call));
    [this.uploader, this.#watch] = this.#open();
  }

  leave(): void {
    this.#isAlive.now = false;
    this.uploader.pause();
    this.network[Symbol.dispose]();
  }

  /** @param isHeld - It waits for `start`. */
  add(size: number, isHeld: boolean): void {
    this.#names += 1;
    const file = textFile(`file-${this.#names}`, size, 'abc');
    this.#files.set(file.name, file);
    this.uploader.configure({ ...OPTIONS, autoStart: !isHeld });
    this.uploader.add(pick(file));
  }

  async advance(ms: number): Promise<void> {
    await this.world.time.advance(ms, Math.max(1000, ms / 20));
    this.check();
  }

  /** The page goes away and comes back; the user chooses the unfinished files again. */
  async reload(): Promise<void> {
    await this.world.time.advance(0);
    const unfinished = this.uploader.files.filter(({ status }) => status !== 'complete');
    this.uploader.pause();
    this.#isAlive.now = false;
    await this.world.time.advance(0);
    const known = new Set((await this.world.resumeStore.list(SITE)).map(({ id }) => id));
    // It went away before it could remember them.
    for (const id of this.world.openMultiparts) if (!known.has(id)) this.#unheard.add(id);
    [this.uploader, this.#watch] = this.#open();
    const again = unfinished.flatMap(({ name }) => this.#files.get(name) ?? []);
    this.uploader.add(pick(...again));
  }

  /** What must hold at any time. */
  check(): void {
    const { files } = this.uploader;
    assert.equal(new Set(files.map(({ id }) => id)).size, files.length);
    assert.ok(Object.isFrozen(files));
    for (const { status, key, size, sentBytes, progress } of files) {
      assert.ok(sentBytes >= 0 && sentBytes <= size && progress >= 0 && progress <= 1);
      if (status === 'complete')
        assert.ok(this.world.stored.has(key?.slice(2) ?? ''), `${key} is not stored`);
    }
    this.#watch.check();
    assert.deepEqual(this.#wrong, []);
  }

  /** The world is well again, and everything that can is tried again: all of it ends. */
  async end(): Promise<void> {
    this.faults.clear();
    this.network.isOnline = true;
    this.world.wake();
    for (let rounds = 0; rounds < 2; rounds += 1) {
      for (const { id, status } of this.uploader.files) if (status === 'failed') this.uploader.retry(id);
      this.uploader.start();
      this.uploader.resume();
      await this.world.time.advance(ENOUGH_MS, STEP_MS);
      if (!this.uploader.busy) break;
    }
    this.check();
    const { files } = this.uploader;
    assert.deepEqual(
      files.map(({ name, status, error }) => [name, status, error?.message]),
      files.map(({ name }) => [name, 'complete', undefined]),
    );
    assert.equal(this.uploader.busy, false);
    const keys = files.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length, 'one object each');
    await this.#checkStorage();
  }

  /** What is left open was removed before it was recognised: it is offered, and can be given up. */
  async #checkStorage(): Promise<void> {
    const { world, uploader } = this;
    const names = new Set(uploader.files.map(({ name }) => name));
    const unfinished = await this.#soon(uploader.unfinished());
    for (const { name } of unfinished) assert.ok(!names.has(name), `${name} is complete, and offered again`);
    await this.#soon(uploader.discard(unfinished.map(({ id }) => id)));
    const open = world.openMultiparts.filter((id) => !this.#unheard.has(id));
    assert.deepEqual(open, [], 'no upload in parts is left open');
    assert.deepEqual(await world.resumeStore.list(SITE), [], 'nothing is remembered of what is done');
  }

  async #soon<T>(asked: Promise<T>): Promise<T> {
    await this.world.time.advance(5000);
    return asked;
  }

  #open(): [Uploader, ChangeWatch] {
    const isAlive = { now: true };
    this.#isAlive = isAlive;
    const uploader = this.world.uploader(OPTIONS, this.#portsOf(isAlive));
    return [uploader, new ChangeWatch(uploader)];
  }

  /** A page that has gone sends nothing, hears nothing and remembers nothing. */
  #portsOf(isAlive: { readonly now: boolean }): Partial<UploaderPorts> {
    const { time, resumeStore, ports } = this.world;
    const { fetch, send } = ports;
    assert.ok(fetch && send);
    const making = new Set<string>();
    return {
      random: this.#random,
      sleep: async (delayMs, signal) => {
        await time.sleep(delayMs, signal);
        if (!isAlive.now) throw new Error('The page has gone.');
      },
      resumeStore: {
        ...resumeStore,
        save: async (...about) => (isAlive.now ? resumeStore.save(...about) : undefined),
        saveDigest: async (...about) => (isAlive.now ? resumeStore.saveDigest(...about) : undefined),
      },
      fetch: async (input, init) => {
        if (!isAlive.now) throw new TypeError('The page has gone.');
        const answer = await fetch(input, init);
        if (isAlive.now) return answer;
        await this.#noteUnheard(answer);
        throw new TypeError('The page has gone.');
      },
      prepare: (file, _image, signal) => this.#prepare(file, making, signal),
      send: (request, body, options) => {
        this.#expectSending(request.url, isAlive);
        return send(request, body, options);
      },
    };
  }

  /** Large files become smaller ones. @param making - Names of files that the page has under way. */
  async #prepare(file: File, making: Set<string>, signal: AbortSignal): Promise<PreparedFile> {
    const { name, type, size } = file;
    if (making.has(name)) this.#wrong.push(`${name} is made twice at once`);
    const ahead = this.uploader.files.filter((one) => one.status === 'queued' && making.has(one.name));
    if (ahead.length > MOST_AHEAD) this.#wrong.push(`${ahead.length} are made ahead`);
    making.add(name);
    signal.addEventListener('abort', () => making.delete(name));
    await this.#pass(PREPARE_MS, signal);
    making.delete(name);
    if (this.faults.has('unreadable')) throw new Error('It cannot be read.');
    return { name, type, blob: size < 900 ? file : file.slice(0, size - 90) };
  }

  /** Nobody but the signer's sweep can know of what was planned for a page that has gone. */
  async #noteUnheard(answer: Response): Promise<void> {
    const { uploads = [] } = (await answer.json()) as {
      readonly uploads?: readonly { readonly id: string }[];
    };
    for (const { id } of uploads) this.#unheard.add(id);
  }

  #expectSending(url: string, isAlive: { readonly now: boolean }): void {
    const name = this.world.planned.get(idOf(url))?.name;
    const file = this.uploader.files.find((one) => one.name === name);
    const isActive = file && !['queued', 'paused', 'complete', 'failed'].includes(file.status);
    if (!isActive || !isAlive.now)
      this.#wrong.push(`${name} is sent while it is ${file?.status ?? 'not listed'}`);
  }

  async #send(url: string, body: Blob, { signal, onProgress }: SendOptions): Promise<void> {
    const { world, faults } = this;
    const id = idOf(url);
    await this.#pass(SEND_MS, signal);
    if (!this.network.isOnline || faults.has('reset')) {
      onProgress(Math.floor(body.size / 2));
      throw refusal(0);
    }
    if (faults.has('busy')) throw refusal(503, 'SlowDown', 7);
    if (faults.has('refused')) throw refusal(403);
    if (faults.has('damaged')) throw refusal(400, 'BadDigest');
    onProgress(Math.floor(body.size / 2));
    await this.#pass(SEND_MS, signal);
    if (faults.has('gone') && partOf(url) > 1) world.gone.add(id);
    if (partOf(url) > 0 && !world.takesParts(id)) throw refusal(404, 'NoSuchUpload');
    if (partOf(url) === 0 && world.stored.has(id)) throw refusal(412, 'PreconditionFailed');
    world.store(url, body.size);
    onProgress(body.size);
    if (faults.has('lost-answer')) throw refusal(0);
  }

  async #pass(ms: number, signal: AbortSignal): Promise<void> {
    await this.world.time.sleep(ms, signal);
    signal.throwIfAborted();
  }

  async #answer(call: Call): Promise<Response> {
    const { world, faults } = this;
    await this.#pass(50, new AbortController().signal);
    const isHeard = this.network.isOnline && !faults.has('signer-down') && !faults.has('signer-garbage');
    if (!isHeard && call.path.endsWith('/abort')) this.#noteLostAbort(call);
    if (!this.network.isOnline || faults.has('signer-down')) throw new TypeError('fetch failed');
    if (faults.has('signer-garbage')) return json('<html>', 502);
    const answer = world.answer(call);
    // Nobody but the signer's sweep could know of a plan whose answer is lost.
    if (faults.has('signer-answer-lost') && call.path !== '/v1/uploads') throw new TypeError('fetch failed');
    return answer;
  }

  /** Told once, for the page may be going: what the signer did not hear is for its sweep. */
  #noteLostAbort({ body }: Call): void {
    for (const ticket of body.tickets as readonly string[]) this.#unheard.add(ticket.slice('ticket-'.length));
  }
}

/** Numbers from 0 up to 1 that depend on nothing but the seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
