/** An error as Photoshop rejects with it: some carry a number (executeasmodal.md: 9 is "host is modal"). */
export class PhotoshopError extends Error {
  readonly number: number;

  constructor(message: string, number = -1) {
    super(message);
    this.number = number;
  }
}
