// Care for the page while files are sent: the question before it is left, the screen, bfcache, and an element that is taken out.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { choose, file, idle, Stage, type Sending } from './stage.js';

describe('the page', () => {
  it('asks before it is left while files are sent, and only then', async () => {
    const { element, send } = await sending();
    expect(leave()).to.equal(true);

    send.finish();
    await idle(element);

    expect(leave()).to.equal(false);
  });

  it('is left in silence while files are paused or wait for a command', async () => {
    const { element } = await sending();

    element.pause();
    await element.updateComplete;

    expect(leave()).to.equal(false);
  });

  it('pauses what runs when it is put aside, and goes on with exactly that', async () => {
    const { stage, element } = await sending();
    await choose(element, file('b.png', 2000));
    await stage.sending('b.png');
    element.pause(element.files[1]!.id);

    window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    expect(element.files.map(({ status }) => status)).to.deep.equal(['paused', 'paused']);
    stage.sends.length = 0;
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await stage.sending('a.png');

    expect(element.files[1]?.status).to.equal('paused');
  });

  it('keeps the screen on meanwhile, where it may', async () => {
    const asked: string[] = [];
    let isReleased = false;
    const wakeLock = {
      request: async (type: string) => {
        asked.push(type);
        return { released: false, release: async () => void (isReleased = true) };
      },
    };
    Object.defineProperty(navigator, 'wakeLock', { value: wakeLock, configurable: true });
    const { element, send } = await sending();
    await waitUntil(() => asked.length > 0);

    send.finish();
    await idle(element);
    await waitUntil(() => isReleased);

    Reflect.deleteProperty(navigator, 'wakeLock');
    expect(asked).to.deep.equal(['screen']);
  });

  it('loses nothing when it may not', async () => {
    const wakeLock = { request: () => Promise.reject(new DOMException('no', 'NotAllowedError')) };
    Object.defineProperty(navigator, 'wakeLock', { value: wakeLock, configurable: true });
    const { element, send } = await sending();

    send.finish();
    await idle(element);

    Reflect.deleteProperty(navigator, 'wakeLock');
    expect(element.files[0]?.status).to.equal('complete');
  });
});

describe('an element', () => {
  it('goes on sending when it is moved', async () => {
    const { element, send } = await sending();
    const place = document.createElement('div');
    element.parentElement!.append(place);

    place.append(element);
    await nextTask();
    send.finish();
    await idle(element);

    expect(element.files[0]?.status).to.equal('complete');
  });

  it('stops when it is taken out, and goes on when it is put back', async () => {
    const { stage, element } = await sending();
    const place = element.parentElement!;

    element.remove();
    await waitUntil(() => element.files[0]?.status === 'paused');
    expect(leave()).to.equal(false);

    stage.sends.length = 0;
    place.append(element);
    (await stage.sending('a.png')).finish();
    await idle(element);
    expect(element.files[0]?.status).to.equal('complete');
  });
});

async function sending(): Promise<{ stage: Stage; element: B2Uploader; send: Sending }> {
  const stage = new Stage();
  const element = await stage.mount();
  await choose(element, file('a.png'));
  const send = await stage.sending('a.png');
  await element.updateComplete;
  return { stage, element, send };
}

/** Whether the page would ask. */
function leave(): boolean {
  return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
