// On a phone: nothing that has the focus hides behind the bar, nothing is clipped at 200 % text, rows keep their height.
import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { choose, control, file, idle, part, parts, rowTexts, Stage } from './stage.js';

describe('on a small screen', () => {
  before(() => setViewport({ width: 360, height: 640 }));
  after(async () => {
    document.documentElement.style.fontSize = '';
    await setViewport({ width: 800, height: 600 });
  });

  it('keeps every focused control clear of the bar', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    await choose(element, ...Array.from({ length: 20 }, (_, i) => file(`${i}.pdf`, 1, 'application/pdf')));
    part(element, 'button').focus();

    for (let count = 0; count < 20; count += 1) {
      await sendKeys({ press: 'Tab' });
      const focused = element.shadowRoot!.activeElement!;
      const bar = part(element, 'summary');
      expect(focused.getAttribute('aria-label')).to.equal(`Remove ${count}.pdf`);
      expect(focused.getBoundingClientRect().bottom).to.be.at.most(bar.getBoundingClientRect().top);
    }
  });

  it('keeps the field for a description clear of the bar', async () => {
    const element = await new Stage().mount({ 'alt-text': 'required' });
    await choose(element, ...Array.from({ length: 8 }, (_, i) => file(`${i}.png`)));
    part(element, 'alt-text').focus();

    for (let count = 0; count < 8; count += 1) {
      const focused = element.shadowRoot!.activeElement!;
      const bar = part(element, 'summary');
      expect(focused.ariaLabel).to.equal(`Description of ${count}.png`);
      expect(focused.getBoundingClientRect().bottom).to.be.at.most(bar.getBoundingClientRect().top);
      await sendKeys({ press: 'Enter' });
    }
  });

  it('gives a note the width of its row', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount();
    await choose(element, file('a.png'));
    await idle(element);

    element.uploads.list.setFile({ ...element.files[0]!, notice: 'original-sent' });
    element.requestUpdate();
    await element.updateComplete;

    const note = element.shadowRoot!.querySelector<HTMLElement>('.note')!;
    expect(note.textContent).to.contain('Sent as it is');
    expect(note.offsetLeft).to.equal(part(element, 'preview').offsetLeft);
    expect(note.getBoundingClientRect().right).to.be.at.least(
      control(element, 'Remove a.png').getBoundingClientRect().right - 1,
    );
  });

  it('keeps the height of the list when the network goes', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('IMG_20261114_183022.jpg', 348_000), file('IMG_2041.jpg', 340_000));
    const sends = [await stage.sending('IMG_20261114_183022.jpg'), await stage.sending('IMG_2041.jpg')];
    await element.updateComplete;
    const before = part(element, 'list').offsetHeight;

    for (const send of sends) send.stall('offline');
    await waitUntil(() => element.files.every(({ status }) => status === 'waiting'));
    await element.updateComplete;

    expect(rowTexts(element)[0]).to.contain('No connection');
    expect(part(element, 'list').offsetHeight).to.equal(before);
  });

  it('clips nothing at 200 % text', async () => {
    document.documentElement.style.fontSize = '200%';
    const stage = new Stage();
    const element = await stage.mount({ accept: 'image/*,.xlsx' });
    const bad = ['c', 'd'].map((name) => file(`${name}.mov`, 1, 'video/quicktime'));
    await choose(element, file('a.png'), file('b.xlsx', 1, ''), ...bad);
    (await stage.sending('a.png')).fail('internal');
    (await stage.sending('b.xlsx')).finish();
    await idle(element);

    const bar = part(element, 'summary').getBoundingClientRect();
    for (const name of ['Retry 1 failed', 'Dismiss 2 not accepted']) {
      const button = control(element, name).getBoundingClientRect();
      expect(button.left).to.be.at.least(bar.left);
      expect(button.right).to.be.at.most(bar.right);
      expect(button.bottom).to.be.at.most(bar.bottom);
    }
    for (const tile of parts(element, 'preview').map((one) => one.querySelector('.tile')))
      if (tile) expect(tile.scrollWidth).to.be.at.most(tile.clientWidth);
  });
});
