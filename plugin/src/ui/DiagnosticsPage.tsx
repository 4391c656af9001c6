import type { PanelPage, PanelPages } from '../session/panelPage.ts';
import { Button } from './widgets/Button.tsx';
import { CopyableText } from './widgets/CopyableText.tsx';

interface DiagnosticsPageProps {
  readonly page: Extract<PanelPage, { kind: 'diagnostics' }>;
  readonly pages: PanelPages;
}

/** One click tries out what nobody has seen in a real Photoshop yet, and gives a report to send. */
export function DiagnosticsPage({ page, pages }: DiagnosticsPageProps) {
  const { isRunning, report, isCopied } = page;
  return (
    <div className="body">
      <div className="card-title">Diagnostics</div>
      <div className="card-text">
        Makes two small documents, tries Photoshop’s functions in them and closes them again. Your
        own documents stay as they are. The report holds no pixels, no file names and no pairing
        code.
      </div>
      {report !== null && (
        <>
          <div className="card-text">
            {isCopied
              ? 'The report is on the clipboard: paste it into the message that you send.'
              : 'Click into the report, select all of it and copy it.'}
          </div>
          <CopyableText label="Report" value={report} />
        </>
      )}
      <div className="page-actions">
        <Button
          label={report === null ? 'Run the checks' : 'Run again'}
          variant="cta"
          isDisabled={isRunning}
          onPress={() => void pages.diagnose()}
        />
        <Button label="Back" isDisabled={isRunning} onPress={() => pages.show('edit')} />
      </div>
    </div>
  );
}
