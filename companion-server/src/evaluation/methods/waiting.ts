/** A row of the paper's table that needs what cannot be shipped, and what it waits for, in a sentence. */
export interface WaitingMethod {
  readonly title: string;
  readonly waitsFor: string;
}

/** By the name that a config may give. */
export const WAITING: Readonly<Record<string, WaitingMethod>> = {
  'neural-style-transfer': {
    title: 'Neural Style Transfer (Gatys et al. 2016)',
    waitsFor:
      'waits for gradients through a backbone, which the runtime does not compute, and for VGG-19’s weights.',
  },
  clipstyler: {
    title: 'CLIPstyler (Kwon and Ye 2022)',
    waitsFor:
      'waits for the weights of CLIP ViT-B/32 and for training a network on each picture, which the runtime does not do.',
  },
  controlnet: {
    title: 'ControlNet (Zhang et al. 2023)',
    waitsFor:
      'waits for a ControlNet beside Stable Diffusion 1.5, an architecture that “emoeditor import” does not know yet.',
  },
  sdedit: {
    title: 'SDEdit (Meng et al. 2022)',
    waitsFor:
      'waits for a Stable Diffusion 1.x that takes noisy latents alone; “emoeditor import” knows those that take the source beside them.',
  },
  instructpix2pix: {
    title: 'InstructPix2Pix (Brooks et al. 2023)',
    waitsFor:
      'waits for its weights: import them, then give {"kind": "editor", "bundle": "…", "conditioning": "text", "iei": false}.',
  },
  aif: {
    title: 'AIF (Weng et al. 2023)',
    waitsFor:
      'waits for its weights, or for a colour-only editor that is trained after its description.',
  },
  emoedit: {
    title: 'EmoEdit (Yang et al. 2025)',
    waitsFor:
      'waits for the weights of its Q-Former, and for an importer that puts it before InstructPix2Pix.',
  },
  lms: {
    title: 'LMS: a language model plans, InstructPix2Pix edits',
    waitsFor: 'waits for a planner and for the weights of InstructPix2Pix.',
  },
};
