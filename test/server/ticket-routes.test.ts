// What the ticket routes share: how much one address may ask, and the time by which it hears.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Failed, Problem } from '../../server/protocol.js';
import { create } from '../support/create-uploads.js';
import { quickSleep, untilAborted } from '../support/quick-sleep.js';
import { startScriptedStore, xml } from '../support/scripted-store.js';
import { photo, testSigner } from '../support/test-signer.js';

const SIZE = 40 * 2 ** 20;
const PER_MINUTE = 12_000;

describe('the tickets of one address', () => {
  it('are limited over all routes, far above what pages need, and each address by itself', async () => {
    let address = '203.0.113.1';
    const { post } = testSigner({}, { clientAddress: () => address });
    const tickets = Array.from({ length: 100 }, () => 'not-a-ticket');
    const bodies = {
      status: { tickets },
      complete: { tickets },
      abort: { tickets },
      sign: { requests: tickets.map((ticket) => ({ ticket })) },
    };
    for (let taken = 0; taken < PER_MINUTE; taken += tickets.length) {
      assert.equal((await post('/v1/uploads/status', bodies.status)).status, 401);
    }

    for (const [action, body] of Object.entries(bodies)) {
      const refused = await post(`/v1/uploads/${action}`, body);
      const problem = (await refused.json()) as Problem;
      assert.deepEqual([refused.status, problem.code, problem.retryable], [429, 'rate-limited', true]);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
    }
    address = '203.0.113.2';

    assert.equal((await post('/v1/uploads/status', bodies.status)).status, 401);
  });
});

describe('a call about tickets', () => {
  for (const [action, bodyOf] of [
    [
      'sign',
      (tickets) => ({
        requests: [{ ticket: tickets[0] }, { ticket: tickets[1], parts: [{ partNumber: 1 }] }],
      }),
    ],
    ['status', (tickets) => ({ tickets })],
    ['complete', (tickets) => ({ tickets })],
    ['abort', (tickets) => ({ tickets })],
  ] as const satisfies readonly (readonly [string, (tickets: readonly string[]) => object])[]) {
    it(`is answered in time when storage never answers (${action})`, async (t) => {
      const { tickets, post, asked, endOfTime } = await playSilentStore(t);

      const answering = post(`/v1/uploads/${action}`, bodyOf(tickets));
      await untilAborted(asked);
      endOfTime();
      const answer = await answering;

      const { results, files } = (await answer.json()) as Readonly<Record<string, readonly Failed[]>>;
      assert.equal(answer.status, 504);
      assert.deepEqual(
        (results ?? files)?.map(({ error }) => [error.code, error.retryable]),
        [
          ['storage-timeout', true],
          ['storage-timeout', true],
        ],
      );
    });
  }
});

/** A store that takes new uploads, and is silent about them. */
async function playSilentStore(t: TestContext) {
  const [asked, late] = [new AbortController(), new AbortController()];
  const silence = async () => {
    asked.abort();
    await untilAborted(late.signal);
    return { status: 500 };
  };
  const script = {
    create: () => ({ body: xml.created('an-upload-id-of-storage') }),
    list: silence,
    head: silence,
    abort: silence,
  };
  const store = await startScriptedStore(script, { provider: 'b2' });
  t.after(() => store.close());
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    ms < 20_000 ? quickSleep(ms, signal) : untilAborted(AbortSignal.any([signal, late.signal]));
  const signer = testSigner({ storage: store.settings }, { sleep });
  const { uploads, multiparts } = await create(signer, [photo(), photo({ size: SIZE })]);
  const tickets = [...uploads, ...multiparts].map(({ ticket }) => ticket);
  return { tickets, post: signer.post, asked: asked.signal, endOfTime: () => late.abort() };
}
