// Completions under way: one for each upload, joined by all who ask, and over when it is over.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredObject } from '../../server/storage/storage.js';
import type { Ticket } from '../../server/ticket.js';
import { createCompletions, waitUntil } from '../../server/uploads/completions.js';

const ticket: Ticket = {
  site: 'pk_1',
  id: '1',
  key: 'k',
  name: 'n',
  size: 1,
  type: 'video/mp4',
  expiresAt: 1,
};
const object: StoredObject = {
  size: 1,
  type: 'video/mp4',
  etag: 'e',
  storedAt: new Date(0),
  presentation: [],
};

describe('completions', () => {
  it('are joined while they run, each upload by itself', async () => {
    const completions = createCompletions();
    let starts = 0;
    const start = async () => {
      starts += 1;
      return object;
    };

    const joined = [completions.join(ticket, start), completions.join({ ...ticket }, start)];
    const other = completions.join({ ...ticket, id: '2' }, start);
    const elsewhere = completions.join({ ...ticket, site: 'pk_2' }, start);

    assert.equal(starts, 3);
    assert.deepEqual(await Promise.all([...joined, other, elsewhere]), [object, object, object, object]);
  });

  it('are forgotten once they are over, failed ones too', async () => {
    const completions = createCompletions();

    await completions.join(ticket, () => Promise.resolve(object));
    const failing = completions.join(ticket, () => Promise.reject(new Error('no')));

    assert.ok(completions.find(ticket));
    await assert.rejects(failing, /no/);
    assert.equal(completions.find(ticket), undefined);
    assert.equal(await completions.join(ticket, () => Promise.resolve(object)), object);
  });

  it('are waited for until the deadline, and no longer', async () => {
    const deadline = new AbortController();
    const waiting = waitUntil(deadline.signal, new Promise(() => undefined));

    deadline.abort();

    await assert.rejects(waiting, { code: 'storage-timeout' });
    await assert.rejects(waitUntil(deadline.signal, new Promise(() => undefined)), {
      code: 'storage-timeout',
    });
    assert.equal(await waitUntil(new AbortController().signal, Promise.resolve(1)), 1);
  });
});
