/** The whole picture, whatever the window's size, or device pixels per picture pixel. */
export type Zoom = 'fit' | number;

const STEPS = [0.03, 0.06, 0.125, 0.25, 0.333, 0.5, 0.667, 1, 2, 4, 8, 16];

/** The scale at which the picture just fits, never larger than it is. */
export function fittingScale(
  picture: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): number {
  if (picture.width <= 0 || picture.height <= 0) return 1;
  const scale = Math.min(room.width / picture.width, room.height / picture.height, 1);
  return Math.max(scale, 0.01);
}

/** The next of Photoshop's zoom steps above or below. */
export function nextStep(scale: number, direction: 1 | -1): number {
  const far = STEPS.filter((step) => (direction > 0 ? step > scale * 1.01 : step < scale * 0.99));
  const next = direction > 0 ? far[0] : far.at(-1);
  return next ?? (direction > 0 ? 16 : 0.03);
}

export function percentText(scale: number): string {
  const percent = scale * 100;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
