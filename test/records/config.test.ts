import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConfigStore, lockFile, openConfig } from "../../src/records/index.ts";
import { codeOf, temporaryFolder } from "./temporary.ts";

const appliance = { uuid: "4d3c0b5e-0000-4000-8000-000000000001", name: "vault", contacts: ["The archive, room 4"] };

let folder: ReturnType<typeof temporaryFolder>;
let config: ConfigStore;
beforeEach(() => {
  folder = temporaryFolder();
  const lockPath = join(folder.path, "config.lock");
  config = openConfig(join(folder.path, "config.json"), () => lockFile(lockPath, { processId: process.pid, purpose: "an edit" }));
});
afterEach(() => {
  folder.remove();
});

const source = { name: "home", path: "/home" };

function filled(): void {
  config.create(appliance);
  config.addLibrary({ name: "vtl", kind: "simulator", folder: "/srv/vtl" });
  config.addPool({ name: "main", kind: "tape", library: "vtl" });
  config.addPool({ name: "usb", kind: "folder", folders: ["/media/usb"], blockSizeBytes: 65_536 });
  config.addArchive({ name: "photos", sources: [source], pools: ["main", "usb"] });
}

function text(): string {
  return readFileSync(config.path, "utf8");
}

/** What loading the present file complains about. */
function complaint(): string {
  try {
    config.load();
    return "";
  } catch (thrown) {
    expect((thrown as { code?: unknown }).code).toBe("CONFIG_INVALID");
    return (thrown as Error).message;
  }
}

describe("the configuration", () => {
  it("fills in what the file leaves out, and does not write it down", () => {
    filled();
    const loaded = config.load();
    expect(loaded.appliance).toEqual(appliance);
    expect(loaded.pools).toEqual([
      { name: "main", kind: "tape", library: "vtl", blockSizeBytes: 524_288 },
      { name: "usb", kind: "folder", folders: ["/media/usb"], blockSizeBytes: 65_536 },
    ]);
    expect(loaded.archives).toEqual([
      {
        name: "photos",
        sources: [{ ...source, exclude: [], oneFileSystem: true }],
        pools: ["main", "usb"],
        cipher: "mdc",
        compression: "auto",
        segmentSizeBytes: 4 * 1024 ** 3,
        verify: true,
      },
    ]);
    expect(loaded.spool).toEqual({ maxBytes: 64 * 1024 ** 3 });
    expect(text()).not.toMatch(/cipher|verify|maxBytes|oneFileSystem/);
    const changed = config.setDefaults({ cipher: "ocb", segmentSizeBytes: 65_536 });
    expect(changed.archives[0]).toMatchObject({ cipher: "ocb", segmentSizeBytes: 65_536 });
    expect(config.setSpool({ path: "/fast", maxBytes: 2 ** 30 }).spool).toEqual({ path: "/fast", maxBytes: 2 ** 30 });
    expect(config.setAppliance({ organisation: "The House" }).appliance).toEqual({ ...appliance, organisation: "The House" });
    expect(config.load()).toEqual(config.load());
  });

  it("knows libraries at this machine by devices that last", () => {
    filled();
    config.addLibrary({ name: "loader", kind: "sg", changer: "serial:00L4U78W6497_LL0" });
    config.addLibrary({ name: "old", kind: "sg", changer: "/dev/tape/by-id/scsi-3500-changer", drives: ["serial:10WT000001", "/dev/sg5"] });
    expect(config.load().libraries.slice(1)).toEqual([
      { name: "loader", kind: "sg", changer: "serial:00L4U78W6497_LL0" },
      { name: "old", kind: "sg", changer: "/dev/tape/by-id/scsi-3500-changer", drives: ["serial:10WT000001", "/dev/sg5"] },
    ]);
    const before = text();
    for (const changer of ["sg3", "serial:", "serial: x", "/dev/sg\n3", ""]) {
      expect(codeOf(() => config.addLibrary({ name: "bad", kind: "sg", changer })), changer).toBe("CONFIG_INVALID");
    }
    expect(text()).toBe(before);
  });

  it("knows how the drives of a library are cleaned, where somebody said so", () => {
    filled();
    expect(config.load().libraries[0]).not.toHaveProperty("cleaning");
    config.addLibrary({ name: "two", kind: "simulator", folder: "/srv/two", cleaning: { automatic: false, cartridges: ["WASH01"] } });
    expect(config.load().libraries[1]?.cleaning).toEqual({ automatic: false, cartridges: ["WASH01"] });
    writeFileSync(config.path, text().replace('"automatic": false,', "").replace('"WASH01"', ""));
    expect(config.load().libraries[1]?.cleaning).toEqual({ automatic: true, cartridges: [] });
    expect(codeOf(() => { config.addLibrary({ name: "three", kind: "simulator", folder: "/x", cleaning: { automatic: true, cartridges: ["A B"] } }); })).toBe("CONFIG_INVALID");
  });

  it("knows libraries on the network, one unit for each part", () => {
    filled();
    const library = {
      name: "net", kind: "iscsi", portal: "[fe80::1]:3260", target: "iqn.2004-10.com.example:library", changerLun: 0, driveLuns: [1, 2], digests: "preferred",
      initiator: "iqn.2026-11.com.example:appliance",
      chap: { user: "strongroom", secretFile: "/etc/strongroom/chap", target: { user: "library", secretFile: "/etc/strongroom/chap-library" } },
    } as const;
    expect(config.addLibrary(library).libraries.at(-1)).toEqual(library);
    const before = text();
    const wrong = [
      { driveLuns: [1, 1] }, { driveLuns: [0] }, { driveLuns: [] }, { changerLun: -1 }, { portal: "a b" }, { portal: "::1" }, { target: "library" },
      { initiator: "iqn.x" }, { chap: { user: "a", secretFile: "relative" } },
    ];
    for (const change of wrong) {
      expect(codeOf(() => config.addLibrary({ ...library, name: "bad", ...change })), JSON.stringify(change)).toBe("CONFIG_INVALID");
    }
    expect(text()).toBe(before);
  });

  it("is private, replaced at once, and for people to read", () => {
    filled();
    expect(statSync(config.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).sort()).toEqual(["config.json", "config.lock"]);
    expect(text().split("\n").length).toBeGreaterThan(20);
  });

  it("is made once and must be there", () => {
    expect(codeOf(() => config.load())).toBe("CONFIG_MISSING");
    expect(codeOf(() => config.addPool({ name: "main", kind: "folder" }))).toBe("CONFIG_MISSING");
    config.create(appliance);
    expect(codeOf(() => config.create(appliance))).toBe("CONFIG_EXISTS");
  });

  it("refuses edits that would break it, leaving the file as it was", () => {
    filled();
    const before = text();
    const wrong: readonly (() => unknown)[] = [
      () => config.addPool({ name: "main", kind: "folder" }),
      () => config.addPool({ name: "Main!", kind: "folder" }),
      () => config.addPool({ name: "other", kind: "tape" }),
      () => config.addPool({ name: "other", kind: "tape", library: "nothing" }),
      () => config.addPool({ name: "other", kind: "folder", library: "vtl" }),
      () => config.addPool({ name: "other", kind: "tape", library: "vtl", blockSizeBytes: 1000 }),
      () => config.addArchive({ name: "letters", sources: [source], pools: ["offsite"] }),
      () => config.addArchive({ name: "letters", sources: [source], pools: ["main", "main"] }),
      () => config.addArchive({ name: "letters", sources: [source, source], pools: ["main"] }),
      () => config.addArchive({ name: "letters", sources: [], pools: ["main"] }),
      () => config.addArchive({ name: "letters", sources: [{ name: "x", path: "relative" }], pools: ["main"] }),
      () => config.removePool("main"),
      () => config.removeLibrary("vtl"),
      () => config.setSpool({ maxBytes: 2 ** 20 }),
      () => config.setAppliance({ contacts: ["two\nlines"] }),
      () => config.setAppliance({ organisation: "\u202egnihton" }),
    ];
    for (const edit of wrong) expect([String(edit), codeOf(edit)]).toEqual([String(edit), "CONFIG_INVALID"]);
    expect(codeOf(() => config.removePool("nothing"))).toBe("CONFIG_UNKNOWN_NAME");
    expect(text()).toBe(before);
    config.removeArchive("photos");
    config.removePool("main");
    expect(config.removeLibrary("vtl").libraries).toEqual([]);
  });

  it("is not edited by two at once", () => {
    filled();
    const held = lockFile(join(folder.path, "config.lock"), { processId: 1, purpose: "another edit" });
    expect(codeOf(() => config.removeArchive("photos"))).toBe("LOCK_HELD");
    expect(config.load().archives).toHaveLength(1);
    held.release();
    expect(config.removeArchive("photos").archives).toEqual([]);
  });
});

describe("a mistake in config.json", () => {
  const lines = (change: (lines: string[]) => void): void => {
    filled();
    const all = text().split("\n");
    change(all);
    writeFileSync(config.path, all.join("\n"));
  };
  const lineWith = (all: readonly string[], part: string): number => all.findIndex((line) => line.includes(part));

  it("in a name that refers to nothing is told by line and key", () => {
    let line = 0;
    lines((all) => {
      line = all.findLastIndex((known) => known.includes('"usb"'));
      all[line] = all[line]!.replace("usb", "offsite");
    });
    expect(complaint()).toBe(`config.json line ${String(line + 1)}: archives[0].pools[1]: no pool is called "offsite"`);
  });

  it("in a key is told by its line", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"contacts"');
      all.splice(line, 0, '    "contakts": [],');
    });
    expect(complaint()).toBe(`config.json line ${String(line + 1)}: appliance.contakts: there is no such setting`);
  });

  it("in a value is told by its line, and several at once", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"name": "vtl"');
      all[line] = all[line]!.replace("vtl", "VTL");
      all[line + 2] = all[line + 2]!.replace("/srv", "srv");
    });
    const told = complaint();
    expect(told).toContain(`config.json line ${String(line + 1)}: libraries[0].name: `);
    expect(told).toContain(`config.json line ${String(line + 3)}: libraries[0].folder: a path begins with /`);
  });

  it("in the kind of a library is told by its line", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"simulator"');
      all[line] = all[line]!.replace("simulator", "robot");
    });
    expect(complaint()).toContain(`config.json line ${String(line + 1)}: libraries[0].kind: `);
  });

  it("that leaves something out is told by the line of what it belongs to", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"name": "vtl"');
      all.splice(line, 1);
    });
    expect(complaint()).toContain(`config.json line ${String(line)}: libraries[0].name: `);
  });

  it("that gives a key twice is told", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"contacts"');
      all.splice(line, 0, '    "name": "other",');
    });
    expect(complaint()).toBe(`config.json line ${String(line + 1)}: appliance.name: the key is there twice`);
  });

  it("of JSON itself is told by its line", () => {
    let line = 0;
    lines((all) => {
      line = lineWith(all, '"pools"');
      all[line] = `${all[line]!} // a comment`;
    });
    expect(complaint()).toBe(`config.json line ${String(line + 1)}: comments are not allowed`);
  });

  it.each([
    ["a line outside of /dev", { path: "/srv/scanner" }],
    ["a path with a control character", { path: "/dev/tty\u0007" }],
    ["a speed that lines do not have", { path: "/dev/ttyUSB0", baudRate: 9601 }],
    ["a suffix that nobody sends", { path: "/dev/ttyUSB0", suffix: "bell" }],
  ])("that names as a scanner %s is told", (_, wrong) => {
    filled();
    const before = JSON.parse(text()) as object;
    const written = (...scanners: readonly object[]): void => { writeFileSync(config.path, JSON.stringify({ ...before, console: { scanners } })); };
    const right = { path: "/dev/serial/by-id/usb-scanner" };
    written(right, { path: "/dev/ttyUSB0", baudRate: 115_200, suffix: "none" });
    expect(config.load().console.scanners).toEqual([
      { path: "/dev/serial/by-id/usb-scanner", baudRate: 9600, suffix: "any" },
      { path: "/dev/ttyUSB0", baudRate: 115_200, suffix: "none" },
    ]);
    written(right, wrong);
    expect(complaint()).toContain("console.scanners[1].");
    written(right, right);
    expect(complaint()).toContain("console.scanners[1].path: a second scanner has that path");
  });

  it.each([
    ["nothing", ""],
    ["no object", "[]"],
    ["null", "null"],
    ["a trailing comma", '{"appliance": {},}'],
    ["half a file", '{"appliance": {"name": "va'],
    ["a deep nest", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["a deep nest of objects", `${'{"a":'.repeat(100_000)}1`],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x41])],
    ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("{")])],
    ["a prototype", '{"__proto__": {"appliance": {}}, "constructor": 1}'],
    ["control characters in a key", '{"\\u001b[2J\\n": 1}'],
    ["a number beyond all", '{"spool": {"maxBytes": 1e400}}'],
    ["a fraction", '{"spool": {"maxBytes": 1048576.5}}'],
    ["many mistakes", JSON.stringify({ pools: Array.from({ length: 1000 }, () => ({ name: "X" })) })],
  ])("is refused whole and told on one line: %s", (_, content) => {
    writeFileSync(config.path, content);
    const told = complaint();
    expect(told).toMatch(/^config\.json /);
    // eslint-disable-next-line no-control-regex -- exactly what must not be there
    expect(told).not.toMatch(/[\u0000-\u001f]/);
    expect(told.length).toBeLessThan(4000);
  });

  it("is never a file beyond all measure", () => {
    writeFileSync(config.path, " ".repeat(17 * 1024 * 1024));
    expect(complaint()).toContain("it is not a configuration");
  });
});
