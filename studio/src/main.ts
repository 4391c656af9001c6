import { FakePhotoshop, savePsd } from '@emoeditor/fake-photoshop';
import manifest from '../../manifest.json';
import { mountStudio } from './mountStudio.ts';
import { pairWithOwnServer, runPanel, tabSecrets } from './panelHost.ts';
import { PhotoshopAutomation } from './photoshopAutomation.ts';
import { photoshopDocument } from './photoshopDocument.ts';
import { encodeJpeg, encodePng, type Opened, openFile } from './pictures.ts';
import { type Sample, samples } from './samples.ts';

const secrets = tabSecrets();
pairWithOwnServer(secrets);
const fake = new FakePhotoshop({
  encodeJpeg,
  secrets,
  copyText: (text) => void navigator.clipboard.writeText(text).catch(() => {}),
});
const shown = photoshopDocument(fake);

let asked = 0;

/** Shows the file requested last, even if an earlier one finishes loading later. */
async function show(reading: Promise<Opened>): Promise<void> {
  asked += 1;
  const mine = asked;
  const opened = await reading;
  if (mine !== asked) return;
  // One document at a time: the studio has no tabs.
  if (fake.active !== null) fake.close(fake.active);
  fake.open(opened.facts, opened.content);
}

async function readSample({ url, name }: Sample): Promise<Opened> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The sample “${name}” is not there (${response.status}).`);
  return openFile(await response.blob(), url.split('/').pop() ?? name);
}

function download(content: BlobPart, type: string, ending: string, name = shown.name): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = stemOf(name) + ending;
  link.click();
  // The browser fetches the address later, and on a busy machine much later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');

const automation = new PhotoshopAutomation(fake, menuItems(), {
  async open(file) {
    const { facts, content } = await openFile(file, file.name);
    return fake.open(facts, content);
  },
  psdOf: ({ facts, content }) => ({
    name: `${stemOf(facts.name)}.psd`,
    bytes: new Uint8Array(savePsd(facts, content)),
  }),
  deliver(archive) {
    download(archive, 'application/zip', '-edited.zip', 'batch');
  },
});

function menuItems(): { id: string; label: string }[] {
  return manifest.entrypoints.flatMap(({ type, id, label }) =>
    type === 'command' ? [{ id, label: label.default }] : [],
  );
}

const root = document.getElementById('studio');
if (root === null) throw new Error('The page has no element “studio”.');
const studio = mountStudio(root, shown, automation, {
  openFile: (file) => show(openFile(file, file.name)),
  openSample: (sample) => show(readSample(sample)),
  async savePsd() {
    const model = fake.active;
    if (model === null) throw new Error('No document is open.');
    download(savePsd(model.facts, model.content), 'image/vnd.adobe.photoshop', '.psd');
  },
  saveReport(text) {
    download(text, 'text/plain', '-report.txt', 'batch');
  },
  async exportPng() {
    const picture = shown.flatten();
    if (picture === null) throw new Error('No document is open.');
    download(await encodePng(picture), 'image/png', '.png');
  },
});

const first = samples[0];
if (first !== undefined) {
  await show(readSample(first)).catch((error: Error) => studio.showProblem(error.message));
}
studio.offerFlyout(runPanel(fake, studio.panelRoot));
