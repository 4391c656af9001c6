import { runCommandLine } from './runCommandLine.ts';

process.exitCode = await runCommandLine(process.argv);
