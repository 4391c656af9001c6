/** `npm run dev`: panel, studio and server, each built or started again when one of its sources changes. */
import concurrently from 'concurrently';
import { build } from './build.mjs';

// The studio takes the built panel along, so that there has to be one.
build();
const { result } = concurrently(
  [
    { name: 'panel', command: 'npm run watch --silent -w plugin' },
    { name: 'studio', command: 'npm run watch --silent -w studio' },
    {
      name: 'server',
      command: 'tsx watch --clear-screen=false companion-server/src/cli/main.ts serve --log',
    },
  ],
  { prefixColors: 'auto', killOthersOn: ['failure'] },
);
await result.catch(() => {
  process.exitCode = 1;
});
