/** Something that keeps a gateway from starting, in words for the person who started it. */
export class StartError extends Error {
  override readonly name = "StartError";
  /** 2: what was asked for cannot be done. 1: it could be, if the machine were in another state. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
