// biome-ignore-start lint/correctness/noUndeclaredDependencies: Photoshop itself provides both; they are on no registry
import * as photoshop from 'photoshop';
import * as uxp from 'uxp';

// biome-ignore-end lint/correctness/noUndeclaredDependencies: see above

/** The only importer of Adobe's modules; everything else gets them handed in. */
export { photoshop, uxp };
