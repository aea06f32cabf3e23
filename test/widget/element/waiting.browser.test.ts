// Files that wait for the network or are paused: what is said, what is offered, and that they go on.
import { expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { advance, announced, choose, control, file, idle, part, parts, rowTexts, Stage } from './stage.js';

const LARGE = 4_000_000;

describe('files that wait', () => {
  it('say why, keep what they have, and go on when the network is back', async () => {
    const { stage, element } = await waiting('offline');

    expect(rowTexts(element)[0]).to.contain('No connection · 1 of 4 MB');
    expect(part(element, 'summary').textContent)
      .to.contain('No connection')
      .and.contain('goes on by itself when you are online again');
    expect(element.matches(':state(busy)')).to.equal(true);
    expect(element.validity.valid).to.equal(true);
    await expect(element).to.be.accessible();

    stage.sends.length = 0;
    window.dispatchEvent(new Event('online'));
    (await stage.sending('film.mp4')).finish();
    await idle(element);
    expect(element.files[0]?.status).to.equal('complete');
  });

  const NOTES = [
    ['signer-unreachable', 'The upload service does not answer.'],
    ['storage-unavailable', 'The storage takes no files at the moment.'],
    ['rate-limited', 'Many uploads at once.'],
    ['internal', 'It goes on by itself.'],
  ] as const;
  for (const [code, note] of NOTES) {
    it(`say "${note}" after ${code}`, async () => {
      const { element } = await waiting(code);

      expect(rowTexts(element)[0]).to.contain('Trying again…');
      expect(part(element, 'summary').textContent).to.contain(note);
    });
  }

  it('say it in the row where there is no bar', async () => {
    const { element } = await waiting('offline', { multiple: false });

    expect(rowTexts(element)[0]).to.contain('It goes on by itself when you are online again.');
  });

  it('are told of once, and so is going on', async () => {
    const { stage, element, send } = await sending();
    stage.stalling = 'storage-unavailable';
    send.stall('storage-unavailable');
    await waitUntil(() => announced(element).includes('The storage takes no files at the moment.'), 'told', {
      timeout: 4000,
    });
    stage.stalling = undefined;
    stage.sends.length = 0;
    window.dispatchEvent(new Event('online'));
    await stage.sending('film.mp4');
    await waitUntil(() => announced(element).includes('The upload goes on.'), 'told', { timeout: 4000 });

    expect(announced(element).match(/Trying again/g)).to.have.length(1);
  });
});

describe('a pause', () => {
  it('stops a large file and goes on with it, the keyboard on the same button', async () => {
    const { stage, element, send } = await sending();
    control(element, 'Pause film.mp4').focus();

    control(element, 'Pause film.mp4').click();
    await element.updateComplete;

    expect(rowTexts(element)[0]).to.contain('Paused');
    expect(element.files[0]?.status).to.equal('paused');
    expect(element.shadowRoot!.activeElement?.ariaLabel).to.equal('Resume film.mp4');
    expect(element.matches(':state(busy)')).to.equal(false);
    expect(part(element, 'summary').textContent).to.contain('Paused');
    await waitUntil(() => announced(element).includes('The upload is paused.'));
    await expect(element).to.be.accessible();

    stage.sends.length = 0;
    control(element, 'Resume film.mp4').click();
    (await stage.sending('film.mp4')).finish();
    await idle(element);
    expect(announced(element)).to.contain('The upload goes on.');
    expect(element.files[0]?.status).to.equal('complete');
    expect(send).not.to.equal(undefined);
  });

  it('stays under the finger that resumed the file, and its end meets no other button', async () => {
    const { stage, element } = await sending();
    control(element, 'Pause film.mp4').focus();
    control(element, 'Pause film.mp4').click();
    await element.updateComplete;
    stage.sends.length = 0;

    control(element, 'Resume film.mp4').click();
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement?.ariaLabel).to.equal('Pause film.mp4');

    (await stage.sending('film.mp4')).finish();
    await idle(element);
    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'item'));
    part(element, 'button').focus();
    expect(part(element, 'item').hasAttribute('tabindex')).to.equal(false);
  });

  it('is told with the name where there are others', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.mp4', LARGE, 'video/mp4'), file('b.mp4', LARGE - 1, 'video/mp4'));
    await stage.sending('b.mp4');

    control(element, 'Pause b.mp4').click();
    await waitUntil(() => announced(element).includes('b.mp4 is paused.'));
    control(element, 'Resume b.mp4').click();

    await waitUntil(() => announced(element).includes('b.mp4 goes on.'));
  });

  it('that ends without a network is not told as going on', async () => {
    const { element } = await sending();
    element.pause();
    const online = Object.getOwnPropertyDescriptor(Navigator.prototype, 'onLine')!;
    Object.defineProperty(Navigator.prototype, 'onLine', { configurable: true, get: () => false });
    window.dispatchEvent(new Event('offline'));

    try {
      element.resume();
      await waitUntil(() => announced(element).includes('when you are online again.'));
      expect(announced(element)).not.to.contain('goes on.');
    } finally {
      Object.defineProperty(Navigator.prototype, 'onLine', online);
      window.dispatchEvent(new Event('online'));
    }
  });

  it('is not offered for small files, which are sent before anybody could press', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png', 1000));
    await stage.sending('a.png');

    expect(() => control(element, 'Pause a.png')).to.throw();
    expect(() => control(element, 'Pause')).to.throw();
  });

  it('concerns all files by one button', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.mp4', LARGE, 'video/mp4'), file('b.mp4', LARGE - 1, 'video/mp4'));
    await stage.sending('b.mp4');

    control(element, 'Pause all').click();
    await element.updateComplete;
    expect(element.files.map(({ status }) => status)).to.deep.equal(['paused', 'paused']);
    expect(stage.heard).not.to.contain('b2-complete');

    stage.sends.length = 0;
    control(element, 'Resume all').click();
    (await stage.sending('a.mp4')).finish();
    (await stage.sending('b.mp4')).finish();
    await idle(element);
    expect(stage.heard.filter((type) => type === 'b2-complete')).to.have.length(1);
  });

  it('keeps the others from being called complete, until the paused one is removed', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.mp4', LARGE, 'video/mp4'), file('b.png'));
    await stage.sending('a.mp4');
    element.pause(element.files[0]!.id);
    (await stage.sending('b.png')).finish();
    await idle(element);
    expect(stage.heard).not.to.contain('b2-complete');

    element.remove(element.files[0]!.id);

    expect(stage.heard).to.contain('b2-complete');
  });

  it('ends when the form is submitted, which waits', async () => {
    const { stage, element } = await sending();
    const form = document.createElement('form');
    let submits = 0;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submits += 1;
    });
    element.parentElement!.append(form);
    form.append(element);
    element.pause();
    stage.sends.length = 0;

    form.requestSubmit();
    expect(submits).to.equal(0);
    (await stage.sending('film.mp4')).finish();

    await waitUntil(() => submits === 1, 'the form is sent', { timeout: 4000 });
  });
});

describe('the order', () => {
  it('follows move(), and so does the value', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'value-format': 'key' });
    await choose(element, file('a.png', 1), file('b.png', 2), file('c.png', 3));
    await idle(element);
    const [a, b, c] = element.value;

    element.move(element.files[2]!.id, 0);
    await element.updateComplete;

    expect(parts(element, 'name').map(({ title }) => title)).to.deep.equal(['c.png', 'a.png', 'b.png']);
    expect(element.value).to.deep.equal([c, a, b]);
  });
});

async function sending(attributes = {}): Promise<{
  stage: Stage;
  element: B2Uploader;
  send: Awaited<ReturnType<Stage['sending']>>;
}> {
  const stage = new Stage();
  const element = await stage.mount(attributes);
  await choose(element, file('film.mp4', LARGE, 'video/mp4'));
  const send = await stage.sending('film.mp4');
  await advance(send, 1_000_000, () => element.files[0]?.sentBytes === 1_000_000);
  await element.updateComplete;
  return { stage, element, send };
}

async function waiting(
  code: Parameters<Awaited<ReturnType<Stage['sending']>>['stall']>[0],
  attributes = {},
): Promise<{ stage: Stage; element: B2Uploader }> {
  const { stage, element, send } = await sending(attributes);
  send.stall(code);
  await waitUntil(() => element.files[0]?.status === 'waiting', 'it waits');
  await element.updateComplete;
  return { stage, element };
}
