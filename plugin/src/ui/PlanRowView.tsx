import { EMOTIONS } from '@emoeditor/shared';
import type { PlanRow } from '../session/editPlan.ts';
import { emotionColour, emotionTitle, percent } from './emotionLook.ts';
import { PlanPicture } from './PlanPicture.tsx';
import { Picker } from './widgets/Picker.tsx';
import { Tick } from './widgets/Tick.tsx';
import { ValueField } from './widgets/ValueField.tsx';

const EMOTION_OPTIONS = EMOTIONS.map((value) => ({ value, label: emotionTitle(value) }));

interface PlanRowProps {
  readonly row: PlanRow;
  readonly isDisabled: boolean;
  readonly onChoose: (
    change: Partial<Pick<PlanRow, 'target' | 'intensity' | 'isIncluded'>>,
  ) => void;
}

const MAX_INTENSITY = 150;

/** One layer: whether it takes part, what it shall evoke, and what became of it. */
export function PlanRowView({ row, isDisabled, onChoose }: PlanRowProps) {
  const { name, layer, target, intensity, isIncluded } = row;
  const canTakePart = layer !== null;
  const toggle = () => {
    if (canTakePart && !isDisabled) onChoose({ isIncluded: !isIncluded });
  };
  const { text, tone, more, hover = text } = describe(row);
  const onIntensity = (typed: string) => {
    const value = Number(typed.replace(/\D/g, ''));
    if (value <= MAX_INTENSITY) onChoose({ intensity: value });
  };
  return (
    <div className={isIncluded ? 'plan-row' : 'plan-row plan-row-out'}>
      <div className="plan-line">
        <Tick
          label={`Edit ${name}`}
          isOn={isIncluded}
          isAbsent={!canTakePart}
          isDisabled={isDisabled}
          onToggle={toggle}
        />
        <PlanPicture row={row} />
        <div className="plan-words">
          <div className="plan-name" title={name} onClick={toggle} aria-hidden="true">
            {name}
          </div>
          <div className="plan-reading">{readingText(row)}</div>
        </div>
        <div className="plan-status" role="status" title={hover}>
          {tone !== 'quiet' && <div className={`plan-mark plan-${tone}`} />}
          <div className={tone === 'quiet' ? 'plan-quiet' : ''}>{text}</div>
        </div>
      </div>
      {isIncluded && (
        <div className="plan-line plan-controls">
          <div className="emotion-dot" style={{ backgroundColor: emotionColour(target) }} />
          <Picker
            label={`Emotion for ${name}`}
            options={EMOTION_OPTIONS}
            value={target}
            isDisabled={isDisabled}
            onChange={(chosen) => onChoose({ target: chosen })}
          />
          <div className="plan-intensity">
            <ValueField
              label={`Intensity for ${name} in percent, with ${emotionTitle(target)}`}
              value={String(intensity)}
              isDisabled={isDisabled}
              onInput={onIntensity}
            />
          </div>
          <div className="plan-unit">%</div>
        </div>
      )}
      {more !== '' && <div className="plan-more">{more}</div>}
    </div>
  );
}

interface Described {
  readonly text: string;
  readonly tone: 'quiet' | 'good' | 'bad';
  /** Wraps below the row: what went wrong and what to do. */
  readonly more: string;
  /** For the mouse that rests on it, where the text alone does not say. */
  readonly hover?: string;
}

function describe({ status, target }: PlanRow): Described {
  const quiet = (text: string): Described => ({ text, tone: 'quiet', more: '' });
  switch (status.kind) {
    case 'waiting':
      return quiet('');
    case 'editing':
      return quiet(percentOf(status.fraction));
    case 'edited':
      return quiet('Ready');
    case 'applying':
      return quiet(`Applying ${percentOf(status.fraction)}`);
    case 'done':
      return {
        text: 'Done',
        tone: 'good',
        more: '',
        hover: `${emotionTitle(target)} reads ${percent(status.pTarget)} in the result`,
      };
    case 'failed':
      return { text: 'Failed', tone: 'bad', more: `${status.message} ${status.hint}`.trim() };
    case 'refused':
      return { text: 'Left out', tone: 'quiet', more: `${status.message} ${status.hint}`.trim() };
  }
}

/** `Awe 12 %`, and when it is done `Awe 12 → 71 %`; empty until the layer was read. */
function readingText({ source, target, status, isIncluded }: PlanRow): string {
  const before = source?.[EMOTIONS.indexOf(target)];
  if (before === undefined || !isIncluded) return '';
  const name = emotionTitle(target);
  if (status.kind !== 'done') return `${name} ${percent(before)}`;
  return `${name} ${percent(before).replace(' %', '')} → ${percent(status.pTarget)}`;
}

const percentOf = (fraction: number): string => `${Math.round(fraction * 100)} %`;
