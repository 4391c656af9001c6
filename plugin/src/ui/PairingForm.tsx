import { isPairingCode } from '@emoeditor/shared';
import { useState } from 'react';
import { PortPicker } from './PortPicker.tsx';
import { Button } from './widgets/Button.tsx';
import { ValueField } from './widgets/ValueField.tsx';

interface PairingFormProps {
  readonly isRejected: boolean;
  readonly port: number | null;
  readonly onChoosePort: (port: number | null) => void;
  readonly onPair: (code: string) => void;
}

/** Asks once for the code that the server shows, so that no web page can use it. */
export function PairingForm({ isRejected, port, onChoosePort, onPair }: PairingFormProps) {
  const [code, setCode] = useState('');
  const isComplete = isPairingCode(code);
  const submit = () => {
    if (isComplete) onPair(code);
  };
  return (
    <div className="card">
      <div className="card-title">Enter the pairing code</div>
      <div className="card-text">
        The companion server shows it in its window. You need it once.
      </div>
      <div className="card-row">
        <ValueField
          label="Pairing code"
          value={code}
          placeholder="XXXXX-XXXXX"
          isInvalid={isRejected && code === ''}
          onInput={setCode}
          onEnter={submit}
        />
      </div>
      {isRejected && (
        <div className="card-problem" role="alert">
          The server did not take that code. Check it letter by letter.
        </div>
      )}
      <PortPicker port={port} onChoose={onChoosePort} />
      <Button label="Connect" variant="cta" isDisabled={!isComplete} onPress={submit} />
    </div>
  );
}
