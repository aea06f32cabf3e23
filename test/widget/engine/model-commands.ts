// What users, networks, storage and signers do, as commands of the model.
import * as fc from 'fast-check';
import type { Fault, ModelPage } from './model-page.js';

type Model = Record<string, never>;

class Command implements fc.AsyncCommand<Model, ModelPage> {
  readonly #title: string;
  readonly #act: (page: ModelPage) => void | Promise<void>;

  constructor(title: string, act: (page: ModelPage) => void | Promise<void>) {
    this.#title = title;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_: Model, page: ModelPage): Promise<void> {
    await this.#act(page);
    page.check();
  }

  toString(): string {
    return this.#title;
  }
}

/** A command for one file of the list, or for all. */
function forFile(name: 'start' | 'pause' | 'resume' | 'retry') {
  return fc.option(fc.nat(5), { nil: undefined, freq: 3 }).map(
    (index) =>
      new Command(`${name}(${index ?? ''})`, ({ uploader }) => {
        uploader[name](index === undefined ? undefined : pickId(uploader.files, index));
      }),
  );
}

function pickId(files: readonly { readonly id: string }[], index: number): string | undefined {
  return files.length === 0 ? undefined : files[index % files.length]?.id;
}

const FAULTS: readonly Fault[] = [
  'busy',
  'reset',
  'lost-answer',
  'refused',
  'gone',
  'damaged',
  'signer-garbage',
  'signer-down',
  'signer-answer-lost',
  'unreadable',
];

const add = fc
  .tuple(fc.constantFrom(0, 5, 900, 1001, 1250), fc.boolean())
  .map(
    ([size, isHeld]) =>
      new Command(`add(${size}${isHeld ? ', held' : ''})`, (page) => page.add(size, isHeld)),
  );

const remove = fc
  .nat(5)
  .map(
    (index) =>
      new Command(`remove(${index})`, ({ uploader }) =>
        uploader.remove(pickId(uploader.files, index) ?? 'nobody'),
      ),
  );

const fail = fc
  .constantFrom(...FAULTS)
  .map((fault) => new Command(`fault(${fault})`, ({ faults }) => void faults.add(fault)));

const pass = fc
  .constantFrom(0, 40, 100, 350, 700, 1500, 1500, 20_000, 20_000, 120_000, 20 * 60_000)
  .map((ms) => new Command(`pass(${ms})`, (page) => page.advance(ms)));

const heal = fc.constant(new Command('heal', ({ faults }) => faults.clear()));

const goOffline = fc.constant(
  new Command('offline', ({ network }) => {
    network.isOnline = false;
  }),
);

const goOnline = fc.constant(
  new Command('online', ({ network, world }) => {
    network.isOnline = true;
    world.wake();
  }),
);

const reload = fc.constant(new Command('reload', (page) => page.reload()));
const clear = fc.constant(new Command('clear', ({ uploader }) => uploader.clear()));

/** Some more often than others. */
export const commands: readonly fc.Arbitrary<fc.AsyncCommand<Model, ModelPage>>[] = [
  add,
  add,
  add,
  forFile('start'),
  forFile('pause'),
  forFile('resume'),
  forFile('retry'),
  remove,
  clear,
  fail,
  fail,
  heal,
  heal,
  goOffline,
  goOnline,
  goOnline,
  reload,
  pass,
  pass,
  pass,
  pass,
];
