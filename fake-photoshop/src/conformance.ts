import { assumed, documented, type Rule, reported } from './conformanceRule.ts';
import { UXP_RULES } from './uxp/rulesOfUxp.ts';

export type { Rule };

const MODAL = 'ps-reference/media/executeasmodal.md';
const IMAGING = 'ps-reference/media/imaging.md';
const RECORDING = 'ps-reference/media/action-recording.md';
const BATCH_PLAY = 'ps-reference/media/batchplay.md';
const LAYER = 'ps-reference/classes/layer.md';
const DOCUMENT = 'ps-reference/classes/document.md';
const SELECTION = 'ps-reference/classes/selection.md';

/**
 * The fake's assumptions about Photoshop, rule by rule. Tests of the fake quote the ids; docs/smoke-test.md is generated
 * from this list (test/unit/fakes/conformance.test.ts), so that anyone with Photoshop can check them there.
 */
export const CONFORMANCE: readonly Rule[] = [
  documented('MD1', MODAL, 'Whatever changes a document throws outside a modal scope.'),
  documented(
    'MD2',
    MODAL,
    'While another plugin, a dialog or a tool is modal, executeAsModal rejects with number 9.',
  ),
  documented(
    'MD3',
    MODAL,
    'A scope may be entered again from within: both share progress bar, cancel and suspended histories.',
  ),
  assumed(
    'MD4',
    MODAL,
    'A second call of the same plugin from outside the scope rejects with number 9.',
  ),
  documented('MD5', MODAL, 'commandName is required.'),
  documented('MD6', MODAL, 'Escape sets isCancelled and calls onCancel.'),
  documented(
    'MD7',
    MODAL,
    'After a cancel every call into Photoshop throws until the scope ends; nothing can be changed any more.',
  ),
  documented('MD8', MODAL, 'reportProgress takes a value from 0 to 1 and a text for the bar.'),
  documented('MD9', MODAL, 'Events are silent while a scope is open, and are not told afterwards.'),
  reported(
    'MD10',
    'Auto-Photoshop-StableDiffusion-Plugin',
    'The properties of the execution context are not enumerable: a copy by spreading is empty.',
  ),
  reported(
    'MD11',
    'sd-ppp/sdppp-photoshop',
    'Reading pixels, masks and selections needs a modal scope too.',
  ),
  assumed('MD12', MODAL, 'Of an error that leaves executeAsModal only the text is sure to arrive.'),
  documented(
    'MD13',
    'ps-reference/objects/returnobjects/executeasmodaloptions.md',
    'Since 25.10 executeAsModal waits for a busy host, for timeOut seconds.',
  ),
  documented(
    'MD14',
    'ps-reference/media/eventcodes.md',
    'Core events tell that a panel was shown or hidden and, since 27.4, that the machine sleeps or is awake.',
  ),

  documented('HI1', MODAL, 'A suspended history becomes one step of its name when it is resumed.'),
  documented('HI2', MODAL, 'Resumed with false, the document is as it was when it was suspended.'),
  documented(
    'HI3',
    MODAL,
    'What is still suspended when the scope ends is committed, or cancelled when the scope threw.',
  ),
  documented('HI4', MODAL, 'Without a change there is no step.'),
  documented('HI5', MODAL, 'finalName renames the step before it is resumed.'),
  assumed(
    'HI6',
    MODAL,
    'Outside a suspension every change is a step of its own, and stays when the scope throws.',
  ),
  documented(
    'HI7',
    MODAL,
    'While a playing action owns the history, suspendHistory answers 4294967295 and resuming that throws (a note in the source of the page).',
  ),
  reported(
    'HI8',
    'sd-ppp/sdppp-photoshop',
    'What is changed in the very turn in which the history is resumed stays as a state of its own.',
  ),

  documented(
    'IM1',
    IMAGING,
    'What is returned is trimmed to what is not empty; sourceBounds says where it lies.',
  ),
  documented(
    'IM2',
    IMAGING,
    'With a targetSize the nearest cached level is scaled, and sourceBounds counts in its pixels; there are as many levels as Cache Levels in the preferences.',
  ),
  documented(
    'IM3',
    IMAGING,
    '16 bit runs from 0 to 32768, and to 65535 with fullRange; 32 bit are floats.',
  ),
  documented('IM4', IMAGING, 'Data are chunky unless planar ones are asked for.'),
  reported(
    'IM5',
    'sd-ppp/sdppp-photoshop',
    'A Background and a layer with locked transparency have three components, others four.',
  ),
  reported(
    'IM6',
    'AdobeDocs/uxp-photoshop#501',
    'Layers in Grayscale and Lab documents come without alpha.',
  ),
  documented(
    'IM7',
    IMAGING,
    'Photoshop converts to the color space and profile that are asked for.',
  ),
  documented(
    'IM8',
    IMAGING,
    'Image data with an empty profile are taken for the numbers of the document that they are put into.',
  ),
  documented(
    'IM9',
    IMAGING,
    'Image data that are put have their profile converted to the document’s.',
  ),
  documented(
    'IM10',
    IMAGING,
    'Image data stay in memory until they are disposed of, and cannot be read afterwards.',
  ),
  documented(
    'IM11',
    IMAGING,
    'putPixels with replace discards what the layer had, without it it adds.',
  ),
  documented('IM12', IMAGING, 'putPixels needs a pixel layer.'),
  reported(
    'IM13',
    'sd-ppp/sdppp-photoshop',
    '8 bit cannot be had of a 16-bit document after 25.5: error −1.',
  ),
  assumed('IM14', IMAGING, 'Pixels of another depth than the document’s are refused.'),
  assumed(
    'IM15',
    IMAGING,
    'Image data are never CMYK, and pixels cannot be put into a CMYK document.',
  ),
  assumed('IM16', IMAGING, 'A region without any pixel gives empty bounds, or an error.'),
  documented('IM17', IMAGING, 'encodeImageData takes 8-bit RGB without alpha.'),
  documented('IM18', IMAGING, 'Width, height and components must agree with the buffer.'),
  documented('IM20', IMAGING, 'Without a layerID the pixels are those of what the document shows.'),
  assumed('IM21', IMAGING, 'Only pixel layers can be read; others are rasterised first.'),
  assumed('IM19', IMAGING, 'Pixels beyond the canvas are read and written like all others.'),

  reported(
    'MK1',
    'sd-ppp/sdppp-photoshop',
    'Masks and selections are one gray component in the depth of the document.',
  ),
  assumed('MK2', IMAGING, 'putLayerMask makes a mask on a layer that has none.'),
  assumed(
    'MK3',
    IMAGING,
    'A mask goes on beyond its bounds in its own white or black, which is trimmed off and told nowhere.',
  ),
  documented('MK4', IMAGING, 'A vector mask can be read as pixels and cannot be put.'),
  documented(
    'MK5',
    SELECTION,
    'bounds is around the entire selection, soft edge included, or null without one.',
  ),

  documented(
    'LA1',
    DOCUMENT,
    'createPixelLayer puts the new layer above the active one and makes it active.',
  ),
  documented(
    'LA2',
    LAYER,
    'move with placeBefore puts a layer directly above another one, in its group.',
  ),
  documented(
    'LA3',
    DOCUMENT,
    'createLayerGroup takes layers in and stands where the topmost of them was.',
  ),
  assumed('LA4', DOCUMENT, 'Layers that are taken into a group keep their clipping.'),
  documented('LA5', LAYER, 'Locked layers refuse pixels, moves and their deletion.'),
  documented('LA6', DOCUMENT, 'An untagged document’s profile is named “None”.'),
  assumed('LA7', LAYER, 'Layers can be made and moved in a document that is not the active one.'),
  assumed(
    'LA9',
    LAYER,
    'isClippingMask clips a layer to the one below, which may be clipped itself.',
  ),
  documented('LA10', LAYER, 'duplicate puts a copy directly above a layer.'),
  assumed('LA11', LAYER, 'rasterize makes a pixel layer of what is seen, masks and opacity stay.'),
  assumed('LA12', LAYER, 'A layer can be clipped to a group, which is then merged for it.'),
  assumed(
    'LA13',
    LAYER,
    'With “Blend Clipped Layers as Group” off, a base and each layer that is clipped to it are drawn one after another, within the base’s transparency.',
  ),
  documented('LA8', LAYER, 'bounds count in pixels, whatever the resolution of the document.'),

  documented(
    'BP1',
    BATCH_PLAY,
    'A command that fails resolves with an error descriptor; it does not reject.',
  ),
  documented(
    'BP2',
    BATCH_PLAY,
    'The list ends at the first failure unless continueOnError is set.',
  ),
  documented('BP3', BATCH_PLAY, 'Anything but a list of commands rejects.'),
  assumed(
    'BP4',
    'PIStringTerminology.h',
    'hasUserMask, userMaskEnabled, hasVectorMask and vectorMaskEnabled can be asked of a layer.',
  ),
  assumed(
    'BP6',
    'PIStringTerminology.h',
    'newPlacedLayer makes a smart object of the active layer: another layer, which is then active.',
  ),
  assumed(
    'BP8',
    'PIStringTerminology.h',
    'XMPMetadataAsUTF8 of a document can be read and, in a modal scope, set.',
  ),
  assumed(
    'BP9',
    'PIStringTerminology.h',
    'blendClipped, knockout, blendRange and channelRestrictions can be asked of a layer.',
  ),
  assumed(
    'BP10',
    'PIStringTerminology.h',
    'make of a channel at a layer’s mask, using another layer’s, copies that mask with density and feather.',
  ),
  assumed(
    'BP11',
    'scripts of others for textToClipboard',
    'textToClipboard puts its textData onto the clipboard, without a permission in the manifest.',
  ),
  assumed('BP7', 'PIStringTerminology.h', 'mergeLayersNew merges the active group.'),
  documented(
    'BP5',
    'ps-reference/media/photoshopaction.md',
    'validateReference says whether a layer or a document is still there.',
  ),

  documented(
    'AC1',
    RECORDING,
    'A step keeps a function’s name and its data; playing looks the name up in the plugin’s global scope.',
  ),
  documented(
    'AC2',
    RECORDING,
    'The function is handed a context like executeAsModal’s, and the data.',
  ),
  documented(
    'AC3',
    RECORDING,
    'Record Again replaces the data by what the function returned; undefined leaves them.',
  ),
  documented(
    'AC4',
    RECORDING,
    'recordAction without data rejects, and so does a method that is no string.',
  ),
  assumed('AC5', RECORDING, 'Data within data may be lost, so that flat ones alone are safe.'),
  assumed('AC6', RECORDING, 'recordAction while nothing records leaves no step.'),
  assumed('AC7', RECORDING, 'A step that throws ends its action, and Batch stops or logs it.'),
  assumed(
    'AC8',
    RECORDING,
    'A step is found although the panel was never opened, with loadEvent “startup”.',
  ),
  documented(
    'AC9',
    'guides/uxp-guide/uxp-misc/manifest-v5/index.md',
    'With enableMenuRecording a plugin’s menu items are recorded, without parameters.',
  ),
  assumed('AC11', RECORDING, 'Whole numbers of a step have 32 bits and a sign.'),
  assumed('AC10', RECORDING, 'A playing action and a batch wait for the promise of a menu item.'),

  ...UXP_RULES,
];
