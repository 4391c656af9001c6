import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { batchCommand } from './batchCommand.ts';
import { clusterCommand } from './clusterCommand.ts';
import { doctorCommand } from './doctorCommand.ts';
import { editCommand } from './editCommand.ts';
import { evalCommand } from './evalCommand.ts';
import { gatewayCommand } from './gatewayCommand.ts';
import { importCommand } from './importCommand.ts';
import { journalCommand } from './journalCommand.ts';
import { modelsCommand } from './modelsCommand.ts';
import { pairCommand } from './pairCommand.ts';
import { describeFailure } from './reportError.ts';
import { sceneCommand } from './sceneCommand.ts';
import { serveCommand } from './serveCommand.ts';
import { workerCommand } from './workerCommand.ts';

/**
 * Carries out one command line and reports on the console.
 * @param argv as `process.argv`: the first two entries are not looked at
 * @returns the exit code
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const program = new Command('emoeditor')
    .description(
      'Change how a photograph feels, on this machine: server for the Photoshop panel, and the same by hand.',
    )
    .version(VERSION)
    .addCommand(editCommand())
    .addCommand(batchCommand())
    .addCommand(sceneCommand())
    .addCommand(evalCommand())
    .addCommand(serveCommand())
    .addCommand(gatewayCommand())
    .addCommand(workerCommand())
    .addCommand(clusterCommand())
    .addCommand(pairCommand())
    .addCommand(journalCommand())
    .addCommand(modelsCommand())
    .addCommand(importCommand())
    .addCommand(doctorCommand())
    .showHelpAfterError('Run emoeditor --help for all commands.');
  for (const command of allOf(program)) command.exitOverride();
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    const { text, code } = describeFailure(error);
    if (text !== '') console.error(`\n${text}`);
    return code;
  }
}

const allOf = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(allOf),
];
