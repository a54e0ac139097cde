import { describe, expect, it } from "vitest";
import { DriveEncryption } from "../../simulator/drive/encryption/index.ts";

const key = new Uint8Array(32).fill(7);
const block = Buffer.from("a block of some forty bytes, to be sealed");
const nexus = "one";

/** Set Data Encryption for all paths, with a name for the key; raw reading allowed. */
function drive(): DriveEncryption {
  const name = Buffer.from("JUNE");
  const body = [0x40, 0x60, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, ...key, 0, 0, 0, name.length, ...name];
  const dataOut = Uint8Array.from([0, 0x10, 0, body.length, ...body]);
  const encryption = new DriveEncryption();
  const cdb = Uint8Array.from([0xb5, 0x20, 0, 0x10, 0, 0, 0, 0, 0, dataOut.length, 0, 0]);
  expect(encryption.securityOut(nexus, { cdb, dataOut, timeoutMs: 1000 }, () => undefined).status).toBe(0);
  return encryption;
}

function sealed(encryption: DriveEncryption, objectNumber: number): Uint8Array {
  const stored = encryption.store(nexus, block, objectNumber);
  if ("refusal" in stored) throw new Error("a block was not taken");
  return stored.stored;
}

describe("an encrypted block on a cartridge", () => {
  it("is the same again for the same block at the same place, and another one anywhere else", () => {
    const encryption = drive();
    expect(Buffer.from(sealed(encryption, 4)).equals(sealed(encryption, 4))).toBe(true);
    expect(Buffer.from(sealed(encryption, 4)).equals(sealed(encryption, 5))).toBe(false);
  });

  it("is not read when any bit behind its mark was changed, or when it was cut", () => {
    const encryption = drive();
    const whole = sealed(encryption, 0);
    expect(encryption.recall(nexus, whole)).toEqual({ block });
    for (let at = 16 * 8; at < whole.length * 8; at += 1) {
      const changed = Uint8Array.from(whole);
      changed[at >> 3]! ^= 1 << (at & 7);
      expect(encryption.recall(nexus, changed)).toHaveProperty("refusal");
    }
    for (let length = 16; length < whole.length; length += 7) {
      expect(encryption.recall(nexus, whole.subarray(0, length))).toMatchObject({ refusal: { key: 3, code: 0x1100 } });
    }
  });
});
