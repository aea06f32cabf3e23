// Completing what stores do on a bad day: errors under a 200, lost answers, old lists, minutes of silence.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { complete, statusOf } from '../contracts/multipart-steps.js';
import { create } from '../support/create-uploads.js';
import { quickSleep, untilAborted } from '../support/quick-sleep.js';
import {
  startScriptedStore,
  stored,
  xml,
  type Script,
  type ScriptedStore,
} from '../support/scripted-store.js';
import { testSigner, type TestSigner } from '../support/test-signer.js';

const MIB = 2 ** 20;
const SIZE = 20 * MIB;
const FULL = [
  { partNumber: 1, size: 16 * MIB },
  { partNumber: 2, size: 4 * MIB },
];
const TYPE = 'video/mp4';
const ours = () => stored(SIZE, TYPE);
const nothing = () => ({ status: 404 });

interface Scene {
  readonly store: ScriptedStore;
  readonly signer: TestSigner;
  readonly upload: { readonly ticket: string };
}

interface Props {
  readonly size?: number;
  readonly sleep?: typeof quickSleep;
  readonly provider?: 'auto' | 's3';
}

/** A signer on a scripted store, and an upload of 20 MiB in two parts. */
async function play(
  t: TestContext,
  script: Script,
  { size = SIZE, sleep = quickSleep, provider = 'auto' }: Props = {},
): Promise<Scene> {
  const opening = { create: () => ({ body: xml.created('upload-1') }) };
  const store = await startScriptedStore({ ...opening, ...script }, { provider });
  t.after(() => store.close());
  const signer = testSigner({ storage: store.settings }, { sleep });
  const { multiparts } = await create(signer, [{ name: 'film.mp4', type: TYPE, size }]);
  const [upload] = multiparts;
  assert.ok(upload);
  return { store, signer, upload };
}

describe('completing an upload in parts', () => {
  for (const [title, body] of [
    ['an error', xml.error('InternalError')],
    ['an error that blanks follow', `${xml.error('InternalError')}\n   \n`],
    ['nothing', ''],
  ] as const) {
    it(`takes a 200 with ${title} in its body for a failure that may pass`, async (t) => {
      const { signer, upload } = await play(t, {
        list: () => ({ body: xml.parts(FULL) }),
        complete: () => ({ body }),
        head: nothing,
      });

      const { error } = await complete(signer, upload);

      assert.deepEqual([error?.code, error?.retryable], ['storage-unavailable', true]);
    });
  }

  it('asks again by itself after a 200 with an error in its body', async (t) => {
    const { signer, upload } = await play(t, {
      list: () => ({ body: xml.parts(FULL) }),
      complete: ({ earlier }) => ({ body: earlier === 0 ? xml.error('InternalError') : xml.completed() }),
      head: ours,
    });

    assert.equal((await complete(signer, upload)).file?.size, SIZE);
  });

  it('finds the file of a completion whose answer was lost', async (t) => {
    const { signer, upload } = await play(t, {
      list: () => ({ body: xml.parts(FULL) }),
      complete: () => ({ status: 404, body: xml.error('NoSuchUpload') }),
      head: ours,
    });

    assert.equal((await complete(signer, upload)).file?.etag, 'e-1');
  });

  it('looks twice before it says that an upload is gone', async (t) => {
    const late = await play(t, {
      list: nothing,
      head: ({ earlier }) => (earlier === 0 ? nothing() : ours()),
    });
    const never = await play(t, { list: nothing, head: nothing });

    const [found, lost] = [
      await complete(late.signer, late.upload),
      await complete(never.signer, never.upload),
    ];

    assert.equal(found.file?.size, SIZE);
    assert.equal(lost.error?.code, 'upload-gone');
  });

  it('looks twice for what storage has just put together', async (t) => {
    const { signer, upload } = await play(t, {
      list: () => ({ body: xml.parts(FULL) }),
      complete: () => ({ body: xml.completed() }),
      head: ({ earlier }) => (earlier === 0 ? nothing() : ours()),
    });

    assert.equal((await complete(signer, upload)).file?.size, SIZE);
  });

  it('waits for a list that is behind, and never finishes short', async (t) => {
    const lists = [
      FULL.slice(0, 1),
      [FULL[0], { partNumber: 2, size: 1 }].flatMap((part) => part ?? []),
      FULL,
    ];
    let sent = '';
    const { signer, store, upload } = await play(t, {
      list: ({ earlier }) => ({ body: xml.parts(lists[earlier] ?? FULL) }),
      complete: ({ body }) => {
        sent = body;
        return { body: xml.completed() };
      },
      head: ours,
    });

    const { file } = await complete(signer, upload);

    assert.equal(file?.size, SIZE);
    assert.deepEqual(store.calls, ['create', 'list', 'list', 'list', 'complete', 'head']);
    assert.deepEqual(
      [...sent.matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => number),
      ['1', '2'],
    );
  });

  it('lists the parts again when one of them was sent anew meanwhile', async (t) => {
    const { signer, upload } = await play(t, {
      list: () => ({ body: xml.parts(FULL) }),
      complete: ({ earlier }) =>
        earlier === 0 ? { status: 400, body: xml.error('InvalidPart') } : { body: xml.completed() },
      head: ours,
    });

    assert.equal((await complete(signer, upload)).file?.size, SIZE);
  });

  it('gives no receipt for an object of another size or type', async (t) => {
    for (const [head, code] of [
      [stored(SIZE - 1, TYPE), 'size-mismatch'],
      [stored(SIZE, 'text/html'), 'type-mismatch'],
    ] as const) {
      const { signer, upload } = await play(t, {
        list: () => ({ body: xml.parts(FULL) }),
        complete: () => ({ body: xml.completed() }),
        head: () => head,
      });

      assert.equal((await complete(signer, upload)).error?.code, code);
    }
  });

  it('answers before storage is done, goes on, and tells the next call what came of it', async (t) => {
    const [begun, finish, deadline] = [new AbortController(), new AbortController(), new AbortController()];
    const deadlines = [deadline.signal];
    const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
      ms < 20_000 ? quickSleep(ms, signal) : untilAborted(AbortSignal.any([signal, ...deadlines.splice(0)]));
    const { signer, store, upload } = await play(
      t,
      {
        // Once storage is done the upload is no longer open.
        list: () => (finish.signal.aborted ? nothing() : { body: xml.parts(FULL) }),
        complete: async () => {
          begun.abort();
          await untilAborted(finish.signal);
          return { body: xml.completed() };
        },
        head: ours,
      },
      { sleep },
    );

    const late = complete(signer, upload);
    await untilAborted(begun.signal);
    deadline.abort();
    const { error } = await late;
    const joined = [complete(signer, upload), complete(signer, upload)];
    finish.abort();
    const [second, third] = await Promise.all(joined);

    assert.deepEqual([error?.code, error?.status, error?.retryable], ['storage-timeout', 504, true]);
    assert.equal(second?.file?.size, SIZE);
    assert.equal(second?.text, third?.text);
    assert.equal(store.calls.filter((call) => call === 'complete').length, 1);
  });

  it('pages through more than a thousand parts', async (t) => {
    const count = 2500;
    const all = Array.from({ length: count }, (_, index) => ({ partNumber: index + 1, size: 16 * MIB }));
    const { signer, upload } = await play(
      t,
      {
        list: ({ query }) => {
          const from = Number(query.get('part-number-marker') ?? 0);
          const to = from + Number(query.get('max-parts'));
          return { body: xml.parts(all.slice(from, to), to < count ? to : undefined) };
        },
        complete: ({ body }) => {
          assert.equal(body.match(/<Part>/g)?.length, count);
          return { body: xml.completed() };
        },
        head: () => stored(count * 16 * MIB, TYPE),
      },
      { size: count * 16 * MIB },
    );

    const { parts } = await statusOf(signer, upload);

    assert.deepEqual(parts, all);
    assert.equal((await complete(signer, upload)).file?.size, count * 16 * MIB);
  });

  it('never replaces an object where storage can hold it to that', async (t) => {
    let header: string | undefined;
    const { signer, upload } = await play(
      t,
      {
        list: () => ({ body: xml.parts(FULL) }),
        complete: ({ headers }) => {
          header = headers['if-none-match'];
          return { status: 412, body: xml.error('PreconditionFailed') };
        },
        head: ours,
      },
      { provider: 's3' },
    );

    const { file } = await complete(signer, upload);

    assert.equal(header, '*');
    assert.equal(file?.size, SIZE);
  });
});
