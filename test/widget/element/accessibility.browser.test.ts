// For everybody: axe in every state, light and dark; keyboard, focus, live region; hostile names stay text.
import { expect, waitUntil } from '@open-wc/testing';
import { announced, choose, control, drag, file, idle, part, parts, Stage, transferOf } from './stage.js';

describe('accessibility', () => {
  for (const scheme of ['light', 'dark']) {
    describe(`in ${scheme}`, () => {
      before(() => {
        document.documentElement.style.colorScheme = scheme;
        document.body.style.background = scheme === 'dark' ? '#121212' : '#fff';
      });
      after(() => {
        document.documentElement.style.colorScheme = '';
        document.body.style.background = '';
      });

      it('passes axe when empty, disabled, invalid and dragged over', async () => {
        const element = await new Stage().mount({ accept: 'image/*', required: true });
        await expect(element).to.be.accessible();

        element.reportValidity();
        await element.updateComplete;
        await expect(element).to.be.accessible();

        await drag(element, 'dragenter', transferOf(file('a.png')));
        await expect(element).to.be.accessible();
        await drag(element, 'dragleave', transferOf(file('a.png')));

        element.disabled = true;
        await element.updateComplete;
        await expect(element).to.be.accessible();
      });

      it('passes axe with files waiting, on their way, done, failed and refused', async () => {
        const stage = new Stage();
        const element = await stage.mount({ accept: 'image/*,.pdf' });
        const pdf = file('c.pdf', 10, 'application/pdf');
        await choose(element, file('a.png'), file('b.png'), pdf, file('d.mov', 1, 'video/quicktime'));
        (await stage.sending('a.png')).finish();
        (await stage.sending('b.png')).fail('internal');
        await waitUntil(() => parts(element, 'item').some((row) => row.matches('.failed')));
        await expect(element).to.be.accessible();

        (await stage.sending('c.pdf')).finish();
        await idle(element);
        await expect(element).to.be.accessible();
      });
    });
  }

  it('is named by its label and carries its limits as a description', async () => {
    const element = await new Stage().mount({ accept: 'image/*', required: true });

    const button = part(element, 'button');
    const described = button.getAttribute('aria-describedby')!.split(' ');
    const text = described.map((id) => element.shadowRoot!.getElementById(id)?.textContent).join(' ');

    expect(button.textContent.trim()).to.equal('Choose photos');
    expect(text).to.contain('Photos, 100 files').and.contain('Required.');
  });

  it('follows the order of reading: button, rows with their actions, bar', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'), file('b.png'));
    (await stage.sending('a.png')).finish();
    (await stage.sending('b.png')).fail('internal');
    await idle(element);

    const all = element.shadowRoot!.querySelectorAll<HTMLElement>('button, a[href], input:not([hidden])');
    const names = [...all].map((one) => one.ariaLabel ?? one.textContent.trim());

    expect(names).to.deep.equal([
      'Add more',
      'Open a.png in a new tab',
      'Remove a.png',
      'Retry b.png',
      'Remove b.png',
      'Retry 1 failed',
    ]);
  });

  it('gives controls targets of 40 px', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount();
    await choose(element, file('a.png'));
    await idle(element);

    for (const one of element.shadowRoot!.querySelectorAll('button, a')) {
      const { width, height } = one.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(40);
    }
  });

  it('moves the focus to the next row, then to the button, when rows go', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    await choose(element, file('a.png'), file('b.png'), file('c.png'));
    const focused = (): string | null | undefined =>
      element.shadowRoot!.activeElement?.getAttribute('aria-label');

    control(element, 'Remove b.png').focus();
    control(element, 'Remove b.png').click();
    await element.updateComplete;
    expect(focused()).to.equal('Remove c.png');

    control(element, 'Remove c.png').click();
    await element.updateComplete;
    expect(focused()).to.equal('Remove a.png');

    control(element, 'Remove a.png').click();
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement).to.equal(part(element, 'button'));
  });

  it('keeps the focus in the row when its retry goes', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'));
    (await stage.sending('a.png')).fail('internal');
    await idle(element);

    control(element, 'Retry a.png').focus();
    control(element, 'Retry a.png').click();
    await element.updateComplete;

    expect(element.shadowRoot!.activeElement).to.equal(parts(element, 'item')[0]);
  });

  it('says in whole sentences what started, failed, was refused and ended', async () => {
    const stage = new Stage();
    const element = await stage.mount({ accept: 'image/*' });

    await choose(element, file('a.png'), file('b.png'), file('c.mov', 1, 'video/quicktime'));
    const a = await stage.sending('a.png');
    a.progress(500);
    await waitUntil(() => announced(element).includes('not accepted') && announced(element).includes('2'));
    expect(announced(element)).to.equal(
      'c.mov is not accepted. MOV files are not accepted. Choose photos. Uploading 2 files.',
    );

    a.finish();
    (await stage.sending('b.png')).fail('internal');
    await idle(element);
    expect(announced(element)).to.contain('b.png failed. The server had a problem. Try again.');
    expect(announced(element)).to.contain('1 of 2 uploaded, 1 failed.');
  });

  it('shows hostile names as text', async () => {
    const names = [
      '<img src=x onerror=window.pwned=1>.png',
      '"><script>window.pwned=1</script>.png',
      'javascript:alert(1).png',
      '{{7*7}}.png',
      '"; rm -rf /.png',
      'a\u202Egnp.exe.png',
      '</title><svg onload=window.pwned=1>.png',
    ];
    const element = await new Stage().mount({ 'no-auto': true });

    await choose(element, ...names.map((name) => file(name)));

    expect(parts(element, 'name').map(({ title }) => title)).to.deep.equal(
      names.map((name) => file(name).name),
    );
    expect(
      element.shadowRoot!.querySelectorAll('script, img:not([src^="blob:"]), svg:not(.icon)'),
    ).to.have.length(0);
    expect('pwned' in window).to.equal(false);
    for (const name of parts(element, 'name')) expect(name.localName).to.equal('bdi');
  });
});
