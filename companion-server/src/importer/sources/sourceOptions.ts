/** Files to use where a checkpoint does not contain them. */
export interface SourceOptions {
  /** File with the emotion encoder, when it is a separate one. */
  readonly emotionEncoder?: string;
  /** File with the emotion predictor, a folder with it and its config, or a bundle to take it from. */
  readonly predictor?: string;
  /** Imports the text encoder in addition to an emotion encoder, so that both can be compared. */
  readonly withText?: boolean;
  /** File or folder of a tiny autoencoder, whose decoder previews are made with. */
  readonly tinyDecoder?: string;
  /** Folder with vocab.json and merges.txt; the model's own, or CLIP's, when left out. */
  readonly tokenizer?: string;
  readonly name?: string;
  readonly licence?: string;
}
