/** What somebody with a Photoshop does, in order; `rules` are those of conformance.ts that it tells about. */
export interface SmokeStep {
  readonly title: string;
  readonly minutes: number;
  readonly does: readonly string[];
  /** What is right to see. */
  readonly sees: readonly string[];
  readonly rules: readonly string[];
}

export const SMOKE_STEPS: readonly SmokeStep[] = [
  {
    title: 'Install and connect',
    minutes: 3,
    does: [
      'Run `npm run package`, and double-click the `.ccx` that it names.',
      'Open *Plugins › EmoEditor › EmoEditor* while no server runs.',
      'Run `npm start` and type the pairing code into the panel.',
    ],
    sees: [
      'The panel draws itself completely and says how to start the server.',
      'It notices the server within ten seconds by itself, takes the code and says “Ready”; after a restart of Photoshop it is “Ready” without a code.',
      'A blue frame goes from control to control with the Tab key, and the arrow keys move through the emotions.',
      'A button that was greyed out can be pressed once there is something to do.',
      'Nothing red in the console of Adobe’s UXP Developer Tool.',
    ],
    rules: [
      'UX1',
      'UX2',
      'UX3',
      'UX4',
      'UX5',
      'UX6',
      'UX7',
      'UX8',
      'UX9',
      'UX10',
      'UX11',
      'UX12',
      'UX13',
    ],
  },
  {
    title: 'One edit of a 16-bit photograph',
    minutes: 2,
    does: [
      'Open a photograph of 20 megapixels or more in Adobe RGB or ProPhoto, 16 bit, as a layer above its Background; drag the layer partly off the canvas.',
      'Choose *Awe*, press *Evoke Awe*. Meanwhile zoom, and open another document.',
    ],
    sees: [
      'Photoshop can be used while the iterations arrive; a progress bar of its own shows only while the layer is read and written.',
      'A layer “Awe · 100 %” lies directly above the photograph, in the first document, shifted by no pixel; nothing shows a seam.',
      'The History panel has one new state of that name; one undo takes it away, one redo brings it back.',
    ],
    rules: [
      'MD1',
      'MD8',
      'MD9',
      'MD11',
      'MD12',
      'HI1',
      'IM2',
      'IM3',
      'IM4',
      'IM11',
      'IM18',
      'IM19',
      'LA1',
      'LA2',
      'LA7',
      'LA8',
    ],
  },
  {
    title: 'Colour to the bit',
    minutes: 2,
    does: [
      'Move *Intensity* to 0 and press *Update layer*. Set the layer’s blend mode to *Difference*, merge a copy of what is visible and look at its histogram.',
      'The same in a document in *Apple RGB* and in an untagged one.',
    ],
    sees: [
      'Black, with a histogram of one line at 0, in Adobe RGB, ProPhoto and untagged.',
      'At most one level in Apple RGB, of which the panel said before that Photoshop converts it.',
    ],
    rules: ['IM7', 'IM8', 'IM9', 'IM14', 'LA6'],
  },
  {
    title: 'Selections and masks',
    minutes: 3,
    does: [
      'Select an ellipse, feather it by 40, press *Evoke Fear*.',
      'Undo. Give the photograph a layer mask that reveals all, paint black into its middle, and press *Evoke Fear* without a selection; then with the mask switched off (Shift-click).',
      'Undo. Give it a vector mask instead and press *Evoke Fear*. Clip the photograph to a smaller layer below it and press once more.',
    ],
    sees: [
      'The result’s mask is the soft ellipse down to nothing, without a straight edge anywhere.',
      'The result is clipped to the photograph, and nothing of it shows in the hole; with the mask switched off it is a plain layer.',
      'The result is clipped and shows the vector mask’s shape; above a clipped photograph it is clipped to the same layer.',
    ],
    rules: ['MK1', 'MK2', 'MK3', 'MK4', 'MK5', 'BP1', 'BP2', 'BP3', 'BP4', 'BP5', 'IM10'],
  },
  {
    title: 'Layers of other kinds',
    minutes: 2,
    does: [
      'Select the Background and press *Evoke Awe*.',
      'Select, one after another, and press *Evoke Awe* on each: a smart object at 50 % opacity, a text layer, a shape, a group in Normal mode.',
      'Choose *Advanced › Source › What is visible* with an adjustment layer on top, and press *Evoke Awe*.',
      'Select, one after another: a locked layer, a layer with locked transparency, an empty layer; then open a CMYK and a 32-bit document.',
      'Select a cut-out layer with soft edges, and a layer whose right half is empty, and press *Evoke Awe* on each.',
    ],
    sees: [
      'A new layer above the Background.',
      'Each is edited, its result clipped to it; one history state each, and no duplicate is left behind.',
      'The result lies on top and looks like an edit of the whole picture.',
      'A sentence with what to do for each, and a button that cannot be pressed.',
      'The soft edges are the same, and the empty half stays empty.',
    ],
    rules: [
      ...['IM1', 'IM5', 'IM6', 'IM12', 'IM13', 'IM15', 'IM16', 'IM17', 'IM20', 'IM21'],
      ...['LA5', 'LA10', 'LA11', 'LA12', 'BP7'],
    ],
  },
  {
    title: 'A group or a smart object as result',
    minutes: 1,
    does: [
      'Choose *Advanced › Result › Group of layers* and press *Evoke Awe* with a selection.',
      'Undo. Choose *Smart object* there and press it again. Look at *File › File Info › Raw Data*.',
    ],
    sees: [
      'A group with *Content*, clipped, above *Grade*, which has the mask; one history state.',
      'A smart object with the mask, named like a layer; a double-click on it opens its pixels. The raw data say `compositeWithTrainedAlgorithmicMedia`.',
    ],
    rules: ['LA3', 'LA4', 'HI5', 'BP6', 'BP8'],
  },
  {
    title: 'Failure and cancel',
    minutes: 2,
    does: [
      'Press *Evoke Awe* and *Cancel* while it paints; then again, and Escape while Photoshop’s own bar shows.',
      'Press *Evoke Awe*, and open *Image › Image Size…* before it is done. Close the dialog after five seconds.',
      'Press *Evoke Awe*, and close the document before it is done.',
    ],
    sees: [
      'The panel is free within a second; layers and history are as they were.',
      'The panel says that it waits for Photoshop’s dialog or tool, and writes the result when the dialog is closed.',
      'A sentence says that the document is no longer open.',
    ],
    rules: ['MD2', 'MD4', 'MD5', 'MD6', 'MD7', 'MD10', 'HI2', 'HI3', 'HI4', 'HI6'],
  },
  {
    title: 'Actions',
    minutes: 5,
    does: [
      'Record an action; press *Evoke Sadness*; choose *Plugins › EmoEditor › Evoke Awe*; stop.',
      'Restart Photoshop, do not open the panel, open another photograph, play the action. Press Escape in a second run.',
      'Double-click the step *Evoke Sadness* (*Record Again*).',
      'In the Actions panel’s menu choose to make one history state of an action, and play it.',
      '*File › Automate › Batch* over five photographs of which one is CMYK: once with *Stop for Errors*, once with *Log Errors to File*. Then with the server stopped.',
    ],
    sees: [
      'Two steps; the first shows emotion, intensity and mode when it is unfolded. Nothing is recorded of an edit without a recording, and nothing is complained about.',
      'Both steps play, with a bar that names the stage; Escape stops the action and leaves the document as it was.',
      'The step keeps its parameters, and plays afterwards.',
      'One history state of the action’s name.',
      'The batch stops at the CMYK file and says why, or edits four and logs one. Without the server it stops after half a minute. No dialog of ours appears in any of them.',
    ],
    rules: [
      'AC1',
      'AC2',
      'AC3',
      'AC4',
      'AC5',
      'AC6',
      'AC7',
      'AC8',
      'AC9',
      'AC10',
      'AC11',
      'HI7',
      'HI8',
      'MD3',
    ],
  },
  {
    title: 'What is said nowhere',
    minutes: 5,
    does: [
      'Open *Plugins › EmoEditor › EmoEditor*, and choose *Diagnostics…* in the panel’s flyout menu; press *Run the checks*, copy the report and send it.',
      'Press *Evoke Awe* and open another document before it is done.',
      'While an action records, press *Evoke Fear* once.',
      'Press *Evoke Sadness*; while *Applying* shows, try the panel’s own *Cancel*, then Escape.',
      'Open a dialog of Photoshop’s that blocks everything (*Save As* to a slow drive) for a minute while the panel says “Ready”.',
      'Drag *Intensity* out of the panel and let go outside; hold the mouse on the preview and drag out of it.',
      'Scroll the panel with *Advanced* open while a number is being typed.',
      'Make the panel float, dock it again, close it and open it.',
    ],
    sees: [
      'A report with a line for each rule that a program can try. A line that says “fails” where the rules below say otherwise: the fake is wrong there.',
      'The layer arrives in the first document. If not: results have to wait until their document is active.',
      'One step, “Evoke Fear”. Steps like “Make layer” beside it: Photoshop records the plugin’s own commands, and the plugin has to stop that.',
      'Escape stops it. If *Cancel* works too, the hint on Escape can go.',
      '“Ready” afterwards without a break. “Connecting…”: answers to pings are lost while Photoshop stands still.',
      'The slider stays where it was let go, in steps of 5; the preview shows the edit again.',
      'The number is drawn over what is above it for as long as it is typed, and nothing else is.',
      'The panel is drawn once each time. Empty: neither create nor show came. Twice: both came with different roots.',
    ],
    rules: ['LA9'],
  },
];
