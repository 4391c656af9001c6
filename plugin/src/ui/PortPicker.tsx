import { SERVER_PORTS } from '@emoeditor/shared';
import { PickerLine } from './widgets/PickerLine.tsx';

interface PortPickerProps {
  /** Null looks at all of them. */
  readonly port: number | null;
  readonly isDisabled?: boolean;
  readonly onChoose: (port: number | null) => void;
}

const ANY = 'any';

/** Photoshop lets the panel reach the ports of its manifest only, so there is nothing to type. */
const OPTIONS = [
  { value: ANY, label: 'Any' },
  ...SERVER_PORTS.map((port) => ({ value: String(port), label: String(port) })),
];

/** Which server to use when several run. */
export function PortPicker({ port, isDisabled = false, onChoose }: PortPickerProps) {
  return (
    <PickerLine
      name="Port"
      label="Port of the companion server"
      options={OPTIONS}
      value={port === null ? ANY : String(port)}
      isDisabled={isDisabled}
      onChange={(value) => onChoose(value === ANY ? null : Number(value))}
    />
  );
}
