// The world around the element: a set-up that is mended, a network that goes and comes, failures of one cause.
import { expect, waitUntil } from '@open-wc/testing';
import { announced, choose, file, idle, rowTexts, Stage } from './stage.js';

const INTERRUPTED = 'The connection to the storage was interrupted. Try again.';

describe('set-up and network', () => {
  it('sends by itself what was added before site-key was set', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'site-key': '' });
    await choose(element, file('a.png'));
    expect(element.files[0]?.status).to.equal('queued');

    element.siteKey = 'pk_test';

    await waitUntil(() => element.files[0]?.status === 'complete');
  });

  it('sends by itself what was added while the site was not known, but not with no-auto', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    stage.problem = { code: 'unknown-site', status: 404 };
    const { error } = console;
    let told = 0;
    console.error = () => (told += 1);
    const element = await stage.mount({ 'site-key': 'pk_typo' });
    const patient = await stage.mount({ 'site-key': 'pk_typo', 'no-auto': true });
    await waitUntil(() => told === 2);
    console.error = error;
    await choose(element, file('a.png'));
    await choose(patient, file('b.png'));

    stage.problem = undefined;
    element.siteKey = 'pk_test';
    patient.siteKey = 'pk_test';

    await waitUntil(() => element.files[0]?.status === 'complete');
    await patient.loadPolicy();
    await patient.updateComplete;
    expect(patient.files[0]?.status).to.equal('queued');
  });

  it('says once that the network is gone and once that it is back', async () => {
    const element = await new Stage().mount();

    await withNetwork(false, () => element.updateComplete);
    expect(announced(element)).to.equal('You are offline. Files can be sent when the connection is back.');
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('online'));
    await element.updateComplete;

    expect(announced(element)).to.match(/ You are online again\.$/);
    expect(announced(element).match(/online/g)).to.have.length(1);
  });

  it('names the network as the cause while it is gone', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');

    await withNetwork(false, async () => {
      send.fail('signer-unreachable');
      await idle(element);
      expect(rowTexts(element)[0]).to.contain('You are offline. Check the connection, then try again.');
    });
    window.dispatchEvent(new Event('online'));
    await element.updateComplete;

    expect(rowTexts(element)[0]).to.contain('The upload service did not answer.');
  });

  it('says one sentence for many failures of one cause', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    const names = ['a.png', 'b.png', 'c.png'];
    await choose(element, ...names.map((name) => file(name)));

    for (const name of names) (await stage.sending(name)).fail('internal');
    await idle(element);
    await waitUntil(() => announced(element).includes('failed'));

    expect(announced(element)).to.equal(
      'Uploading 3 files. 3 files failed. The server had a problem. Try again.',
    );
  });

  it('blames the set-up for storage that never answered, the network for storage that did', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'));
    (await stage.sending('a.png')).fail('blocked-by-network');
    await idle(element);
    expect(rowTexts(element)[0]).to.contain('not set up correctly');

    await choose(element, file('b.png'));
    (await stage.sending('b.png')).finish();
    await idle(element);

    expect(rowTexts(element)[0]).to.contain(INTERRUPTED);
  });

  it('keeps its own words where the page gives none', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount();

    Object.assign(element, { strings: { done: undefined, open: 'Look' } });
    await choose(element, file('a.png'));
    await idle(element);

    expect(rowTexts(element)[0]).to.contain('Done').and.contain('Look');
  });
});

/** Lets the browser say that it has, or has not, a network. */
async function withNetwork(isOnline: boolean, act: () => Promise<unknown>): Promise<void> {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true });
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
  try {
    await act();
  } finally {
    Reflect.deleteProperty(navigator, 'onLine');
  }
}
