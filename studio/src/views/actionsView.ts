import type { Automation } from '../automation.ts';
import { make, makeIcon } from './elements.ts';
import { icons } from './icons.ts';
import type { View } from './view.ts';

interface ActionsViewParts {
  readonly automation: Automation;
  /** Plays the action on the open document. */
  readonly play: () => void;
  /** Lets the user choose the documents of a batch, or their folder. */
  readonly browseBatch: (from: 'files' | 'folder') => void;
}

const EMPTY = 'Press Record, then run an edit in the panel or choose one from Plugins.';

/** Photoshop's Actions panel with one action: record it, play it, run it over many documents. */
export function createActionsView({ automation, play, browseBatch }: ActionsViewParts): View {
  const button = (path: string, title: string, press: () => void) => {
    const element = make('button', {
      class: 'studio-tool',
      attributes: { type: 'button', title, 'aria-label': title },
      children: [makeIcon(path)],
    });
    element.addEventListener('click', press);
    return element;
  };
  const record = button(icons.record, 'Record an action', () => automation.record());
  record.classList.add('studio-record');
  const stop = button(icons.stop, 'Stop recording', () => automation.stop());
  const playButton = button(icons.play, 'Play the action on this document', play);
  const batches = [
    button(icons.batch, 'Batch: play the action on many documents', () => browseBatch('files')),
    button(icons.folder, 'Batch: play the action on a folder', () => browseBatch('folder')),
  ];
  const list = make('ol', { class: 'studio-list', attributes: { 'aria-label': 'Action' } });
  let drawn = '';
  return {
    element: make('section', {
      class: 'studio-dock studio-actions',
      attributes: { 'aria-label': 'Actions' },
      children: [
        make('div', {
          class: 'studio-dock-line',
          children: [make('h2', { text: 'Actions' }), stop, record, playButton, ...batches],
        }),
        list,
      ],
    }),
    refresh() {
      const { steps, isRecording, isPlaying } = automation;
      const canPlay = steps.length > 0 && !isRecording && !isPlaying;
      record.disabled = isRecording || isPlaying;
      record.classList.toggle('studio-recording', isRecording);
      stop.disabled = !isRecording;
      playButton.disabled = !canPlay;
      for (const batch of batches) batch.disabled = !canPlay;
      const wanted = JSON.stringify([steps, isRecording]);
      if (wanted === drawn) return;
      drawn = wanted;
      const rows = steps.map((text) => make('li', { class: 'studio-step', text }));
      const hint = isRecording ? 'Recording…' : EMPTY;
      list.replaceChildren(
        ...(rows.length > 0 ? rows : [make('li', { class: 'studio-hint', text: hint })]),
      );
    },
  };
}
