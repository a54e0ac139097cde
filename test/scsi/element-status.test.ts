import { describe, expect, it } from "vitest";
import { buildElementStatus, type ElementStatus, elementType, parseElementStatus } from "../../src/scsi/index.ts";

const ascii = (text: string, width: number): number[] => [...Buffer.from(text.padEnd(width), "latin1")];
const plain = (address: number, flags: number): number[] => [address >> 8, address & 0xff, flags, 0, 0, 0, 0, 0, 0, 0, 0, 0];
/** A page written out by hand after SMC-3, tables 37 to 40. */
const page = (type: number, flags: number, descriptors: readonly number[][]): number[] => {
  const bytes = descriptors.reduce((sum, { length }) => sum + length, 0);
  return [type, flags, 0, descriptors[0]?.length ?? 0, 0, 0, bytes >> 8, bytes & 0xff, ...descriptors.flat()];
};
const report = (elements: number, pages: readonly number[][]): Uint8Array => {
  const bytes = pages.flat();
  return Uint8Array.from([0, 0, 0, elements, 0, 0, bytes.length >> 8, bytes.length & 0xff, ...bytes]);
};
const tagged = (address: number, tag: readonly number[]): number[] => [...plain(address, 0x09), ...tag, 0, 0, 0, 0, 0, 0, 0, 0];
const tagOf = (tag: readonly number[]) => parseElementStatus(report(1, [page(2, 0x80, [tagged(1, tag)])]))?.elements[0]?.volumeTag;

describe("the status of elements", () => {
  it("reads several pages, with and without tags of either side", () => {
    const bothSides = [...plain(0x20, 0x09), ...ascii("ABC001L8", 36), ...ascii("OTHERSIDE", 36), 2, 0, 0, 10, ...ascii("SERIAL0001", 10)];
    const data = report(3, [page(2, 0, [plain(0x10, 0x08), plain(0x11, 0x09)]), page(4, 0xc0, [bothSides])]);
    expect(parseElementStatus(data)).toMatchObject({ reported: 3, elements: [
      { type: 2, address: 0x10, full: false, accessible: true, volumeTag: undefined, deviceId: undefined },
      { type: 2, address: 0x11, full: true },
      { type: 4, address: 0x20, full: true, volumeTag: "ABC001L8", deviceId: "SERIAL0001" },
    ] });
  });

  it("steps over what longer descriptors have behind the fields that it knows", () => {
    const long = (address: number) => [...tagged(address, ascii("ABC001L8", 32)), ...new Array<number>(60).fill(0xee)];
    expect(parseElementStatus(report(2, [page(2, 0x80, [long(1), long(2)])]))?.elements.map(({ address }) => address)).toEqual([1, 2]);
  });

  it("takes no serial number that is cut off, and none in binary", () => {
    const drive = (set: number) => [...plain(0x20, 0x08), set, 0, 0, 10, ...ascii("SERIAL0001", 10)];
    const data = report(1, [page(4, 0, [drive(2)])]);
    expect(parseElementStatus(data)?.elements[0]?.deviceId).toBe("SERIAL0001");
    expect(parseElementStatus(data.subarray(0, -8))?.elements[0]).toMatchObject({ address: 0x20, deviceId: undefined });
    expect(parseElementStatus(report(1, [page(4, 0, [drive(1)])]))?.elements[0]?.deviceId).toBeUndefined();
  });

  it.each([
    ["blanks", ascii("", 32), undefined], ["zeros", new Array<number>(32).fill(0), undefined],
    ["a zero and rubbish", [...ascii("ABC001L8", 8), 0, ...new Array<number>(23).fill(0xff)], "ABC001L8"],
    ["an escape sequence", ascii("\u001b[2JABC1", 32), undefined], ["bytes beyond ASCII", ascii("ABC\u00ff01L8", 32), undefined],
    ["blanks around", ascii("  ABC001L8", 32), "ABC001L8"], ["all of its 32 characters", ascii("A".repeat(32), 32), "A".repeat(32)],
  ])("reads a tag of %s", (_what, tag, expected) => { expect(tagOf(tag)).toBe(expected); });

  it("ends at pages that no descriptor fits in", () => {
    expect(parseElementStatus(report(1, [[2, 0x80, 0, 0, 0, 0, 0, 52]]))?.elements).toEqual([]);
    expect(parseElementStatus(new Uint8Array(7))).toBeUndefined();
  });

  it("comes through mutations of whole reports, with no more elements than there is room for and clean texts", () => {
    const element = (type: number, address: number): ElementStatus => ({
      type, address, full: true, accessible: true, exception: undefined, sourceAddress: 0x400, volumeTag: `SR${String(address)}L8`, deviceId: "SERIAL0001",
    });
    const types = [elementType.drive, elementType.slot, elementType.mailSlot];
    const whole = buildElementStatus(types.flatMap((type) => [1, 2, 3].map((at) => element(type, type * 256 + at))), { volumeTags: true, deviceIds: true });
    const random = numbersFrom(20_260_801);
    for (let round = 0; round < 5000; round += 1) {
      const data = whole.slice(0, random(whole.length + 1));
      for (let change = random(6); change > 0 && data.length > 0; change -= 1) data[random(data.length)] = random(256);
      const elements = parseElementStatus(data)?.elements ?? [];
      expect(elements.length).toBeLessThanOrEqual(data.length / 12);
      for (const { volumeTag, deviceId } of elements) expect(`${volumeTag ?? ""}${deviceId ?? ""}`).toMatch(/^[ -~]*$/);
    }
  });
});

/** Reproducible (xorshift32). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
