/**
 * Many cartridges on their way out of the libraries or into one, through the mail slots: as many at a time as there are mail slots. What has become
 * of each is never kept here; it is seen in the picture of the libraries.
 */
export interface Exchange {
  readonly direction: "out" | "in";
  /** Where they are brought in; what goes out is where it is. */
  readonly library: string;
  /** In the order in which they were marked or scanned. */
  readonly listed: readonly string[];
  /** Of these, what was scanned: somebody has, or had, it in hand. */
  readonly scanned: ReadonlySet<string>;
  /** What was on the list before the first scan. Where that was something, what is not on it is told. */
  readonly expected: ReadonlySet<string>;
  /** What lay in the libraries when it began. Others came in with it. */
  readonly inside: ReadonlySet<string>;
  /** What the robot brings now. */
  readonly batch: Batch | undefined;
  /** What a batch ought to have brought in. A library that does not have it after that never got it. */
  readonly sought: ReadonlySet<string>;
}

export interface Batch {
  readonly task: number;
  readonly library: string;
  readonly barcodes: readonly string[];
  /** When its command ended; it is over when its library was read after that. */
  readonly endedMs: number | undefined;
}

/** What has become of one cartridge of an exchange, as its libraries show it. */
export type Fate = "takeOut" | "inDrive" | "comes" | "next" | "waits" | "out" | "putIn" | "mailSlot" | "expected" | "in" | "missing" | "surplus";

/** More than a truck brings; a command line takes what fits into mail slots. */
export const mostListed = 1000;
