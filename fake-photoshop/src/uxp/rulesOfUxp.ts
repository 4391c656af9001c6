import { assumed, documented, type Rule, reported } from '../conformanceRule.ts';

const UXP_REFERENCE = 'uxp-api/reference-js/global-members';

/** The tests' assumptions about UXP, apart from Photoshop's own modules. */
export const UXP_RULES: readonly Rule[] = [
  documented(
    'UX1',
    'guides/uxp-guide/uxp-misc/manifest-v5/index.md',
    'Code cannot be made from strings unless the manifest asks for it.',
  ),
  documented(
    'UX2',
    'uxp-api/reference-js/modules/uxp/entry-points/entry-points.md',
    'entrypoints.setup is called once, in the turn in which the bundle is loaded.',
  ),
  reported(
    'UX3',
    'hyperbrew/bolt-uxp',
    'TextEncoder, TextDecoder, MutationObserver, MessageChannel, queueMicrotask, matchMedia, Worker and HTMLIFrameElement may be missing.',
  ),
  reported('UX4', 'mikechambers/adb-mcp', 'ws://127.0.0.1 can be opened on macOS and on Windows.'),
  documented(
    'UX5',
    'uxp-api/reference-js/modules/uxp/key-value-storage/secure-storage.md',
    'secureStorage gives bytes back, or nothing when it was cleared.',
  ),
  documented(
    'UX6',
    `${UXP_REFERENCE}/html-dom/abort-signal.md`,
    'AbortSignal works for web streams only and has no listeners; older hosts have none at all.',
  ),
  assumed(
    'UX7',
    UXP_REFERENCE,
    'The language is ES2020, and of the web there is only what Adobe documents.',
  ),
  documented(
    'UX8',
    `${UXP_REFERENCE}/html-elements/html-image-element.md`,
    'An image does not tell its own size.',
  ),
  documented(
    'UX9',
    'uxp-api/reference-css/styles/index.md',
    'Styles are those of the list: there is no outline, grid, gap or transition.',
  ),
  documented(
    'UX10',
    'uxp-api/reference-css/pseudo-classes/focus.md',
    'What is not interactive by nature takes the keyboard with a positive tabindex only.',
  ),
  assumed(
    'UX11',
    'uxp-api/reference-spectrum/spectrum-uxp-widgets',
    'A property of a widget takes its own kind of value; a boolean is cleared by false, not by undefined.',
  ),
  assumed(
    'UX12',
    'uxp-api/reference-js/global-members/data-transfers/web-socket.md',
    'The buffers of a WebSocket may be of another realm than the plugin’s own.',
  ),
  documented(
    'UX13',
    'uxp-api/known-issues.md',
    'Text fields are drawn above everything else in the panel.',
  ),
  documented(
    'UX14',
    `${UXP_REFERENCE}/image-blob.md`,
    'Since UXP 7.0 ImageBlob makes an image’s address of raw pixels or of a file; older hosts have none.',
  ),
];
