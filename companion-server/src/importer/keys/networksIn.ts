import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { renamedCheckpoint } from '../checkpoint/renamedCheckpoint.ts';
import { clipTextName } from './clipTextNames.ts';
import { LDM_UNET_PREFIX, ldmAverageName, ldmUNetNames } from './ldmUnet.ts';
import type { NameMap } from './nameMap.ts';
import { diffusersVaeName, ldmVaeNames } from './vaeNames.ts';

/** The networks that a model is made of. */
export type Network = 'unet' | 'vae' | 'textEncoder' | 'emotionEncoder' | 'predictor';

/** The networks found in one file, each under the names that diffusers and transformers give its tensors. */
export interface Networks {
  readonly found: ReadonlyMap<Network, Checkpoint>;
  /** Tensors of no network, and other contents of the file. */
  readonly unused: readonly string[];
}

interface Source {
  readonly network: Network;
  /** Prefix of all its tensors in a file of several networks. */
  readonly prefix: string;
  /** Names without the prefix → ours. */
  readonly names: (names: readonly string[]) => NameMap;
}

const same: NameMap = (name) => name;

/** Files of several networks: the authors' whole module, a dump of a diffusers pipeline, CompVis' latent diffusion. */
const SOURCES: readonly Source[] = [
  { network: 'unet', prefix: 'unet.', names: () => same },
  { network: 'unet', prefix: LDM_UNET_PREFIX, names: ldmUNetNames },
  { network: 'vae', prefix: 'auto_encoder.', names: () => diffusersVaeName },
  { network: 'vae', prefix: 'vae.', names: () => diffusersVaeName },
  { network: 'vae', prefix: 'first_stage_model.', names: ldmVaeNames },
  { network: 'textEncoder', prefix: 'text_encoder.', names: () => clipTextName },
  { network: 'textEncoder', prefix: 'cond_stage_model.transformer.', names: () => clipTextName },
];

/** Files of one network, by a tensor that only it has. */
const SINGLE: readonly (Omit<Source, 'prefix'> & { readonly landmark: string })[] = [
  { network: 'unet', landmark: 'mid_block.attentions.0.proj_in.weight', names: () => same },
  { network: 'unet', landmark: 'middle_block.1.proj_in.weight', names: ldmUNetNames },
  {
    network: 'vae',
    landmark: 'encoder.mid_block.resnets.0.conv1.weight',
    names: () => diffusersVaeName,
  },
  { network: 'vae', landmark: 'encoder.mid.block_1.conv1.weight', names: ldmVaeNames },
  { network: 'vae', landmark: 'decoder.layers.0.weight', names: () => same },
  {
    network: 'textEncoder',
    landmark: 'text_model.final_layer_norm.weight',
    names: () => clipTextName,
  },
  {
    network: 'textEncoder',
    landmark: 'embeddings.token_embedding.weight',
    names: () => clipTextName,
  },
  { network: 'emotionEncoder', landmark: 'fc.0.weight', names: () => same },
  { network: 'predictor', landmark: 'layer1.0.conv1.weight', names: () => same },
];

/** Which networks a file holds. Finds none in a file of something else. */
export function networksIn(checkpoint: Checkpoint): Networks {
  const names = [...checkpoint.shapes.keys()];
  const found = new Map<Network, Checkpoint>();
  const used = new Set<string>();
  const add = ({ network, prefix, names: mapOf }: Source) => {
    const own = names.filter((name) => name.startsWith(prefix));
    if (own.length === 0 || found.has(network)) return;
    const map = mapOf(own.map((name) => name.slice(prefix.length)));
    const source = prefix === LDM_UNET_PREFIX ? averaged(checkpoint) : same;
    const places = new Map(
      own.map((name) => [source(name) ?? name, map(name.slice(prefix.length))]),
    );
    found.set(network, view(checkpoint, places, network));
    for (const [name, to] of places) if (to !== null) used.add(name);
  };
  for (const source of SOURCES) add(source);
  if (found.size === 0) {
    const single = SINGLE.find(({ landmark }) => checkpoint.shapes.has(landmark));
    if (single !== undefined) add({ ...single, prefix: '' });
  }
  return {
    found,
    unused: [...names.filter((name) => !used.has(name)), ...(checkpoint.aside ?? [])],
  };
}

function view(
  checkpoint: Checkpoint,
  places: ReadonlyMap<string, string | null>,
  network: Network,
): Checkpoint {
  return renamedCheckpoint(checkpoint, (name, shape) => {
    const to = places.get(name) ?? null;
    if (to === null) return null;
    return network === 'vae' && isAttention(to) ? { to, shape: asLinear(shape) } : { to };
  });
}

/** CompVis stores the VAE's attention as 1×1 convolutions, diffusers as linear layers: the same values, another shape. */
const isAttention = (name: string) => /\.attentions\.\d+\.to_(q|k|v|out\.0)\.weight$/.test(name);
const asLinear = (shape: readonly number[]) =>
  shape.length === 4 && shape[2] === 1 && shape[3] === 1 ? shape.slice(0, 2) : shape;

/** Prefers the moving average (EMA) of a weight: CompVis and InstructPix2Pix sample with it. */
const averaged =
  ({ shapes }: Checkpoint): NameMap =>
  (name) => {
    const average = ldmAverageName(name.slice(LDM_UNET_PREFIX.length));
    return shapes.has(average) ? average : name;
  };
