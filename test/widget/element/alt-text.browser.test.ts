// Descriptions of pictures: a field in each row, read out by its name, kept with the upload, and waited for where it is required.
import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { paint } from '../image/support.js';
import { announced, choose, control, file, idle, parts, rowTexts, Stage } from './stage.js';

const pdf = (name: string): File => file(name, 10, 'application/pdf');

for (const scheme of ['light', 'dark']) {
  it(`is accessible in ${scheme}, empty, filled and read-only`, async () => {
    document.documentElement.style.colorScheme = scheme;
    document.body.style.background = scheme === 'dark' ? '#121212' : '#fff';
    const stage = new Stage();
    const element = await stage.mount({ 'alt-text': 'required' });
    await choose(element, file('a.png'), file('b.png'), pdf('c.pdf'));
    await expect(element).to.be.accessible();

    await type(element, 'a.png', 'A harbour at dusk');
    await sendKeys({ press: 'Enter' });
    (await stage.sending('a.png')).finish();
    await waitUntil(() => element.files[0]!.status === 'complete', 'it is stored', { timeout: 4000 });
    await element.updateComplete;

    expect(field(element, 'a.png').readOnly).to.equal(true);
    await expect(element).to.be.accessible();
    document.documentElement.style.colorScheme = '';
    document.body.style.background = '';
  });
}

describe('a description', () => {
  it('is asked for by name in the rows of pictures only, and nowhere unless wanted', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    await choose(element, file('a.png'), pdf('b.pdf'), file('c.jpg', 10, ''));
    expect(fields(element)).to.have.length(0);

    element.setAttribute('alt-text', 'optional');
    await element.updateComplete;

    expect(fields(element).map(({ ariaLabel }) => ariaLabel)).to.deep.equal([
      'Description of a.png',
      'Description of c.jpg',
    ]);
  });

  it('is kept as it is typed, spaces within and all', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'optional' });
    await choose(element, file('a.png'));

    await type(element, 'a.png', 'A harbour ');
    await element.updateComplete;
    await sendKeys({ type: 'at dusk ' });

    expect(field(element, 'a.png').value).to.equal('A harbour at dusk ');
    field(element, 'a.png').blur();
    expect(element.files[0]!.altText).to.equal('A harbour at dusk');
  });

  it('takes Enter to the next picture', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'optional' });
    await choose(element, file('a.png'), file('b.png'));

    await type(element, 'a.png', 'A harbour');
    await sendKeys({ press: 'Enter' });

    expect(element.shadowRoot!.activeElement?.ariaLabel).to.equal('Description of b.png');
  });

  it('tells once that its picture goes, although Enter and leaving the field both end it', async () => {
    const stage = new Stage();
    const element = await stage.mount({ 'alt-text': 'optional' });
    await choose(element, file('a.png'), file('b.png'));
    await waitUntil(() => announced(element) === '2 files added.');

    await type(element, 'a.png', 'A harbour');
    await sendKeys({ press: 'Enter' });
    await stage.sending('a.png');
    await element.updateComplete;

    expect(announced(element)).to.equal('2 files added. Uploading 1 file.');
  });

  it('begins on the side of the page until its letters tell another one', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'optional', dir: 'rtl' });
    await choose(element, file('a.png'));
    expect(getComputedStyle(field(element, 'a.png')).direction).to.equal('rtl');

    await type(element, 'a.png', 'A harbour');

    expect(getComputedStyle(field(element, 'a.png')).direction).to.equal('ltr');
  });

  it('cannot be typed while the element is disabled', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'optional' });
    await choose(element, file('a.png'));

    element.disabled = true;
    await element.updateComplete;

    expect(field(element, 'a.png').disabled).to.equal(true);
  });
});

describe('an optional description', () => {
  it('lets other files go, and a picture once it is described or told to', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'alt-text': 'optional' });
    await choose(element, file('a.png'), file('b.png'), pdf('c.pdf'));
    await waitUntil(() => element.files[2]!.status === 'complete', 'the document goes', { timeout: 4000 });
    expect(statuses(element)).to.deep.equal(['queued', 'queued', 'complete']);

    await type(element, 'b.png', 'A harbour');
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => element.files[1]!.status === 'complete', 'the described one goes', {
      timeout: 4000,
    });
    expect(statuses(element)).to.deep.equal(['queued', 'complete', 'complete']);

    control(element, 'Upload 1 file').click();
    await idle(element);
    expect(statuses(element)).to.deep.equal(['complete', 'complete', 'complete']);
  });
});

describe('a required description', () => {
  it('is waited for, and says so', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'alt-text': 'required' });
    await choose(element, file('a.png'));
    expect(rowTexts(element)[0]).to.contain('Describe this picture to upload it.');

    control(element, 'Upload 1 file').click();
    element.start();
    await new Promise((resolve) => setTimeout(resolve));
    await element.updateComplete;

    expect(statuses(element)).to.deep.equal(['queued']);
    expect(stage.heard).not.to.contain('b2-start');
    expect(element.shadowRoot!.activeElement?.ariaLabel).to.equal('Description of a.png');
    expect(announced(element)).to.contain('Describe this picture to upload it.');
    await sendKeys({ type: 'A harbour' });
    await sendKeys({ press: 'Enter' });
    await idle(element);
    expect(statuses(element)).to.deep.equal(['complete']);
    expect(element.files[0]!.altText).to.equal('A harbour');
  });

  it('is asked for where files are counted, and heard of once they are listed', async () => {
    const stage = new Stage();
    const element = await stage.mount({ 'alt-text': 'required' });
    await choose(element, file('a.png'), file('b.png'), pdf('c.pdf'));
    const missing = 'Describe 2 pictures to upload them.';
    await waitUntil(() => announced(element).includes(missing), 'it is heard');
    await stage.sending('c.pdf');
    await element.updateComplete;
    expect(parts(element, 'summary')[0]!.textContent).to.contain('2 pictures need a description');

    await type(element, 'a.png', 'A harbour');

    expect(parts(element, 'summary')[0]!.textContent).to.contain('1 picture needs a description');
    expect(announced(element).split(missing)).to.have.length(2);
  });

  it('keeps the form, and blanks do not count', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'required', name: 'photos' });
    await choose(element, file('a.png'), file('b.png'));
    expect(element.checkValidity()).to.equal(false);
    expect(element.validationMessage).to.equal('Describe 2 pictures to upload them.');

    await type(element, 'a.png', '   ');
    expect(element.validationMessage).to.equal('Describe 2 pictures to upload them.');
    await type(element, 'a.png', 'A harbour');
    await type(element, 'b.png', 'A lighthouse');

    expect(element.checkValidity()).to.equal(true);
  });

  it('holds what was started before the code for rows came', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'alt-text': 'required' });

    element.add([file('a.png')]);
    element.start();
    await element.updateComplete;

    expect(statuses(element)).to.deep.equal(['queued']);
  });
});

describe('a description that the file carries', () => {
  it('fills the field, and is sent once somebody looked at it', async () => {
    const stage = new Stage();
    stage.isQuick = true;
    const element = await stage.mount({ 'alt-text': 'required' });

    await choose(element, await described('a.jpg', 'A harbour'));
    await waitUntil(() => element.files[0]!.altText === 'A harbour', 'it is read', { timeout: 4000 });
    await element.updateComplete;

    expect(field(element, 'a.jpg').value).to.equal('A harbour');
    expect(rowTexts(element)[0]).to.contain('Found in the file. Check that it fits.');
    expect(statuses(element)).to.deep.equal(['queued']);
    field(element, 'a.jpg').focus();
    await sendKeys({ press: 'Enter' });
    await idle(element);
    expect(statuses(element)).to.deep.equal(['complete']);
  });

  it('does not take the place of what was typed', async () => {
    const element = await new Stage().mount({ 'no-auto': true, 'alt-text': 'optional' });
    const photo = await described('a.jpg', 'A harbour');
    const answers: ((bytes: ArrayBuffer) => void)[] = [];
    const read = new Promise<ArrayBuffer>((resolve) => void answers.push(resolve));
    Object.assign(photo, { slice: () => ({ arrayBuffer: () => read }) });
    await choose(element, photo);
    element.uploads.engine.setAltText(element.files[0]!.id, 'Mine');

    answers[0]?.(await new Blob([photo]).arrayBuffer());
    await element.updateComplete;

    expect(element.files[0]!.altText).to.equal('Mine');
  });
});

/** A JPEG with an XMP packet of a photo editor. */
async function described(name: string, text: string): Promise<File> {
  const picture = await paint({ width: 30, height: 20, type: 'image/jpeg' }, (context) =>
    context.fillRect(0, 0, 20, 10),
  );
  const packet = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"><Iptc4xmpCore:AltTextAccessibility>
    <rdf:Alt><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>`;
  const length = packet.length + 2;
  const segment = Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff);
  const parts = [picture.slice(0, 2), segment, packet, picture.slice(2)];
  return new File(parts, name, { type: 'image/jpeg' });
}

function fields(element: B2Uploader): HTMLInputElement[] {
  return parts(element, 'alt-text').filter((one) => one instanceof HTMLInputElement);
}

function field(element: B2Uploader, name: string): HTMLInputElement {
  return fields(element).find(({ ariaLabel }) => ariaLabel === `Description of ${name}`)!;
}

async function type(element: B2Uploader, name: string, text: string): Promise<void> {
  const input = field(element, name);
  input.select();
  input.focus();
  await sendKeys({ type: text });
  await element.updateComplete;
}

function statuses(element: B2Uploader): string[] {
  return element.files.map(({ status }) => status);
}
