// The worker pool: with workers, without them, and when they break.
import { expect } from '@open-wc/testing';
import { createWorker } from '../../../widget/image/create-worker.js';
import { ImagePipeline } from '../../../widget/image/image-pipeline.js';
import { createPrepare } from '../../../widget/image/prepare.js';
import { transformImage } from '../../../widget/image/transform.js';
import { fixture } from './support.js';

const POLICY = {
  maxWidth: 100,
  maxHeight: null,
  quality: 0.8,
  format: 'auto',
  metadata: 'strip',
  renditions: [],
} as const;
const never = new AbortController().signal;

/** Workers of a script, counted as they start and end. */
function counted(create: () => Worker = createWorker) {
  const count = { started: 0, ended: 0 };
  const start = () => {
    count.started += 1;
    const worker = create();
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      count.ended += 1;
      terminate();
    };
    return worker;
  };
  return { count, start };
}

function scriptWorker(script: string): Worker {
  return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
}

/** Takes what it is sent and never answers. */
function startDeafWorker(): Worker {
  return scriptWorker("postMessage({ type: 'ready' }); onmessage = () => undefined;");
}

it('does in workers what it does on the page, with two of them for many images', async () => {
  const { count, start } = counted();
  const pipeline = new ImagePipeline({ createWorker: start, maxWorkers: 2 });
  const source = await fixture('orientation-landscape-6.jpg');

  const results = await Promise.all(
    Array.from({ length: 6 }, () => pipeline.transform(source, { maxWidth: 50 }, never)),
  );

  const expected = await transformImage(source, { maxWidth: 50 });
  for (const { main } of results) {
    const { width, height, type, blob } = main;
    expect([width, height, type, blob.size]).to.deep.equal([50, 38, 'image/jpeg', expected.blob.size]);
  }
  expect(count.started).to.equal(2);
});

it('ends its workers when there is nothing to do, and starts again', async () => {
  const { count, start } = counted();
  const pipeline = new ImagePipeline({ createWorker: start, maxWorkers: 1, idleMs: 0 });
  const source = await fixture('alpha.webp');

  await pipeline.transform(source, { maxWidth: 50 }, never);
  while (count.ended === 0) await new Promise((resolve) => setTimeout(resolve));
  await pipeline.transform(source, { maxWidth: 50 }, never);

  expect(count.started).to.equal(2);
});

for (const [title, create] of [
  [
    'throw',
    () => {
      throw new DOMException('blocked', 'SecurityError');
    },
  ],
  ['fire an error', () => new Worker('/no-such-worker.js')],
  [
    'break at work',
    () => scriptWorker("postMessage({ type: 'ready' }); onmessage = () => { throw new Error('broken'); };"),
  ],
] as const) {
  it(`works on the page where workers ${title}`, async () => {
    const pipeline = new ImagePipeline({ createWorker: create });

    const { main } = await pipeline.transform(await fixture('alpha.webp'), { maxWidth: 50 }, never);

    expect([main.width, main.changed]).to.deep.equal([50, true]);
  });
}

it('tries to start a worker once where none may start, however many images come', async () => {
  let tries = 0;
  const create = () => {
    tries += 1;
    throw new TypeError('This document requires TrustedScriptURL.');
  };
  const pipeline = new ImagePipeline({ createWorker: create, maxWorkers: 2 });
  const source = await fixture('alpha.webp');

  await Promise.all([1, 2, 3].map(() => pipeline.transform(source, { maxWidth: 50 }, never)));
  await pipeline.transform(source, { maxWidth: 50 }, never);

  expect(tries).to.equal(1);
});

it('stops an image that is aborted and goes on with the next', async () => {
  const pipeline = new ImagePipeline({ createWorker, maxWorkers: 1 });
  const controller = new AbortController();
  const source = await fixture('orientation-landscape-6.jpg');

  const stopped = pipeline
    .transform(source, { maxWidth: 50 }, controller.signal)
    .catch((reason: unknown) => reason);
  const next = pipeline.transform(source, { maxWidth: 50 }, never);
  controller.abort('enough');

  expect(await stopped).to.equal('enough');
  expect((await next).main.width).to.equal(50);
});

it('ends a worker that does not hear of an abort, and starts another for the next image', async () => {
  const workers = [startDeafWorker, createWorker];
  const { count, start } = counted(() => (workers.shift() ?? createWorker)());
  const pipeline = new ImagePipeline({ createWorker: start, maxWorkers: 1 });
  const controller = new AbortController();
  const source = await fixture('orientation-landscape-6.jpg');

  const stopped = pipeline
    .transform(source, { maxWidth: 50 }, controller.signal)
    .catch((reason: unknown) => reason);
  while (count.started === 0) await new Promise((resolve) => setTimeout(resolve));
  controller.abort('enough');

  expect(await stopped).to.equal('enough');
  expect((await pipeline.transform(source, { maxWidth: 50 }, never)).main.width).to.equal(50);
});

it('hands on what an image must not be sent for', async () => {
  const pipeline = new ImagePipeline({ createWorker });

  const error = await pipeline
    .transform(await fixture('corrupt-header.jpg'), {}, never)
    .catch((reason: unknown) => reason);

  expect((error as { readonly code?: string }).code).to.equal('metadata-not-removed');
});

describe('the port of the engine', () => {
  it('passes what is no image untouched, and asks nobody', async () => {
    const prepare = createPrepare(() => Promise.reject(new Error('asked')));
    const files = [
      new File(['a'], 'a.txt', { type: 'text/plain' }),
      new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' }),
      new File(['a'], 'a.unknown'),
    ];

    for (const file of files) {
      expect(await prepare(file, POLICY, never)).to.deep.equal({
        blob: file,
        name: file.name,
        type: file.type,
      });
    }
    const image = new File(['a'], 'a.png', { type: 'image/png' });
    expect((await prepare(image, undefined, never)).blob).to.equal(image);
  });

  it('gives a converted image the extension of its type', async () => {
    const prepare = createPrepare();
    const source = await fixture('orientation-landscape-1.jpg');

    const kept = await prepare(new File([source], 'Photo 1.JPEG'), POLICY, never);
    const converted = await prepare(
      new File([source], 'photo.1.jpg', { type: 'image/jpeg' }),
      { ...POLICY, format: 'webp' },
      never,
    );

    expect([kept.name, kept.type, kept.width, kept.height]).to.deep.equal([
      'Photo 1.JPEG',
      'image/jpeg',
      100,
      75,
    ]);
    expect([converted.name, converted.type]).to.deep.equal(['photo.1.webp', 'image/webp']);
  });
});
