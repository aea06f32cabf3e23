// Attributes from plain HTML: at any time, bad ones named once, the element alive whatever they say.
import { expect, waitUntil } from '@open-wc/testing';
import { B2Uploader } from '../../../widget/element/b2-uploader.js';
import { choose, file, part, rowTexts, Stage, write } from './stage.js';

describe('attributes', () => {
  it('says the limits of element and site in plain words', async () => {
    const stage = new Stage();
    stage.policy = { accept: ['image/*', '.pdf'], maxSizeBytes: 10_000_000, maxFiles: 10 };

    const element = await stage.mount();

    expect(part(element, 'dropzone').textContent).to.contain('Photos or PDF, up to 10 MB each, 10 files');
  });

  it('may change at any time, for files that come after', async () => {
    const element = await new Stage().mount({ 'no-auto': true });
    await choose(element, file('a.pdf', 10, 'application/pdf'));

    element.setAttribute('accept', 'image/*');
    await choose(element, file('b.pdf', 10, 'application/pdf'));

    expect(element.files).to.have.length(1);
    expect(rowTexts(element)[1]).to.contain('Choose photos.');
  });

  it('ignores a bad value and names it once, with what is expected', async () => {
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (text: unknown) => void warned.push(String(text));

    const element = await new Stage().mount({
      'max-size': 'huge',
      'max-files': '1.5',
      quality: '200',
      disabled: 'false',
    });
    element.requestUpdate();
    await element.updateComplete;
    console.warn = warn;

    expect(warned).to.have.length(4);
    expect(warned.join('\n'))
      .to.contain('max-size="huge"')
      .and.contain('"10MB"')
      .and.contain('max-files="1.5"');
    expect(element.disabled).to.equal(true);
  });

  it('has a property for each, set before the upgrade too', async () => {
    const element = new B2Uploader();
    element.maxFiles = 2;
    element.siteKey = 'pk';

    expect(element.options.restrictions.maxFiles).to.equal(1);
    element.multiple = true;
    expect(element.options.restrictions.maxFiles).to.equal(2);
  });

  it('tells the owner what is missing, and the visitor something plain', async () => {
    for (const [attributes, expected] of BROKEN) {
      const said: string[] = [];
      const { error } = console;
      console.error = (text: unknown) => void said.push(String(text));
      const element = document.createElement('b2-uploader');
      write(element, attributes);
      document.body.append(element);
      await waitUntil(() => said.length > 0);
      await element.updateComplete;
      console.error = error;

      expect(said, JSON.stringify(attributes)).to.have.length(1);
      expect(said[0]).to.contain(expected);
      expect(part(element, 'message').textContent).to.contain('not set up correctly');
      element.remove();
    }
  });

  it('lets messages be replaced, some of them', async () => {
    const element = await new Stage().mount();

    element.strings = { choose: () => 'Dateien wählen' };
    await element.updateComplete;

    expect(part(element, 'button').textContent.trim()).to.equal('Dateien wählen');
    expect(part(element, 'dropzone').textContent).to.contain('Drop files here');
  });

  it('is defined once, and leaves the document by remove() as every element', async () => {
    const element = await new Stage().mount();
    await import(AGAIN);

    element.remove();

    expect(element.isConnected).to.equal(false);
  });

  it('asks nothing of anybody before it is in a document', () => {
    const stage = new Stage();
    const element = new B2Uploader();

    element.add([file('a.png')]);

    expect(element.files).to.have.length(1);
    expect(stage.sends).to.have.length(0);
  });
});

// Another address is another module: the script runs a second time.
const AGAIN: string = '../../../widget/define.ts?again';

const BROKEN: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{ signer: 'https://signer.test' }, 'site-key is missing'],
  [{ 'site-key': 'pk' }, 'signer is missing'],
  [{ 'site-key': 'pk', signer: 'javascript:alert(1)' }, 'is not an address'],
  [{ 'site-key': 'pk', signer: '/uploads' }, 'is not an address'],
  [{ 'site-key': 'sk_live_1', signer: 'https://signer.test' }, 'looks like a secret key'],
];
