import { CONFORMANCE, type Rule } from '@emoeditor/fake-photoshop/conformance.ts';
import { SMOKE_STEPS, type SmokeStep } from '@emoeditor/fake-photoshop/smokeSteps.ts';

const KNOWN: Readonly<Record<Rule['known'], string>> = {
  documented: 'Adobe’s documents',
  reported: 'reported',
  assumed: 'assumed',
};

/** docs/smoke-test.md, out of the list of what the fake holds to be true. */
export function smokeTestPage(): string {
  const minutes = SMOKE_STEPS.reduce((sum, step) => sum + step.minutes, 0);
  return `# Half an hour on a real Photoshop

<!-- Made by test/unit/fakes/conformance.test.ts out of fake-photoshop/src/conformance.ts and smokeSteps.ts:
     npx vitest run test/unit/fakes/conformance.test.ts -u -->

Nobody of us has run the panel in a real Photoshop yet. What it relies on there stands in Adobe's documents, in reports of other plugins, or nowhere; the tests hold the fake Photoshop of \`fake-photoshop\` to it. This page takes about ${minutes} minutes and tries each of these rules on the real one. What is seen to be different belongs into the fake first, so that a test turns red, and then into \`plugin/src/host\`.

Who has one minute only: install the panel, choose *Diagnostics…* in its flyout menu, press *Run the checks* and send the report. It tries what a program can try, in documents of its own, and holds no pixels, no file names and no pairing code.

Photoshop 25.1 or newer; please note its version, and that of the system.

${SMOKE_STEPS.map(sectionOf).join('\n\n')}

## The rules

Pages are those of [AdobeDocs/uxp-photoshop](https://github.com/AdobeDocs/uxp-photoshop) at \`6edd63f\`, below \`src/pages\`.

| | rule | known from | source |
|---|---|---|---|
${CONFORMANCE.map(({ id, rule, known, source }) => `| ${id} | ${rule} | ${KNOWN[known]} | ${source} |`).join('\n')}
`;
}

function sectionOf({ title, minutes, does, sees, rules }: SmokeStep, at: number): string {
  return `## ${at + 1}. ${title} (${minutes} min)

${does.map((one, i) => `${i + 1}. ${one}`).join('\n')}

To be seen:

${sees.map((one) => `- ${one}`).join('\n')}

Rules: ${rules.join(', ')}.`;
}
