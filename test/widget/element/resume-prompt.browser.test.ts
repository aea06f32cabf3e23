// Uploads that an earlier visit left unfinished: when they are asked for, what is offered, and what becomes of them.
import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import type { UnfinishedUpload } from '../../../widget/engine/uploader.js';
import { announced, choose, control, file, part, parts, rowTexts, Stage } from './stage.js';

const KEY = 'b2-uploader:unfinished';

const photo: UnfinishedUpload = {
  id: 'r1',
  name: 'photo.jpg',
  size: 3000,
  type: 'image/jpeg',
  sentBytes: 0,
  hasBytes: true,
};
const film: UnfinishedUpload = {
  id: 'r2',
  name: 'film.mp4',
  size: 5000,
  type: 'video/mp4',
  sentBytes: 3000,
  hasBytes: false,
};

describe('uploads of an earlier visit', () => {
  beforeEach(async () => {
    // What the test before left under way has ended.
    await aTimeout(0);
    localStorage.setItem(KEY, 'pk_test');
  });
  afterEach(() => localStorage.removeItem(KEY));

  it('are offered plainly, and one that the browser cannot open is asked for', async () => {
    const { element } = await offered([photo, film]);

    const card = part(element, 'resume');
    expect(card.textContent).to.contain('2 uploads were not finished. Resume them?');
    expect(card.textContent).to.contain('photo.jpg');
    expect(card.textContent).to.contain('Choose film.mp4 again to go on from 60%.');
    expect(card.role ?? card.getAttribute('role')).to.equal('group');
    expect(announced(element)).to.contain('2 uploads were not finished.');
    await expect(element).to.be.accessible();
  });

  it('go on at a press; then the dialog is offered for the others', async () => {
    const { stage, element } = await offered([photo, film]);

    control(element, 'Resume').click();
    await stage.sending('photo.jpg');
    await element.updateComplete;

    expect(stage.commands).to.deep.equal(['restore r1']);
    expect(part(element, 'resume').textContent).to.contain('1 upload was not finished.');
    let isOpened = false;
    element.shadowRoot!.querySelector('input')!.addEventListener('click', (event) => {
      event.preventDefault();
      isOpened = true;
    });
    control(element, 'Choose a file').click();
    expect(isOpened).to.equal(true);
  });

  it('are told to go on, and keep the focus on what is left to answer', async () => {
    const { stage, element } = await offered([photo, film]);
    control(element, 'Resume').focus();

    control(element, 'Resume').click();
    await stage.sending('photo.jpg');
    await waitUntil(() => announced(element).includes('The upload goes on.'));
    await element.updateComplete;

    expect(element.shadowRoot!.activeElement).to.equal(control(element, 'Choose a file'));
  });

  it('promise no percentage of what was not stored', async () => {
    const { element } = await offered([{ ...film, sentBytes: 0 }]);

    expect(part(element, 'resume').textContent).to.contain('Choose film.mp4 again to upload it.');
  });

  it('say that another file was chosen, until the right one is', async () => {
    const { element } = await offered([film]);
    element.shadowRoot!.querySelector('input')!.addEventListener('click', (event) => event.preventDefault());

    control(element, 'Choose a file').click();
    await choose(element, file('film.mp4', 4000, 'video/mp4'));
    expect(part(element, 'resume').textContent).to.contain('film.mp4 is another file.');
    expect(announced(element)).to.contain('film.mp4 is another file. It was added as a new one.');
    await expect(element).to.be.accessible();

    control(element, 'Choose a file').click();
    await choose(element, file('film.mp4', 5000, 'video/mp4'));
    expect(parts(element, 'resume')).to.have.length(0);
  });

  it('leave the card when their file is chosen', async () => {
    const { element } = await offered([film]);

    await choose(element, file('film.mp4', 5000, 'video/mp4'));

    expect(parts(element, 'resume')).to.have.length(0);
    expect(rowTexts(element)).to.have.length(1);
  });

  it('are given up by Discard, and not asked for again', async () => {
    const { stage, element } = await offered([photo, film]);
    control(element, 'Discard').focus();

    control(element, 'Discard').click();
    await element.updateComplete;
    await waitUntil(() => localStorage.getItem(KEY) === null);

    expect(stage.commands).to.deep.equal(['discard r1 r2']);
    expect(parts(element, 'resume')).to.have.length(0);
    expect(announced(element)).to.contain('discarded');
    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'button'));
  });

  it('say it when a file is not the same any more', async () => {
    const { element } = await offered([{ ...photo, name: 'changed.jpg' }]);

    control(element, 'Resume').click();
    await waitUntil(() => announced(element).includes('cannot be resumed'));
    await element.updateComplete;

    expect(element.shadowRoot!.textContent).to.contain('changed.jpg cannot be resumed. Add it again.');
    await expect(element).to.be.accessible();
    control(element, 'Dismiss changed.jpg').click();
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('.prompt')).to.equal(null);
  });

  it('open by their handle when the user allows it', async () => {
    const handle = {
      requestPermission: async () => 'granted',
      getFile: async () => file('film.mp4', 5000, 'video/mp4'),
    } as unknown as FileSystemFileHandle;
    const { stage, element } = await offered([{ ...film, handle }]);

    control(element, 'Resume').click();
    await stage.sending('film.mp4');

    expect(stage.commands).to.deep.equal(['restore r2']);
  });

  it('are asked for in the dialog when the user does not', async () => {
    const handle = { requestPermission: async () => 'denied' } as unknown as FileSystemFileHandle;
    const { element } = await offered([{ ...film, handle }]);

    control(element, 'Resume').click();
    await waitUntil(() => part(element, 'resume').textContent?.includes('Choose film.mp4 again'));

    expect(control(element, 'Choose a file').isConnected).to.equal(true);
  });

  for (const [why, key, attributes] of [
    ['nothing says that there are any', '', {}],
    ['another site left them', 'pk_other', {}],
    ['the element shall not remember', 'pk_test', { 'no-resume': true }],
  ] as const) {
    it(`are not asked for when ${why}`, async () => {
      localStorage.setItem(KEY, key);
      const stage = new Stage();
      stage.unfinished = [photo];

      const element = await stage.mount(attributes);
      await new Promise((resolve) => requestIdleCallback(resolve));
      await aTimeout(0);
      await element.updateComplete;

      expect(parts(element, 'resume')).to.have.length(0);
    });
  }

  it('are noted for the next visit while files are sent', async () => {
    localStorage.removeItem(KEY);
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'));
    const send = await stage.sending('a.png');
    await waitUntil(() => localStorage.getItem(KEY) === 'pk_test');

    send.finish();

    await waitUntil(() => localStorage.getItem(KEY) === null, 'forgotten', { timeout: 4000 });
  });
});

async function offered(
  unfinished: readonly UnfinishedUpload[],
): Promise<{ stage: Stage; element: B2Uploader }> {
  const stage = new Stage();
  stage.unfinished = unfinished;
  const element = await stage.mount();
  await waitUntil(() => parts(element, 'resume').length > 0, 'it is offered', { timeout: 4000 });
  await element.updateComplete;
  return { stage, element };
}
