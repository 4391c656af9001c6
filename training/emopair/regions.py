"""Soft region maps of one photograph by classical means: sky, ground, subject, depth, light sources.

Heuristics, not a segmentation network: they only have to put light into skies and petals onto grounds. CPU only.
Sky follows Shen & Wang, "Sky Region Detection in a Single Image for Autonomous Ground Robot Navigation" (2013).
Soft edges: He et al., "Guided Image Filtering" (2010). Saliency: Hou & Zhang, "Saliency Detection: A Spectral
Residual Approach" (2007), with colour distance from the border.
"""

import cv2
import numpy as np

from . import REGIONS

SIDE = 128
"""Longer side at which the maps are worked out, pixels."""


def _ramp(low: float, high: float, x: np.ndarray) -> np.ndarray:
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _guided(guide: np.ndarray, mask: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    """Grey guided filter: the mask with the edges of the guide."""

    def mean(a: np.ndarray) -> np.ndarray:
        return cv2.blur(a, (2 * radius + 1,) * 2, borderType=cv2.BORDER_REFLECT)

    mg, mm = mean(guide), mean(mask)
    slope = (mean(guide * mask) - mg * mm) / (mean(guide * guide) - mg * mg + epsilon)
    offset = mm - slope * mg
    return np.clip(mean(slope) * guide + mean(offset), 0, 1)


def _skyline(gradient: np.ndarray, threshold: float) -> np.ndarray:
    """Row of the first strong edge in every column."""
    strong = gradient > threshold
    first = strong.argmax(axis=0)
    return np.where(strong.any(axis=0), first, gradient.shape[0])


def _spread(pixels: np.ndarray) -> float:
    """|Σ| plus its largest eigenvalue: how unlike one colour the pixels are."""
    if len(pixels) < 16:
        return 1e6
    sigma = np.cov(pixels.T)
    return float(np.linalg.det(sigma) + np.linalg.eigvalsh(sigma)[-1])


def sky(rgb: np.ndarray) -> np.ndarray:
    """Sky of `[h,w,3]` float32 0..1; zeros when nothing there looks like one."""
    h, w = rgb.shape[:2]
    grey = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), 1.0) * 255
    gradient = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    gradient[:2] = 0
    rows = np.arange(h)[:, None]
    best, chosen = 0.0, np.zeros(w, int)
    for threshold in np.geomspace(14, 160, 14):
        line = _skyline(gradient, threshold)
        line = np.minimum(line, np.median(line) + 0.35 * h).astype(int)
        above = rows < line[None]
        if above.mean() < 0.02 or above.mean() > 0.98:
            continue
        energy = 1 / (2 * _spread(rgb[above] * 255) + _spread(rgb[~above] * 255))
        if energy > best:
            best, chosen = energy, line
    hard = (rows < chosen[None]).astype(np.float32)
    if hard.sum() < 0.02 * h * w:
        return np.zeros((h, w), np.float32)
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    blue = _ramp(175, 195, hue) * _ramp(275, 250, hue)
    warm = np.maximum(_ramp(55, 40, hue), _ramp(300, 330, hue)) * _ramp(0.35, 0.6, value)
    pale = _ramp(0.3, 0.12, saturation) * _ramp(0.25, 0.45, value)
    dusk = _ramp(0.35, 0.2, value) * _ramp(0.2, 0.1, cv2.blur(gradient, (9, 9)) / 100)
    plausible = np.maximum.reduce([blue, 0.8 * warm, pale, 0.7 * dusk])
    mean, sigma = cv2.meanStdDev(rgb, mask=(hard * 255).astype(np.uint8))
    distance = (np.abs(rgb - mean.reshape(1, 1, 3)) / (sigma.reshape(1, 1, 3) + 0.06)).max(axis=2)
    reach = _ramp(0.92, 0.6, rows / h * np.ones((1, w)))
    smooth = _ramp(60, 22, cv2.blur(gradient, (5, 5)))
    soft = plausible * _ramp(3.2, 1.8, distance) * np.maximum(hard, 0.85 * smooth) * np.maximum(hard * 0.7, reach)
    soft = _connected_to_top(soft.astype(np.float32))
    inside = float((soft * hard).sum() / hard.sum())
    if inside < 0.42 or soft.mean() < 0.02:
        return np.zeros((h, w), np.float32)
    soft = _with_clouds(soft, np.maximum(blue * _ramp(0.2, 0.4, value), np.maximum(warm, pale)), gradient)
    return _guided(grey / 255, soft, 4, 1e-3) * (soft > 0.02)


def _with_clouds(soft: np.ndarray, likely: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Adds what lies between sky and sky: clouds down from the top while likely, and enclosed holes (sun, rainbow)."""
    calm = cv2.blur(likely * _ramp(150, 60, cv2.blur(gradient, (7, 7))), (5, 5))
    falling = cv2.blur(np.minimum.accumulate(cv2.blur(calm, (15, 1)), axis=0), (11, 1))
    soft = np.maximum(soft, 0.9 * _ramp(0.3, 0.6, falling) * _ramp(0.1, 0.4, likely))
    soft = cv2.morphologyEx(soft.astype(np.float32), cv2.MORPH_CLOSE, np.ones((5, 5)))
    count, labels = cv2.connectedComponents((soft < 0.4).astype(np.uint8), connectivity=4)
    outer = set(labels[-1]) | set(labels[int(0.7 * len(labels)) :, 0]) | set(labels[int(0.7 * len(labels)) :, -1])
    for i in range(1, count):
        hole = labels == i
        if i not in outer and hole.mean() < 0.12:
            soft[hole] = 0.9
    return soft


def _connected_to_top(soft: np.ndarray) -> np.ndarray:
    count, labels = cv2.connectedComponents((soft > 0.3).astype(np.uint8), connectivity=4)
    if count <= 1:
        return soft * 0
    touching = np.unique(labels[:3])
    sizes = np.bincount(labels.ravel())
    keep = [i for i in touching if i != 0 and sizes[i] > 0.004 * soft.size]
    return soft * cv2.dilate(np.isin(labels, keep).astype(np.uint8), np.ones((3, 3), np.uint8))


def subject(rgb: np.ndarray, sky_map: np.ndarray) -> np.ndarray:
    """What the picture is about: spectral residual and colour unlike the border, towards the centre, then GrabCut."""
    h, w = rgb.shape[:2]
    lab = cv2.cvtColor(cv2.GaussianBlur(rgb, (0, 0), 1.5), cv2.COLOR_RGB2LAB)
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (64, 64), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = np.exp(log - cv2.blur(log, (3, 3)) + 1j * np.angle(spectrum))
    spectral = cv2.GaussianBlur((np.abs(np.fft.ifft2(residual)) ** 2).astype(np.float32), (0, 0), 4)
    spectral = cv2.resize(spectral / (spectral.max() + 1e-9), (w, h))
    edge = max(3, h // 16)
    border = np.concatenate([lab[:, :edge].reshape(-1, 3), lab[:, -edge:].reshape(-1, 3), lab[:edge].reshape(-1, 3)])
    _, _, centres = cv2.kmeans(
        border.astype(np.float32), 4, None, (cv2.TERM_CRITERIA_MAX_ITER, 6, 1.0), 1, cv2.KMEANS_PP_CENTERS
    )
    contrast = np.min([np.linalg.norm(lab - c, axis=2) for c in centres], axis=0)
    contrast = contrast / max(12.0, float(np.percentile(contrast, 98)))
    yy, xx = np.mgrid[0:h, 0:w]
    centre = np.exp(-(((xx / w - 0.5) / 0.3) ** 2 + ((yy / h - 0.54) / 0.32) ** 2))
    score = (0.6 * np.clip(contrast, 0, 1) + 0.4 * spectral) * (0.25 + 0.75 * centre) * (1 - 0.95 * sky_map)
    score = cv2.GaussianBlur(score.astype(np.float32), (0, 0), 2.0)
    score /= score.max() + 1e-9
    mask = np.full((h, w), cv2.GC_PR_BGD, np.uint8)
    mask[score > max(0.32, float(np.percentile(score, 72)))] = cv2.GC_PR_FGD
    mask[score > max(0.6, float(np.percentile(score, 93)))] = cv2.GC_FGD
    mask[(score < np.percentile(score, 30)) | (sky_map > 0.7)] = cv2.GC_BGD
    mask[:2] = cv2.GC_BGD
    if (mask == cv2.GC_FGD).sum() < 20 or (mask == cv2.GC_BGD).sum() < 20:
        return score
    model = [np.zeros((1, 65)), np.zeros((1, 65))]
    cv2.setRNGSeed(1)
    cv2.grabCut((rgb[..., ::-1] * 255).astype(np.uint8), mask, None, *model, 2, cv2.GC_INIT_WITH_MASK)
    cut = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    cut = cv2.morphologyEx(cut, cv2.MORPH_OPEN, np.ones((3, 3)))
    share = cut.mean()
    trust = 0.8 if 0.02 < share < 0.6 else 0.3
    blended = trust * cut * np.clip(0.35 + score, 0, 1) + (1 - trust) * score
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return np.clip(_guided(grey, blended.astype(np.float32), 3, 2e-3) * 1.15, 0, 1)


def depth(rgb: np.ndarray, sky_map: np.ndarray, subject_map: np.ndarray) -> np.ndarray:
    """Pseudo-depth, 1 far and 0 near: height in the picture, haze (dark channel) and lack of fine contrast."""
    h, w = rgb.shape[:2]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    dark = cv2.GaussianBlur(cv2.erode(rgb.min(axis=2), np.ones((5, 5))), (0, 0), 3)
    detail = cv2.GaussianBlur(np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 2)), (0, 0), 4)
    rows = np.linspace(0, 1, h, dtype=np.float32)[:, None] * np.ones((1, w), np.float32)
    horizon = 0.35
    if sky_map.mean() > 0.05:
        horizon = float(
            np.clip(np.percentile(np.where(sky_map > 0.5)[0], 92) / h if (sky_map > 0.5).any() else 0.35, 0.1, 0.8)
        )
    plane = np.clip((1 - rows) / max(0.15, 1 - horizon), 0, 1) ** 1.3
    cue = 0.72 * plane + 0.16 * np.clip(dark * 1.4, 0, 1) + 0.12 * _ramp(0.05, 0.005, detail)
    cue = np.maximum(cue * (1 - 0.45 * subject_map), sky_map)
    return _guided(grey, cue.astype(np.float32), 6, 4e-3)


def lights(rgb: np.ndarray, sky_map: np.ndarray) -> np.ndarray:
    """Sources of light: compact peaks well above what surrounds them, and the sun."""
    value = rgb.max(axis=2)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    wide = cv2.GaussianBlur(grey, (0, 0), 14)
    top = max(0.8, float(np.percentile(grey, 97)))
    peak = _ramp(top - 0.12, top + 0.03, grey) * _ramp(0.12, 0.35, value - wide)
    if (grey > 0.9).mean() > 0.3:
        peak *= 0.3
    return np.clip(cv2.GaussianBlur(peak.astype(np.float32), (0, 0), 1.0) * 1.3, 0, 1)


def compute(rgb: np.ndarray, size: int = 64) -> np.ndarray:
    """All maps of `[H,W,3]` uint8 RGB as `[K,size,size]` uint8 in the order of REGIONS, squashed to a square."""
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"photograph: expected [H,W,3] uint8, got {rgb.shape} {rgb.dtype}")
    scale = SIDE / max(rgb.shape[:2])
    shape = (max(16, round(rgb.shape[1] * scale)), max(16, round(rgb.shape[0] * scale)))
    small = cv2.resize(rgb, shape, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    sky_map = sky(small)
    subject_map = subject(small, sky_map)
    depth_map = depth(small, sky_map, subject_map)
    rows = np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None]
    ground = _ramp(0.42, 0.75, rows) * (1 - sky_map) * (1 - 0.7 * subject_map)
    maps = dict(sky=sky_map, ground=ground, subject=subject_map, depth=depth_map, lights=lights(small, sky_map))
    stacked = [
        cv2.resize(maps[name].astype(np.float32), (size, size), interpolation=cv2.INTER_AREA) for name in REGIONS
    ]
    return (np.clip(np.stack(stacked), 0, 1) * 255 + 0.5).astype(np.uint8)
