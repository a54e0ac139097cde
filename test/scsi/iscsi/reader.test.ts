import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iscsi } from "../../../src/scsi/index.ts";

const limitBytes = 4096;

class Gathering implements iscsi.PduSink {
  readonly pdus: iscsi.Pdu[] = [];
  readonly rooms: number[] = [];
  roomFor(_header: Uint8Array, dataBytes: number): Uint8Array | undefined {
    this.rooms.push(dataBytes);
    return dataBytes <= limitBytes ? new Uint8Array(dataBytes) : undefined;
  }
  received(pdu: iscsi.Pdu): void {
    this.pdus.push(pdu);
  }
}

function read(chunks: Iterable<Uint8Array>, digests = iscsi.noDigests): Gathering {
  const sink = new Gathering();
  const reader = new iscsi.PduReader(sink);
  reader.setDigests(digests);
  for (const chunk of chunks) reader.push(chunk);
  return sink;
}

const digests = fc.record({ header: fc.boolean(), data: fc.boolean() });
const parts = fc.record({
  header: fc.uint8Array({ minLength: 48, maxLength: 48 }),
  additional: fc.uint8Array({ maxLength: 5 }).map((words) => new Uint8Array(words.length * 4).fill(words[0] ?? 0)),
  data: fc.uint8Array({ maxLength: 300 }),
});

function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

describe("a stream of PDUs", () => {
  it("comes out as it went in, in whatever pieces it travels", () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 5 }), digests, fc.array(fc.nat(), { maxLength: 20 }), (pdus, wish, cuts) => {
        const stream = Buffer.concat(pdus.flatMap(({ header, data, additional }) => iscsi.frame(header.slice(), data, wish, additional)));
        const { pdus: seen } = read(chunksOf(stream, cuts), wish);
        expect(seen.map(({ data, additional, isDataIntact }) => ({ data, additional, isDataIntact }))).toEqual(
          pdus.map(({ data, additional }) => ({ data, additional, isDataIntact: true })),
        );
        for (const [index, { header }] of seen.entries()) {
          expect([header.subarray(0, 4), header.subarray(8)]).toEqual([pdus[index]!.header.subarray(0, 4), pdus[index]!.header.subarray(8)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is read byte by byte as well, and knows where it may end", () => {
    const sink = new Gathering();
    const reader = new iscsi.PduReader(sink);
    const bytes = Buffer.concat(iscsi.frame(new Uint8Array(48), Uint8Array.of(1, 2, 3, 4, 5)));
    expect(bytes.length).toBe(56);
    for (const [at, byte] of bytes.entries()) {
      expect(reader.isBetweenPdus).toBe(at === 0);
      reader.push(Uint8Array.of(byte));
    }
    expect(reader.isBetweenPdus).toBe(true);
    expect(sink.pdus[0]?.data).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  });

  it("survives any bytes: nothing but PDUs within the limits, or one refusal", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), digests, (chunks, wish) => {
        try {
          const { pdus } = read(chunks, wish);
          for (const { header, data } of pdus) expect([header.length, data.length <= limitBytes]).toEqual([48, true]);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "ISCSI_GARBLED" });
        }
      }),
      { numRuns: 300 },
    );
  });

  it("asks for room before it takes data, and takes none that was refused", () => {
    const header = new Uint8Array(48).fill(0xff, 5, 8);
    expect(() => read([header])).toThrow(expect.objectContaining({ code: "ISCSI_GARBLED" }) as Error);
  });

  it("puts data where it was told to, without another copy", () => {
    const room = new Uint8Array(10);
    const reader = new iscsi.PduReader({ roomFor: () => room.subarray(2, 7), received: (pdu) => { expect(pdu.data.buffer).toBe(room.buffer); } });
    reader.push(Buffer.concat(iscsi.frame(new Uint8Array(48), Uint8Array.of(1, 2, 3, 4, 5))));
    expect(room).toEqual(Uint8Array.of(0, 0, 1, 2, 3, 4, 5, 0, 0, 0));
  });
});

describe("with digests", () => {
  it("no flipped bit goes unseen", () => {
    const wish = { header: true, data: true };
    const whole = Buffer.concat(iscsi.frame(new Uint8Array(48).fill(9), new Uint8Array(21).fill(7), wish, new Uint8Array(8)));
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const damaged = Uint8Array.from(whole);
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
      // Behind a header that grew, the reader waits for more.
      let intact = 0;
      try {
        intact = read([damaged], wish).pdus.filter(({ isDataIntact }) => isDataIntact).length;
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: "ISCSI_GARBLED" });
      }
      expect([bit, intact]).toEqual([bit, 0]);
    }
  });

  it("pads with zeros and counts them in", () => {
    const [, headerDigest, data, padding, dataDigest] = iscsi.frame(new Uint8Array(48), Uint8Array.of(1), { header: true, data: true });
    expect([headerDigest?.length, data?.length, padding]).toEqual([4, 1, new Uint8Array(3)]);
    expect(dataDigest).toEqual(iscsi.digestOf(Uint8Array.of(1, 0, 0, 0)));
  });

  it("refuses to frame what does not fit into a PDU", () => {
    expect(() => iscsi.frame(new Uint8Array(47))).toThrow(RangeError);
    expect(() => iscsi.frame(new Uint8Array(48), new Uint8Array(0x100_0000))).toThrow(RangeError);
    expect(() => iscsi.frame(new Uint8Array(48), new Uint8Array(0), iscsi.noDigests, new Uint8Array(5))).toThrow(RangeError);
  });
});
