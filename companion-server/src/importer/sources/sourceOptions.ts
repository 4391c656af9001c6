/** What somebody else's checkpoint does not say about itself. */
export interface SourceOptions {
  /** File with the emotion encoder, when it lies apart. */
  readonly emotionEncoder?: string;
  /** File with the emotion predictor, a folder with it and its config, or a bundle to take it from. */
  readonly predictor?: string;
  /** Takes the text encoder along beside an emotion encoder, so that both can be compared. */
  readonly withText?: boolean;
  /** File or folder of a tiny autoencoder, whose decoder previews are made with. */
  readonly tinyDecoder?: string;
  /** Folder with vocab.json and merges.txt; the model's own, or CLIP's, when left out. */
  readonly tokenizer?: string;
  readonly name?: string;
  readonly licence?: string;
}
