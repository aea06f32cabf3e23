// What happens to chosen files: events and their order, rows, retry and removal, the bar under the list.
import { expect, waitUntil } from '@open-wc/testing';
import { advance, control, choose, file, idle, part, rowTexts, Stage } from './stage.js';

describe('uploading', () => {
  it('tells of a file in order, from taking it to the end', async () => {
    const stage = new Stage();
    const element = await stage.mount();

    await choose(element, file('a.png', 1000));
    const send = await stage.sending('a.png');
    send.progress(400);
    send.finish();
    await idle(element);

    const once = stage.heard.filter((type, i) => type !== stage.heard[i - 1]);
    expect(once).to.deep.equal([
      'b2-add',
      'b2-start',
      'b2-progress',
      'b2-success',
      'input',
      'change',
      'b2-complete',
    ]);
    expect(rowTexts(element)[0]).to.contain('1 kB · Done');
  });

  it('leaves a file out when b2-add is prevented', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    element.addEventListener(
      'b2-add',
      (event) => {
        expect(element.files).to.have.length(0);
        if (event.detail.file.name === 'no.png') event.preventDefault();
      },
      { once: true },
    );

    await choose(element, file('no.png'), file('yes.png'));

    expect(element.files.map(({ name }) => name)).to.deep.equal(['yes.png']);
    expect(stage.heard).to.not.contain('b2-remove');
  });

  it('leaves a file waiting when b2-start is prevented', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    element.addEventListener('b2-start', (event) => event.preventDefault(), { once: true });

    await choose(element, file('a.png'));
    await waitUntil(() => stage.heard.includes('b2-start'));

    expect(element.files[0]?.status).to.equal('queued');
    element.start();
    (await stage.sending('a.png')).finish();
    await idle(element);
    expect(element.files[0]?.status).to.equal('complete');
  });

  it('waits with no-auto until it is started, under a button that counts', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'no-auto': true });

    await choose(element, file('a.png'), file('b.png'));
    expect(rowTexts(element)[0]).to.contain('Ready');
    expect(stage.sends).to.have.length(0);

    control(element, 'Upload 2 files').click();
    await idle(element);
    expect(part(element, 'summary').textContent).to.contain('2 files uploaded');
  });

  it('shows how far a file and all files are, in text and in bars', async () => {
    const stage = new Stage();
    const element = await stage.mount();

    await choose(element, file('a.png', 2_000_000), file('b.png', 2_000_000));
    (await stage.sending('b.png')).finish();
    await advance(await stage.sending('a.png'), 1_200_000, () => rowTexts(element)[0]?.includes('60%'));

    expect(rowTexts(element)[0]).to.contain('1.2 of 2 MB · 60%');
    const bar = element.shadowRoot!.querySelector<HTMLProgressElement>('li progress')!;
    expect(bar.value).to.be.closeTo(0.6, 0.01);
    expect(bar.getAttribute('aria-label')).to.equal('Progress of a.png');
    await waitUntil(
      () => part(element, 'summary').textContent?.includes('1 of 2 files uploaded'),
      'one is stored',
      { timeout: 4000 },
    );
    expect(part(element, 'summary').textContent).to.contain('3.2 of 4 MB · 80%');
    expect(element.progress).to.be.closeTo(0.8, 0.01);
    expect(element.matches(':state(busy)')).to.equal(true);
  });

  it('draws only the row that changed', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png', 1000), file('b.png', 1000));
    const send = await stage.sending('a.png');
    await stage.sending('b.png');
    await element.updateComplete;
    const changed = new Set<string>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('li');
        changed.add(row?.querySelector('[part=name]')?.textContent ?? '');
      }
    });
    observer.observe(element.shadowRoot!.querySelector('ul')!, {
      subtree: true,
      childList: true,
      characterData: true,
    });

    await advance(send, 500, () => rowTexts(element)[0]?.includes('50%'));

    observer.disconnect();
    expect([...changed]).to.deep.equal(['a.png']);
  });

  it('says what failed and what to do, and tries again on request', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'), file('b.png'));
    (await stage.sending('a.png')).fail('storage-unavailable');
    (await stage.sending('b.png')).finish();
    await idle(element);

    expect(rowTexts(element)[0]).to.contain('Failed').and.contain('The storage had a problem. Try again.');
    expect(part(element, 'summary').textContent).to.contain('1 of 2 uploaded, 1 failed');

    stage.sends.length = 0;
    control(element, 'Retry a.png').click();
    (await stage.sending('a.png')).fail('storage-unavailable');
    await idle(element);
    stage.sends.length = 0;
    control(element, 'Retry 1 failed').click();
    (await stage.sending('a.png')).finish();
    await idle(element);
    expect(element.files.every(({ status }) => status === 'complete')).to.equal(true);
  });

  it('offers no retry where none can help', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'));
    (await stage.sending('a.png')).fail('file-missing', false);
    await idle(element);

    expect(rowTexts(element)[0]).to.contain('no longer on your device');
    expect(() => control(element, 'Retry a.png')).to.throw();
  });

  it('removes by button, method and all at once', async () => {
    const stage = new Stage();
    const element = await stage.mount();
    await choose(element, file('a.png'), file('b.png'), file('c.png'), file('d.png'));
    await stage.sending('d.png');

    control(element, 'Cancel a.png').click();
    element.remove(element.files[0]!.id);
    expect(element.files.map(({ name }) => name)).to.deep.equal(['c.png', 'd.png']);
    control(element, 'Cancel').click();
    await element.updateComplete;

    expect(element.files).to.have.length(0);
    expect(element.isConnected).to.equal(true);
    expect(stage.heard.filter((type) => type === 'b2-remove')).to.have.length(4);
  });

  it('links a finished file safely, and only over http', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount();
    await choose(element, file('a.png'));
    await idle(element);

    const link = control(element, 'Open a.png in a new tab') as HTMLAnchorElement;

    expect(link.href).to.match(/^https:\/\/cdn\.test\/up\//);
    expect(link.target).to.equal('_blank');
    expect(link.rel).to.equal('noopener noreferrer');
  });

  it('previews pictures but never SVG, and lets go of them', async () => {
    const made: string[] = [];
    const revoked: string[] = [];
    const createObjectURL = URL.createObjectURL.bind(URL);
    const revokeObjectURL = URL.revokeObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      const url = createObjectURL(blob);
      made.push(url);
      return url;
    };
    URL.revokeObjectURL = (url) => void revoked.push(url);
    const element = await new Stage().mount({ 'no-auto': true });

    await choose(element, picture('a.png'), file('b.pdf', 9, 'application/pdf'), picture('c.png'));
    await waitUntil(() => element.shadowRoot!.querySelectorAll('img').length === 2);
    // Whichever was made first.
    const [first, second] = [element.files[0]?.previewUrl, element.files[1]?.previewUrl];
    expect(made).to.include(first);
    expect(second).to.equal(null);

    element.remove(element.files[0]!.id);
    expect(revoked).to.deep.equal([first]);
    element.remove();
    expect(revoked).to.have.members(made);
    Object.assign(URL, { createObjectURL, revokeObjectURL });
  });

  it('draws all rows of a list that is not long', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    const files = Array.from({ length: 40 }, (_, i) => file(`${i}.pdf`, 1, 'application/pdf'));

    await choose(element, ...files);

    expect(rowTexts(element)).to.have.length(40);
  });

  it('tells the owner of a site that is not known, and the visitor something plain', async () => {
    const stage = new Stage();
    stage.problem = { code: 'unknown-site', status: 404 };
    const said: string[] = [];
    const { error } = console;
    console.error = (text: unknown) => void said.push(String(text));
    const element = await stage.mount();
    await waitUntil(() => said.length > 0);
    console.error = error;
    await element.updateComplete;

    expect(said).to.have.length(1);
    expect(said[0]).to.contain('pk_test');
    expect(part(element, 'message').textContent).to.contain('not set up correctly');
  });
});

/** A picture of one pixel. */
function picture(name: string): File {
  const bytes = atob(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  );
  return new File([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))], name, { type: 'image/png' });
}
