/** `npm start`: builds what is older than its sources, then serves panel and studio. Arguments go to `emoeditor serve`. */
import { build } from './build.mjs';

build();
process.argv.splice(2, 0, 'serve', '--open');
await import('../companion-server/bin/emoeditor.mjs');
