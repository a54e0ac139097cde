/** One reader of bytes that somebody else made: a medium, a device, the network, or a file that a hand may have touched. */
export interface ParserUnderTest {
  readonly name: string;
  /** Good inputs, from which bad ones are made. */
  readonly samples: readonly Uint8Array[];
  /** May refuse by a StrongroomError, or answer anything; nothing else. */
  readonly parse: (bytes: Uint8Array) => unknown;
  /** How many inputs make a case; fewer for those that check signatures. */
  readonly inputs: number;
}
