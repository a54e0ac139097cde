import { describe, expect, it } from "vitest";
import { drive as driveAddress, memoryLibrary, move, slot, tape } from "../initiator.ts";
import { pathTo } from "../paths.ts";
import { canRun, sgProgram } from "./sg-program.ts";

const isThere = canRun("sg_format");

async function loadedDrive() {
  const library = await memoryLibrary({ cartridges: [{ barcode: "SR0001L8", capacityBytes: 104e6 }] });
  const changer = pathTo(library, 0, "changer");
  while ((await tape(changer).ready()) !== "good");
  await move(changer, slot(0), driveAddress(0));
  const path = pathTo(library, 1, "sg3-utils");
  while ((await tape(path).ready()) !== "good");
  return path;
}

describe.skipIf(!isThere)(`Debian's sg3-utils on virtual partitions${isThere ? "" : " (skipped: sg3-utils or a C compiler is not installed)"}`, () => {
  it("divide a tape in two, and tell of both", async () => {
    const path = await loadedDrive();
    const [modes, select, format, attributes, logs] = [
      await sgProgram("sg_modes", path), await sgProgram("sg_wr_mode", path), await sgProgram("sg_format", path), await sgProgram("sg_read_attr", path),
      await sgProgram("sg_logs", path),
    ];
    expect((await modes("--page=0x11", "DEVICE")).output).toContain("11 0e 03 00 1c 03 04 00  28 a0 00 00");
    expect(await select("--page=0x11", "--contents=11,e,3,1,3c,3,6,0,0,a,ff,ff,0,0,0,0", "DEVICE")).toEqual({ exitCode: 0, output: "" });
    expect(await format("--tape=1", "--quick", "--wait", "DEVICE")).toMatchObject({ exitCode: 0 });
    // Ten megabytes, one that is left out, 93 of the rest.
    const told = await modes("--page=0x11", "DEVICE");
    expect(told.output).toContain(">> Medium Partition");
    expect(told.output).toContain("11 0e 03 01 3c 03 04 00  03 e8 24 54 00 00");
    expect((await attributes("--sa=3", "DEVICE")).output).toContain("Number of partitions available: 2");
    const capacity = async (partition: number): Promise<string> => (await attributes(`--partition=${partition}`, "--filter=1", "DEVICE")).output;
    expect([await capacity(0), await capacity(1)]).toEqual([expect.stringMatching(/Maximum capacity.*: 9$/m), expect.stringMatching(/Maximum capacity.*: 88$/m)]);
    const { output } = await logs("--page=0x31", "DEVICE");
    expect([...output.matchAll(/capacity.*: (\d+)/g)].map(([, mebibytes]) => mebibytes)).toEqual(["9", "88", "9", "88"]);
  });
});
