import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPsd } from 'ag-psd';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { describeInStudio } from '../integration/describeInStudio.ts';
import { layerNames, PATIENCE, pick } from '../integration/studioBrowser.ts';

const COUNT = 20;
const BROKEN = 7;

describeInStudio('actions in the studio', 'scripted', (studio) => {
  it('records a menu item and plays it on twenty files, one of them broken, with a report', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio().open({ acceptDownloads: true });
    await page.getByText('Ready', { exact: true }).waitFor();
    const files = await pictures();
    await page.locator('input[type=file]').first().setInputFiles(files[0]!);
    await expect.poll(() => page.locator('.studio-document-name').textContent()).toBe('0.png');

    await page.getByLabel('Record an action').click();
    await pick(page, 'Plugins', 'Evoke Fear');
    await expect.poll(() => layerNames(page)).toEqual(['Fear · 100 %', 'Photo', 'Background']);
    await page.getByLabel('Stop recording').click();
    expect(await page.locator('.studio-step').allTextContents()).toEqual(['Evoke Fear']);

    const saved: string[] = [];
    page.on('download', async (download) => {
      const path = join(studio().folder, download.suggestedFilename());
      await download.saveAs(path);
      saved.push(path);
    });
    // The button opens a dialog of the browser's own; nothing else does.
    const dialog = page.waitForEvent('filechooser');
    await page.getByLabel('Batch: play the action on a folder').click();
    await (await dialog).setFiles(await folderOf(studio().folder, files));
    await page.getByText('20 documents').waitFor();
    await studio().picture(page, 'batch-before');
    await page.getByText('Start', { exact: true }).click();
    await page.getByText('19 of 20 edited, 1 failed').waitFor();
    await studio().picture(page, 'batch-report');
    const failed = page.locator('.studio-batch-failed');
    expect(await failed.count()).toBe(1);
    expect(await failed.textContent()).toMatch(/7\.png.*is not a picture/);
    await expect.poll(() => saved).toHaveLength(1);
    const archive = unzipSync(await readFile(saved[0]!));
    expect(Object.keys(archive)).toHaveLength(COUNT - 1);
    const psd = readPsd(archive['19.psd']!, {
      skipLayerImageData: true,
      skipCompositeImageData: true,
    });
    expect(psd.children?.map(({ name }) => name)).toEqual(['Background', 'Photo', 'Fear · 100 %']);

    await page.getByText('Save report').click();
    await expect.poll(() => saved.filter((path) => path.endsWith('.txt'))).toHaveLength(1);
    const report = await readFile(saved.find((path) => path.endsWith('.txt'))!, 'utf8');
    expect(report).toMatch(/19 of 20 documents edited, 1 failed/);
    expect(report.split('\n').filter((line) => line.startsWith('failed'))).toHaveLength(1);
    await page.getByText('Close', { exact: true }).click();
    expect(await page.locator('.studio-document-name').textContent()).toBe('0.png');
    expect(studio().problems).toEqual([]);
  });

  it('records an edit that is run in the panel, with its settings, and plays it', {
    timeout: PATIENCE,
  }, async () => {
    const page = await studio().open();
    const panel = page.locator('.panel');
    await panel.getByText('Ready', { exact: true }).waitFor();
    const [file] = await pictures();
    await page.locator('input[type=file]').first().setInputFiles(file!);
    await expect.poll(() => page.locator('.studio-document-name').textContent()).toBe('0.png');
    await page.getByLabel('Record an action').click();
    await panel.locator('[role=radio]', { hasText: 'Sadness' }).click();
    await panel.getByText('Evoke Sadness').click();
    await panel.getByText('is in the document').waitFor();
    await page.getByLabel('Stop recording').click();
    expect(await page.locator('.studio-step').allTextContents()).toEqual(['Evoke Sadness']);
    await page.getByLabel('Play the action on this document').click();
    await expect
      .poll(() => layerNames(page))
      .toEqual(['Sadness · 100 % (2)', 'Sadness · 100 %', 'Photo', 'Background']);
    await expect
      .poll(() => page.locator('.studio-history li').allTextContents())
      .toEqual(['Open', 'Sadness · 100 %', 'Sadness · 100 %']);
    expect(studio().problems).toEqual([]);
  });
});

/** A folder with those files, something that is no picture, and a folder within. */
async function folderOf(parent: string, files: Awaited<ReturnType<typeof pictures>>) {
  const folder = join(parent, 'shoot');
  await mkdir(join(folder, 'rejected'), { recursive: true });
  for (const { name, buffer } of files) await writeFile(join(folder, name), buffer);
  await writeFile(join(folder, 'notes.txt'), 'Nothing to edit.');
  await writeFile(join(folder, 'rejected', 'blurred.png'), files[0]!.buffer);
  return folder;
}

/** Small pictures; one is no picture at all. */
async function pictures() {
  return Promise.all(
    Array.from({ length: COUNT }, async (_, at) => ({
      name: `${at}.png`,
      mimeType: 'image/png',
      buffer: at === BROKEN ? Buffer.from('no picture') : await picture(at),
    })),
  );
}

const picture = (at: number): Promise<Buffer> =>
  sharp({
    create: { width: 160, height: 120, channels: 3, background: { r: at * 12, g: 120, b: 90 } },
  })
    .png()
    .toBuffer();
