import { describe, expect, it } from "vitest";
import { openLibrary, stateCatalogue } from "../../../simulator/index.ts";
import { systemRandom } from "../../../src/words/index.ts";
import { inProcess } from "../../support/command-line.ts";
import { drive, folderLibrary, move, send, slot, tape, temporaryFolder } from "../initiator.ts";

interface Shown {
  readonly states: readonly { readonly thing: string; readonly state: string }[];
  readonly cartridges: readonly { readonly barcode: string; readonly place: string }[];
}

async function folderWithLibrary(): Promise<string> {
  const folder = temporaryFolder();
  const cartridges = ["SR0001L8", "SR0002L8"].map((barcode) => ({ barcode, capacityBytes: 1024 * 1024 }));
  await (await folderLibrary(folder, { slots: 6, slotsPerMagazine: 3, cartridges })).close();
  return folder;
}

/** A command line of the manual, for another folder. */
async function run(line: string, folder: string): Promise<string> {
  const ran = await inProcess(line.replace("/srv/vtl", folder).split(" ").slice(1));
  expect(ran.code, `${line}: ${ran.err}`).toBe(0);
  return ran.out;
}

async function show(folder: string): Promise<Shown> {
  return JSON.parse(await run("strongroom simulator show /srv/vtl --json", folder)) as Shown;
}

describe("the commands that set states", () => {
  it.each(stateCatalogue)("$state: is set, shown, lasts, and is mended", async ({ set, mend, shown: [thing, state] }) => {
    const folder = await folderWithLibrary();
    expect((await show(folder)).states).toEqual([]);
    await run(set, folder);
    expect((await show(folder)).states).toEqual([{ thing, state }]);
    expect(await run("strongroom simulator show /srv/vtl", folder)).toContain(state);
    await run(mend, folder);
    expect((await show(folder)).states).toEqual([]);
  });

  it.each([
    ["break FOLDER SR0001L8 fan", /^strongroom: error: a cartridge has no fan that could be broken \[BREAKAGE_INVALID\]\nhint: name one of spot, end, chip, tape/],
    ["break FOLDER slot:1 chip", /slot:1 is nothing that can be broken/],
    ["break FOLDER SR0001L8 spot", /a spot is somewhere in one tape file, or covers objects/],
    ["break FOLDER SR0001L8 spot --objects 5-4", /nothing was changed/],
    ["break FOLDER SR0001L8 spot --file 0 --byte 5", /the cartridge has no bytes 5 to 5 in tape file 0; nothing was changed/],
    ["break FOLDER SR0001L8 chip --tries 2", /--tries says where a spot is/],
    ["break FOLDER SR0001L8 dirt", /a cartridge has no dirt that could be broken/],
    ["break FOLDER drive:0 fan --slight", /--slight says how dirty a head is/],
    ["break FOLDER drive:2 dirt", /there is no drive 2: the library has 2; nothing was changed/],
    ["insert FOLDER SR0001L8 --never-loaded", /SR0001L8 is no new cartridge; nothing was inserted/],
    ["break FOLDER SR0009L8 chip", /no simulated cartridge is called SR0009L8/],
    ["break FOLDER drive:2 eject", /there is no drive 2: the library has 2; nothing was changed/],
    ["power FOLDER of", /SWITCH is off or on, not of; nothing was changed/],
    ["cable FOLDER out", /WHAT is pull or plug, not out/],
    ["magazine FOLDER out 3", /there is no such magazine/],
    ["move FOLDER SR0001L8 slot:0", /slot:0 is no place for hands/],
    ["move FOLDER SR0001L8 slot:5", /no hand gets there while the door is shut; nothing was moved/],
    ["relabel FOLDER SR0001L8 X --unreadable", /a label that cannot be read says nothing/],
    ["relabel FOLDER SR0009L8 X", /no simulated cartridge is called SR0009L8/],
  ])("%s: is refused in one sentence with advice, and nothing changes", async (line, says) => {
    const folder = await folderWithLibrary();
    const ran = await inProcess(["simulator", ...line.replace("FOLDER", folder).split(" ")]);
    expect(ran.code).not.toBe(0);
    expect(ran.err).toMatch(says);
    expect(ran.err).toMatch(/^strongroom: error: [^\n]+(\nhint: [^\n]+)?\n$/);
    expect((await show(folder)).states).toEqual([]);
  });

  it("make cartridges that were never loaded, until a drive measured them", async () => {
    const folder = `${temporaryFolder()}/vtl`;
    await run("strongroom simulator create /srv/vtl --generation 9 --drives 1 --slots 2 --cartridges 1 --capacity 1MiB --never-loaded", folder);
    await run("strongroom simulator insert /srv/vtl SR0002LZ --capacity 1MiB --never-loaded", folder);
    await run("strongroom simulator insert /srv/vtl SR0003L9 --capacity 1MiB", folder);
    expect((await show(folder)).states).toEqual([{ thing: "SR0001L9", state: "never loaded" }, { thing: "SR0002LZ", state: "never loaded" }]);
    const library = await openLibrary(folder, systemRandom);
    const changer = await library.transport(0);
    await send(changer, [0, 0, 0, 0, 0, 0]);
    expect(await move(changer, slot(0), drive(0))).toBe("good");
    const first = tape(await library.transport(1));
    expect([await first.ready(), await first.ready()]).toEqual(["6/29/00", "good"]);
    expect(await first.unload()).toBe("good");
    await library.close();
    expect((await show(folder)).states).toEqual([{ thing: "SR0002LZ", state: "never loaded" }]);
  });

  it("move cartridges behind the library's back: through the door, in a magazine, to the shelf and into a gripper", async () => {
    const folder = await folderWithLibrary();
    const places = async (): Promise<readonly string[]> => (await show(folder)).cartridges.map(({ place }) => place);
    await run("strongroom simulator door /srv/vtl open", folder);
    await run("strongroom simulator move /srv/vtl SR0001L8 slot:6", folder);
    await run("strongroom simulator door /srv/vtl close", folder);
    expect(await places()).toEqual(["slot:6", "slot:2"]);
    await run("strongroom simulator magazine /srv/vtl out 1", folder);
    await run("strongroom simulator move /srv/vtl SR0002L8 shelf", folder);
    await run("strongroom simulator magazine /srv/vtl in 1", folder);
    expect(await places()).toEqual(["slot:6", "shelf"]);
    await run("strongroom simulator move /srv/vtl SR0001L8 transport:0", folder);
    expect(await places()).toEqual(["transport:0", "shelf"]);
  });

  it("insert what a label says: a cleaning cartridge and a WORM one, without being told", async () => {
    const folder = await folderWithLibrary();
    for (const words of ["CLN001L8", "SR0003LY --capacity 1MiB"]) await run(`strongroom simulator insert /srv/vtl ${words}`, folder);
    const library = await openLibrary(folder, systemRandom);
    const kinds = (await library.hands.list()).map(({ barcode, kind, generation }) => [barcode, kind, generation]);
    await library.close();
    expect(kinds).toContainEqual(["CLN001L8", "cleaning", "LTO-8"]);
    expect(kinds).toContainEqual(["SR0003LY", "worm", "LTO-8"]);
  });
});
