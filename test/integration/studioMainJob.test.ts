import { describeInStudio } from './describeInStudio.ts';
import { testMainJob } from './mainJob.ts';

/* With the starter model, which takes longer: test/full/studioMainJob.test.ts. */
describeInStudio('the studio with scripted models', 'slow', (studio) => testMainJob(studio, 0.2));
