import { describeInStudio } from '../integration/describeInStudio.ts';
import { testMainJob } from '../integration/mainJob.ts';

describeInStudio('the studio with scripted models', 'slow', (studio) => testMainJob(studio, 0.2));
describeInStudio('the studio with the starter model', null, (studio) => testMainJob(studio, 5));
