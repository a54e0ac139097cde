export const damages = ["flip", "zeros", "truncate", "duplicate", "swap"] as const;
export type Damage = (typeof damages)[number];

const stretchBytes = 16;

/**
 * The object with that damage at that place; `other` is the object of the same role on another volume. Undefined where the bytes would be what they were:
 * zeros over zeros are no damage.
 */
export function damaged(bytes: Buffer, damage: Damage, at: number, other: Buffer): Buffer | undefined {
  const after = change(bytes, damage, at, other);
  return after.equals(bytes) ? undefined : after;
}

function change(bytes: Buffer, damage: Damage, at: number, other: Buffer): Buffer {
  switch (damage) {
    case "flip": {
      const flipped = Buffer.from(bytes);
      flipped[at] = flipped[at]! ^ (1 << (at % 8));
      return flipped;
    }
    case "zeros":
      return Buffer.from(bytes).fill(0, at, Math.min(bytes.length, at + stretchBytes));
    case "truncate":
      return bytes.subarray(0, at);
    case "duplicate":
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + stretchBytes), bytes.subarray(at)]);
    case "swap": {
      // What lies there on the other volume, as if blocks had been mixed up.
      const swapped = Buffer.from(bytes);
      other.copy(swapped, at, Math.min(at, other.length), Math.min(at + stretchBytes, other.length));
      return swapped;
    }
  }
}
