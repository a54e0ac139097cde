import { describe, expect, it } from "vitest";
import { type QuirkName, quirks } from "../../../simulator/home/index.ts";
import type { Element, MediaChanger } from "../../../src/devices/changer/index.ts";
import { drive as driveAt, memoryLibrary, move, send, slot, u16 } from "../initiator.ts";
import { clientOf, elements, heard } from "./library.ts";

const names = Object.keys(quirks) as QuirkName[];
const withoutSerials: ReadonlySet<QuirkName> = new Set(["ignores-dvcid", "refuses-dvcid"]);
const barcodes = Array.from({ length: 30 }, (_, at) => `SR${String(at + 1).padStart(4, "0")}L8`);
const description = { slots: 45, drives: 3, cartridges: barcodes.map((barcode) => ({ barcode, capacityBytes: 1_000_000 })) };

/** What such a changer tells of a barcode, after what our client trims; undefined where it reads none. */
function told(barcode: string, has: readonly QuirkName[]): string | undefined {
  if (has.includes("no-barcode-reader")) return undefined;
  const cut = has.includes("six-characters") ? barcode.slice(0, 6) : barcode;
  return has.includes("lower-case") ? cut.toLowerCase() : cut;
}

async function fullOnes(client: MediaChanger): Promise<readonly (readonly [Element["kind"], number, string | undefined])[]> {
  return (await client.inventory()).elements.filter(({ full }) => full).map(({ kind, number, barcode }) => [kind, number, barcode]);
}

/** Everything that our client does with a library, against one with those habits. */
async function works(has: readonly QuirkName[]): Promise<void> {
  const library = await memoryLibrary({ ...description, quirks: has });
  const client = await clientOf(library);
  await client.ready(60_000);
  const slots = barcodes.map((barcode, at) => ["slot", at + 1, told(barcode, has)] as const);
  expect(await fullOnes(client)).toEqual(slots);
  const { elements: seen } = await client.inventory();
  expect(seen.map(({ kind }) => kind).filter((kind) => kind === "slot")).toHaveLength(45);
  expect(seen.every(({ kind, accessible }) => kind === "transport" || accessible)).toBe(true);
  const hidesSerials = has.some((name) => withoutSerials.has(name));
  expect(seen.filter(({ kind }) => kind === "drive").map(({ driveSerial }) => driveSerial)).toEqual(hidesSerials ? [undefined, undefined, undefined] : library.driveSerials);
  await client.audit();
  await client.move({ kind: "slot", number: 1 }, { kind: "drive", number: 2 });
  await client.move({ kind: "slot", number: 30 }, { kind: "slot", number: 45 });
  expect(await fullOnes(client)).toEqual([["drive", 2, told(barcodes[0]!, has)], ...slots.slice(1, 29), ["slot", 45, told(barcodes[29]!, has)]]);
  const exchanged = await client.exchange({ kind: "slot", number: 2 }, { kind: "slot", number: 3 }, { kind: "slot", number: 40 });
  expect(exchanged).toBe(has.includes("no-exchange") ? "unsupported" : "done");
  await expect(client.move({ kind: "slot", number: 44 }, { kind: "slot", number: 1 })).rejects.toMatchObject({ code: "ELEMENT_EMPTY" });
  await expect(client.move({ kind: "slot", number: 4 }, { kind: "slot", number: 5 })).rejects.toMatchObject({ code: "ELEMENT_FULL" });
}

describe("our client manages a changer that", () => {
  it.each(names.map((name) => [`${name}: ${quirks[name]}`, name] as const))("%s", async (_, name) => { await works([name]); });

  it("has many habits at once", async () => {
    const inAnswers: readonly QuirkName[] = ["tags-or-dvcid", "refuses-curdata", "short-allocation", "one-type", "few-elements", "unpadded-tags"];
    await works([...inAnswers, "leading-blank", "lower-case", "no-access-bits", "no-exchange", "slow-inventory", "attention-storm"]);
    await works(["ignores-dvcid", "short-allocation", "one-type", "few-elements", "six-characters", "scans-when-asked", "guards-generations"]);
  });
});

describe("each habit by itself, as raw commands see it", () => {
  const opened = async (...has: QuirkName[]) => await heard(await memoryLibrary({ ...description, quirks: has }));

  it("of questions that are refused", async () => {
    const refused = "5/24/00";
    expect((await elements(await opened("refuses-dvcid"), 4, { ids: true })).sense).toBe(refused);
    const apart = await opened("tags-or-dvcid");
    expect((await elements(apart, 4, { ids: true })).sense).toBe(refused);
    expect((await elements(apart, 4, { ids: true, tags: false })).rows).toHaveLength(3);
    expect((await elements(await opened("refuses-curdata"), 4, { current: true })).sense).toBe(refused);
    const single = await opened("one-type");
    expect((await elements(single, 0)).sense).toBe(refused);
    expect((await elements(single, 4)).rows).toHaveLength(3);
    const blind = await opened("no-barcode-reader");
    expect((await elements(blind, 2)).sense).toBe(refused);
    expect((await elements(blind, 2, { tags: false })).rows).toHaveLength(45);
    expect((await send(await opened("no-exchange"), [0xa6, 0, 0, 0, ...u16(slot(0)), ...u16(slot(1)), ...u16(slot(40)), 0, 0])).sense).toBe("5/20/00");
  });

  it("of answers that are short", async () => {
    expect((await elements(await opened("ignores-dvcid"), 4, { ids: true })).rows.map(({ identifier }) => identifier)).toEqual(["", "", ""]);
    // 65536 is taken for none.
    expect((await elements(await opened("short-allocation"), 2, { room: 65_536 })).transferredBytes).toBe(0);
    const few = await elements(await opened("few-elements"), 2);
    expect([few.count, few.rows.length]).toEqual([20, 20]);
    expect((await elements(await opened("no-access-bits"), 2)).rows.every(({ flags }) => (flags & 0x08) === 0)).toBe(true);
  });

  it("of volume tags", async () => {
    const tag = async (...has: QuirkName[]) => (await elements(await opened(...has), 2)).rows[0]!.tag;
    expect(await tag()).toBe("SR0001L8".padEnd(32));
    expect(await tag("unpadded-tags")).toBe("SR0001L8".padEnd(32, "\0"));
    expect(await tag("leading-blank", "lower-case", "six-characters")).toBe(" sr0001".padEnd(32));
  });

  it("of a generation that does not fit", async () => {
    const library = await memoryLibrary({ model: "LTO-9", quirks: ["guards-generations"], cartridges: ["SR0001L7", "SR0002L9", "ODD"].map((barcode) => ({ barcode, capacityBytes: 1_000_000 })) });
    const changer = await heard(library);
    expect(await move(changer, slot(0), driveAt(0))).toBe("5/30/00");
    expect(await move(changer, slot(1), driveAt(0))).toBe("good");
    expect(await move(changer, slot(2), driveAt(1))).toBe("good");
  });

  it("of its beginning", async () => {
    const slow = await memoryLibrary({ quirks: ["slow-inventory"] });
    const senses = async (library: typeof slow) => {
      const changer = await library.transport(0);
      const answers: string[] = [];
      for (let command = 0; command < 9; command += 1) answers.push((await send(changer, [0, 0, 0, 0, 0, 0])).sense);
      return answers;
    };
    expect(await senses(slow)).toEqual(["6/29/00", ...new Array<string>(5).fill("2/04/01"), "good", "good", "good"]);
    expect(await senses(await memoryLibrary({ quirks: ["attention-storm"] }))).toEqual(["6/29/00", ...new Array<string>(5).fill("6/28/00"), "good", "good", "good"]);
    await slow.dropPower(0);
    expect((await senses(slow)).filter((sense) => sense === "2/04/01").length).toBeGreaterThan(0);
  });
});
