// The hasher with its worker, and when that is blocked, breaks or hangs.
import { expect } from '@open-wc/testing';
import { createWorker } from '../../../../widget/engine/md5/create-worker.js';
import { createHasher } from '../../../../widget/engine/md5/hasher.js';

const MIB = 1024 * 1024;
const ABC = 'kAFQmDzST7DWlj99KOF/cg==';
const never = new AbortController().signal;
const abc = () => new Blob(['abc']);

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

const blocked = () => {
  throw new DOMException('blocked', 'SecurityError');
};

it('hashes in one worker what it hashes on the page', async () => {
  const { count, start } = counted();
  const inWorker = createHasher({ createWorker: start });
  const onPage = createHasher({ createWorker: blocked });
  const random = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Blob(Array.from({ length: 40 }, () => random));
  const bodies = [0, 1, 65_536, MIB - 1, MIB, MIB + 1, 2 * MIB].map((size) => large.slice(0, size));

  const expected = await Promise.all(bodies.map((body) => onPage.md5(body, never)));
  const digests = await Promise.all(bodies.map((body) => inWorker.md5(body, never)));
  const small = await large.slice(0, 65_536).arrayBuffer();
  const [here, there] = await Promise.all([onPage.md5(small, never), inWorker.md5(small, never)]);

  expect(digests).to.deep.equal(expected);
  expect([here, there]).to.deep.equal([expected[2], expected[2]]);
  expect(small.byteLength).to.equal(65_536);
  expect(digests[0]).to.equal('1B2M2Y8AsgTpgAmY7PhCfg==');
  expect(await inWorker.md5(abc(), never)).to.equal(ABC);
  expect(count).to.deep.equal({ started: 1, ended: 0 });
});

it('ends its worker when there is nothing to do, and starts again', async () => {
  const { count, start } = counted();
  const hasher = createHasher({ createWorker: start, idleMs: 0 });

  await hasher.md5(abc(), never);
  while (count.ended === 0) await new Promise((resolve) => setTimeout(resolve));
  const md5 = await hasher.md5(abc(), never);

  expect(md5).to.equal(ABC);
  expect(count.started).to.equal(2);
});

const READY = "postMessage({ type: 'ready' });";
for (const [title, create] of [
  ['throw', blocked],
  ['fire an error', () => new Worker('/no-such-worker.js')],
  ['never start', () => scriptWorker('')],
  ['break at work', () => scriptWorker(`${READY} onmessage = () => { throw new Error('broken'); };`)],
  ['hang', () => scriptWorker(`${READY} onmessage = () => { for (;;); };`)],
] as const) {
  it(`hashes every body on the page where workers ${title}`, async () => {
    const { count, start } = counted(create);
    const hasher = createHasher({ createWorker: start, pingEveryMs: 20 });

    const digests = await Promise.all([1, 2, 3].map(() => hasher.md5(abc(), never)));

    expect(digests).to.deep.equal([ABC, ABC, ABC]);
    expect(count.started).to.equal(1);
  });
}

it('lets a worker that answers take its time', async () => {
  const script = `${READY}
    let asked = 0;
    onmessage = ({ data }) => {
      if (data.type === 'ping') postMessage((asked += 1) < 2 ? { type: 'pong' } : { type: 'done', id: 1, md5: 'slow' });
    };`;
  const hasher = createHasher({ createWorker: () => scriptWorker(script), pingEveryMs: 300 });

  expect(await hasher.md5(abc(), never)).to.equal('slow');
});

it('does not start a worker again that broke twice', async () => {
  const { count, start } = counted(() =>
    scriptWorker(`${READY} onmessage = () => { throw new Error('broken'); };`),
  );
  const hasher = createHasher({ createWorker: start });

  for (const _ of [1, 2, 3, 4]) expect(await hasher.md5(abc(), never)).to.equal(ABC);

  expect(count.started).to.equal(2);
});

it('drops and stops what is aborted, and goes on with the next body', async () => {
  const hasher = createHasher();
  const [running, waiting] = [new AbortController(), new AbortController()];
  const long = new Blob([new Uint8Array(200 * MIB)]);
  await hasher.md5(abc(), never);

  const results = [
    hasher.md5(long, running.signal),
    hasher.md5(long, waiting.signal),
    hasher.md5(abc(), never),
  ].map((result) => result.catch((reason: unknown) => reason));
  waiting.abort('dropped');
  setTimeout(() => running.abort('stopped'), 20);

  expect(await Promise.all(results)).to.deep.equal(['stopped', 'dropped', ABC]);
});

it('does not let a small body wait for a large one', async () => {
  const hasher = createHasher();
  const done: string[] = [];
  const large = new Blob([new Uint8Array(200 * MIB)]);

  await Promise.all([
    hasher.md5(large, never).then(() => done.push('large')),
    ...['first', 'second'].map((text) => hasher.md5(new Blob([text]), never).then(() => done.push('small'))),
  ]);

  expect(done).to.deep.equal(['small', 'small', 'large']);
});

it('tells a file that cannot be read by the name of its error, and goes on', async () => {
  const script = `${READY} onmessage = ({ data }) =>
    postMessage({ type: 'failed', id: data.id, name: 'NotReadableError', message: 'It changed.' });`;
  const { count, start } = counted(() => scriptWorker(script));
  const hasher = createHasher({ createWorker: start });

  const errors = await Promise.all(
    [1, 2].map(() => hasher.md5(abc(), never).catch((reason: unknown) => reason)),
  );

  expect(errors.map((error) => (error as DOMException).name)).to.deep.equal([
    'NotReadableError',
    'NotReadableError',
  ]);
  expect(count).to.deep.equal({ started: 1, ended: 0 });
});
