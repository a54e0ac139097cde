/**
 * What a cartridge in a folder keeps of what is written on it. `kept`: all; `zeros`: sizes, order and a hash of each tape file, and reads give zeros;
 * `refused`: the same, and blocks cannot be read (3/11/00).
 */
export const contents = ["kept", "zeros", "refused"] as const;

export type Content = (typeof contents)[number];

export function isContent(value: unknown): value is Content {
  return contents.includes(value as Content);
}
