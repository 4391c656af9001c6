import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layerNames, obstacle, PATIENCE, StudioBrowser, setPanelWidth } from './studioBrowser.ts';

const skipped = obstacle === null ? '' : ` (skipped: ${obstacle})`;
const WIDTHS = [230, 300, 420];

describe.skipIf(obstacle !== null)(`the panel’s connection in a browser${skipped}`, () => {
  let studio: StudioBrowser;
  beforeAll(async () => {
    studio = await StudioBrowser.startScripted();
  });
  afterAll(() => studio?.close());

  it('follows its page’s port, says how to start a server that went away, and is back by itself', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio.open();
    const panel = page.locator('.panel');
    await panel.getByText('Ready', { exact: true }).waitFor();
    await studio.server.close();
    await panel.getByText('Server not running').waitFor();
    await panel.getByText('npm start', { exact: true }).waitFor();
    for (const width of WIDTHS) {
      await setPanelWidth(page, width);
      await studio.picture(page, `absent-${width}`, '.studio-panel');
    }
    await studio.restart();
    await panel.getByText('Ready', { exact: true }).waitFor();
    expect(await panel.getByText('npm start', { exact: true }).count()).toBe(0);
    await panel.getByText('Evoke Awe').click();
    await expect.poll(() => layerNames(page)).toContain('Awe · 100 %');
  });

  it('asks for the pairing code once, takes it as it is shown, and says when it is wrong', {
    timeout: PATIENCE,
  }, async () => {
    // An address without a code, as the panel is before it was paired.
    const page = await studio.open({}, false);
    const panel = page.locator('.panel');
    await panel.getByText('Enter the pairing code').waitFor();
    for (const width of WIDTHS) {
      await setPanelWidth(page, width);
      await studio.picture(page, `pairing-${width}`, '.studio-panel');
    }
    const field = panel.locator('sp-textfield[aria-label="Pairing code"] input');
    await panel.locator('[aria-label^="Pairing code"]').click();
    await field.fill('AAAAA-AAAAA');
    await panel.getByText('Connect', { exact: true }).click();
    await panel.getByText('did not take that code').waitFor();
    await panel.locator('[aria-label^="Pairing code"]').click();
    await field.fill(studio.server.pairingCode.toLowerCase());
    await panel.getByText('Connect', { exact: true }).click();
    await panel.getByText('Ready', { exact: true }).waitFor();
  });
});

describe.skipIf(obstacle !== null)(`a server that goes away in mid-edit${skipped}`, () => {
  let studio: StudioBrowser;
  beforeAll(async () => {
    studio = await StudioBrowser.startScripted('slower');
  });
  afterAll(() => studio?.close());

  it('is missed aloud: the panel says how to start one, and the edit goes on when it is back', {
    timeout: PATIENCE * 2,
  }, async () => {
    const page = await studio.open();
    const panel = page.locator('.panel');
    await panel.getByText('Ready', { exact: true }).waitFor();
    await panel.getByText('Evoke Awe').click();
    await panel.getByText(/^Painting 1 of /).waitFor();
    await studio.server.close();
    await panel.getByText('Reconnecting…').waitFor();
    await panel.getByText('npm start', { exact: true }).waitFor();
    for (const width of WIDTHS) {
      await setPanelWidth(page, width);
      await studio.picture(page, `away-${width}`, '.studio-panel');
    }
    await studio.restart();
    await panel.getByText('Evoke Awe').waitFor();
    expect(await layerNames(page)).toEqual([
      expect.stringMatching(/^Awe · 100 %/),
      'Photo',
      'Background',
    ]);
  });
});
