import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryPath, nearest, pathBytes, sources, wholeNumber } from "../../../src/cli/reading/index.ts";
import { modeText, pathDocument, table, exactUnits, entryColumns } from "../../../src/cli/views/index.ts";
import { nanosecondsDocument } from "../../../src/cli/views/document.ts";
import { printable } from "../../../src/words/index.ts";
import { entry } from "../sample-appliance.ts";

describe("names of any bytes", () => {
  const names = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => bytes.map((byte) => byte || 1));

  it("come back from what was printed, whatever they are", () => {
    fc.assert(fc.property(names, (name) => Buffer.compare(pathBytes(printable(name)), name) === 0));
    fc.assert(fc.property(fc.string({ unit: "binary", minLength: 1 }).filter((text) => !text.includes("\0")), (text) =>
      Buffer.compare(pathBytes(printable(text)), Buffer.from(text)) === 0));
  });

  it("come back exactly from a document", () => {
    fc.assert(fc.property(names, (name) => {
      const { path, path_b64: exact } = pathDocument(name);
      return Buffer.compare(exact === undefined ? Buffer.from(path) : Buffer.from(exact, "base64"), name) === 0;
    }));
  });

  it.each([["/srv/a", "srv/a"], ["./a/", "a"], [".//./a//", "a"], ["", "."], ["/", "."], [".", "."], [".hidden", ".hidden"], ["a/./b", "a/./b"]])(
    "%j as a path in a snapshot is %j",
    (typed, path) => { expect(Buffer.from(entryPath(typed)).toString()).toBe(path); },
  );
});

describe("what was probably meant", () => {
  it.each([["SR0001L9", "SR0001L8"], ["sr0001l8", "SR0001L8"], ["SR001L8", "SR0001L8"], ["USB010", "USB001"], ["onsiet", "onsite"], ["vault", undefined], ["", undefined]])(
    "%j: %j",
    (typed, meant) => { expect(nearest(typed, ["SR0001L8", "USB001", "onsite", "photos"])).toBe(meant); },
  );
});

describe("sources", () => {
  it("get a name from their path that may be a name", () => {
    expect(sources(["/", "/srv/Übung 7!", "/home/a_b", "x=/y=z"]).map(({ name }) => name)).toEqual(["root", "ubung-7", "a-b", "x"]);
  });

  it("keep everything behind the first equals sign, and are not split where the front is no name", () => {
    expect(sources(["x=/y=z", "/a=b"]).map(({ path }) => path)).toEqual(["/y=z", "/a=b"]);
  });
});

describe("numbers and times", () => {
  it.each(["", "-1", "1.5", "1e3", "0x10", " 1", "10000000000000000"])("%j is not a whole number", (typed) => {
    expect(() => wholeNumber(typed, "it", 0, 10)).toThrow("is not a whole number from 0 to 10");
  });

  it.each([
    [0n, "1970-01-01T00:00:00.000000000Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
    [1_700_000_000_000_000_001n, "2023-11-14T22:13:20.000000001Z"],
    [253_402_300_800_000_000_000n, "@253402300800.000000000"],
    [-62_167_219_200_000_000_001n, "@-62167219201.999999999"],
  ])("%d nanoseconds are %s", (timeNs, text) => { expect(nanosecondsDocument(timeNs)).toBe(text); });
});

describe("modes", () => {
  it.each([
    ["file", 0o644, "-rw-r--r--"], ["directory", 0o1777, "drwxrwxrwt"], ["file", 0o4755, "-rwsr-xr-x"], ["file", 0o2644, "-rw-r-Sr--"],
    ["symlink", 0o777, "lrwxrwxrwx"], ["fifo", 0, "p---------"],
  ] as const)("of a %s %o read %s", (type, mode, text) => { expect(modeText({ type, mode })).toBe(text); });

  it("stand in a table with exact bytes where they were asked for", () => {
    expect(table(entryColumns, [{ ...entry, linkTarget: Buffer.from("b\u001b") }], exactUnits)).toMatchObject({
      rows: [["-rw-r--r--", "1000:1000", "2048", "2026-01-02T03:04:05Z", "intact", "photos/a.jpg -> b\\x1b"]],
    });
  });
});
